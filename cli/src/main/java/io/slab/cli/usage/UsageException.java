package io.slab.cli.usage;

/**
 * The command line itself is wrong: an option, a value, a combination. Ends in {@link
 * ExitCode#USAGE}.
 */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String hint;

  public UsageException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  /** What to type instead, or null. */
  public String hint() {
    return hint;
  }
}
