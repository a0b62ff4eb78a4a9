package io.slab.cli.verb;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values for options that were not given, from {@code SLAB_<OPTION>}; only for options that suit
 * every command.
 */
public final class EnvironmentDefaults implements IDefaultValueProvider {
  static final Set<String> NAMES =
      Set.of("output", "color", "progress", "width", "namespace", "threads", "batch-size");

  private final Map<String, String> env;

  public EnvironmentDefaults(Map<String, String> env) {
    this.env = env;
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? option(option.longestName().substring(2))
        : positional(argument.paramLabel());
  }

  /** The value of an option by its longest name without dashes, or null. */
  String option(String name) {
    return NAMES.contains(name)
        ? env.get("SLAB_" + name.toUpperCase(Locale.ROOT).replace('-', '_'))
        : null;
  }

  /** The value of a positional parameter by its label, or null. */
  String positional(String label) {
    return label.equals("TARGET") ? env.get("SLAB_TARGET") : null;
  }
}
