package io.slab.error;

/**
 * The root of every failure the library reports. Each subclass is one kind of trouble and the
 * command line maps each to one exit code; a bad call (a programming error) is an {@link
 * IllegalArgumentException} instead.
 */
public abstract sealed class SlabException extends RuntimeException
    permits DataException,
        InvalidInputException,
        NotFoundException,
        ConflictException,
        OutcomeUnknownException,
        StoreException {
  private static final long serialVersionUID = 1L;

  private final String hint;

  SlabException(String message, String hint, Throwable cause) {
    super(message, cause);
    this.hint = hint;
  }

  /** What the user can do next, or null when there is nothing useful to say. */
  public String hint() {
    return hint;
  }

  /** With the hint, so that it is in logs and stack traces of programs that embed the library. */
  @Override
  public final String toString() {
    return hint == null ? super.toString() : super.toString() + " (" + hint + ")";
  }
}
