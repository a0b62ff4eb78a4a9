package io.slab.cli.verb;

import picocli.CommandLine.Option;

/** The wish to see what a verb would change. */
public final class DryRunOption {
  @Option(names = "--dry-run", description = "say what would happen and change nothing")
  boolean dryRun;

  public boolean given() {
    return dryRun;
  }
}
