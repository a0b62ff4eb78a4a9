package io.slab.cli.command;

import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import picocli.CommandLine.Option;

/** How many threads a verb may use. */
final class ThreadsOption {
  @Seldom
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads at work (default: one a core; export, copy, pull: 4)")
  Integer threads;

  /** The number that was given, or that of the cores. */
  int orCores() {
    return or(Runtime.getRuntime().availableProcessors());
  }

  /** The number that was given, or the verb's own; refuses one below 1. */
  int or(int otherwise) {
    if (threads != null && threads < 1) {
      throw new UsageException("--threads must be at least 1, not " + threads, null);
    }
    return threads == null ? otherwise : threads;
  }
}
