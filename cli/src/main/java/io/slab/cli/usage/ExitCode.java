package io.slab.cli.usage;

/**
 * Every exit status of the command line, in one place; help and {@code slab help exit-codes} print
 * this table.
 */
public enum ExitCode {
  OK(0, "success (also when the reader of a pipe went away)"),
  FAILED(1, "failed and nothing below fits: input or output error, storage"),
  USAGE(2, "usage error: unknown option, a value, vector or filter that cannot be used"),
  NOT_FOUND(3, "not found: target, namespace, id (fetch: only with --require-all)"),
  PRECONDITION(4, "the state forbids it: exists already, protected, lost every retry"),
  TEMPORARY(5, "temporary trouble with the storage; trying again may help"),
  CORRUPT(6, "data corrupt or an object missing"),
  UNSUPPORTED(7, "the data needs a newer version of slab"),
  PARTIAL(8, "partial: some records were rejected, or left out as damaged"),
  OUTCOME_UNKNOWN(9, "it is not known whether the commit happened"),
  DENIED(10, "not authorised"),
  INTERRUPTED(130, "interrupted");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The process's exit status. */
  public int code() {
    return code;
  }

  /** One line for people. */
  public String meaning() {
    return meaning;
  }
}
