package io.slab.cli.verb;

import io.slab.cli.usage.ExitCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;

/**
 * A verb: its options (fields, by annotation), its help, and what it does. One instance per run.
 */
public abstract class Verb {
  @Mixin OutputOptions common = new OutputOptions();

  /** Not a mixin: the dispatcher adds them where they have a meaning. */
  private final StorageOptions storage = new StorageOptions();

  private Path taken;

  /** True for a verb that writes to {@code --out} by itself. */
  public boolean ownsOut() {
    return false;
  }

  /** Lets a verb that {@link #ownsOut} have {@code --out}; its output goes to stdout then. */
  final void takeOut() {
    if (ownsOut()) {
      taken = common.out;
      common.out = null;
    }
  }

  /** What {@code --out} says, for a verb that {@link #ownsOut}; null when it says nothing. */
  protected final Path out() {
    return taken;
  }

  /** What {@code --output} or {@code --json} says; null when neither is given. */
  protected final String outputFormat() {
    return common.json ? "json" : common.output;
  }

  /** Has it print JSON, for a caller that is no command line. */
  public final void printJson() {
    common.json = true;
  }

  /** How storage is reached. */
  public final StorageOptions storage() {
    return storage;
  }

  /** One or two sentences that help shows under the first line. */
  public abstract String about();

  /** At least two command lines that work, without the leading {@code slab}. */
  public abstract List<String> examples();

  /** True for a verb that commits something: to an index, or a new one. */
  public boolean commits() {
    return false;
  }

  /** Exit codes beyond those of all verbs that read or commit as this one does. */
  protected List<ExitCode> moreExits() {
    return List.of();
  }

  /**
   * The exit codes that this verb can end with, in ascending order: what can happen to each reader
   * of an index, what a commit can end with besides, and its own.
   */
  public List<ExitCode> exits() {
    List<ExitCode> all = new ArrayList<>();
    for (ExitCode exit : ExitCode.values()) {
      boolean can =
          switch (exit) {
            case OK,
                FAILED,
                USAGE,
                NOT_FOUND,
                TEMPORARY,
                CORRUPT,
                UNSUPPORTED,
                DENIED,
                INTERRUPTED ->
                true;
            case PRECONDITION, OUTCOME_UNKNOWN -> commits();
            case PARTIAL -> false;
          };
      if (can || moreExits().contains(exit)) {
        all.add(exit);
      }
    }
    return all;
  }

  /** Does the work; any exception becomes an exit code by {@link Failure#of}. */
  public abstract ExitCode run(Session session) throws Exception;
}
