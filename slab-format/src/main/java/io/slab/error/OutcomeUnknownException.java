package io.slab.error;

/**
 * A commit may or may not have happened and its history no longer reaches back far enough to tell.
 */
public final class OutcomeUnknownException extends SlabException {
  private static final long serialVersionUID = 1L;

  public OutcomeUnknownException(String message) {
    super(message, null, null);
  }

  public OutcomeUnknownException(String message, String hint) {
    super(message, hint, null);
  }

  public OutcomeUnknownException(String message, String hint, Throwable cause) {
    super(message, hint, cause);
  }
}
