package io.slab.error;

/** What the user handed in cannot be used: a vector, a record, a filter, an option value. */
public final class InvalidInputException extends SlabException {
  private static final long serialVersionUID = 1L;

  public InvalidInputException(String message) {
    super(message, null, null);
  }

  public InvalidInputException(String message, String hint) {
    super(message, hint, null);
  }

  public InvalidInputException(String message, String hint, Throwable cause) {
    super(message, hint, cause);
  }
}
