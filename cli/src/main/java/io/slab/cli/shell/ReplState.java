package io.slab.cli.shell;

import io.slab.cli.output.JsonText;
import io.slab.cli.usage.Nearest;
import io.slab.cli.usage.UsageException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What the dot commands of the interactive shell set, and what earlier commands left. */
final class ReplState {
  /** Most ids that {@code .last} and {@code $last} remember. */
  private static final int LAST = 1000;

  String target;
  String namespace;
  String mode;
  boolean timer;
  boolean profile;
  boolean echo;
  boolean bail;

  /** Whether results that are longer than the screen go through the user's pager. */
  boolean pager = true;

  /** The terminal as it is now; null where there is none. */
  Supplier<ReplScreen> screen;

  /** Where results go instead of stdout, or null. */
  OutputStream output;

  String outputName;

  /** True when {@link #output} is for the next command alone. */
  boolean once;

  /** Exit code of the newest command. */
  int code;

  final Map<String, String> variables = new TreeMap<>();
  final List<String> last = new ArrayList<>();

  /** Remembers the id of a row that was printed. */
  void saw(Object id) {
    if (id instanceof String text && last.size() < LAST) {
      last.add(text);
    }
  }

  /** The environment of a command: what was set here stands in for options not given. */
  Map<String, String> environment(Map<String, String> outer) {
    Map<String, String> env = new HashMap<>(outer);
    put(env, "SLAB_TARGET", target);
    put(env, "SLAB_NAMESPACE", namespace);
    put(env, "SLAB_OUTPUT", mode);
    // The launcher looked once, and windows change.
    int width = screen == null ? 0 : screen.get().width();
    put(env, "SLAB_COLUMNS", width > 0 ? Integer.toString(width) : null);
    if (output != null) {
      env.put("SLAB_TTY", env.getOrDefault("SLAB_TTY", "").replace("1", ""));
      env.remove("SLAB_FORCE_TTY");
    }
    return env;
  }

  private static void put(Map<String, String> env, String name, String value) {
    if (value != null) {
      env.put(name, value);
    }
  }

  /** Words with variables replaced by their values. */
  List<String> expand(List<ReplLine.Word> words) {
    List<String> out = new ArrayList<>();
    for (ReplLine.Word word : words) {
      out.add(word.plain() ? expand(word.text()) : word.text());
    }
    return out;
  }

  /** {@code $name} as a whole word, or after the equals sign of an option. */
  private String expand(String word) {
    int equals = word.startsWith("--") ? word.indexOf("=$") : -1;
    int dollar = word.startsWith("$") ? 0 : equals < 0 ? -1 : equals + 1;
    if (dollar < 0 || dollar + 1 == word.length()) {
      return word;
    }
    return word.substring(0, dollar) + value(word.substring(dollar + 1));
  }

  private String value(String name) {
    if (name.equals("last")) {
      return JsonText.of(last);
    }
    String value = variables.get(name);
    if (value == null) {
      List<String> known = new ArrayList<>(variables.keySet());
      known.add("last");
      String nearest = Nearest.of(name, known);
      throw new UsageException(
          "there is no variable $" + name,
          nearest == null
              ? "set it: .set " + name + " = [0.1, 0.2]"
              : "did you mean $" + nearest + "?");
    }
    return value;
  }
}
