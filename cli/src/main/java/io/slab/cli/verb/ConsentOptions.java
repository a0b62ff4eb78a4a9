package io.slab.cli.verb;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the verbs that change something. */
public final class ConsentOptions {
  @Mixin DryRunOption preview = new DryRunOption();

  @Option(
      names = {"-y", "--yes", "--skip-confirmation"},
      description = "do not ask (where a whole index or namespace would go: --confirm)")
  boolean yes;

  @Option(names = "--no-input", description = "never ask: fail and name the option to pass")
  boolean noInput;

  public boolean dryRun() {
    return preview.given();
  }
}
