package io.slab.error;

/**
 * The state forbids the request: exists already, dimension or metric differs, protected, lost every
 * retry.
 */
public final class ConflictException extends SlabException {
  private static final long serialVersionUID = 1L;

  public ConflictException(String message) {
    super(message, null, null);
  }

  public ConflictException(String message, String hint) {
    super(message, hint, null);
  }

  public ConflictException(String message, String hint, Throwable cause) {
    super(message, hint, cause);
  }
}
