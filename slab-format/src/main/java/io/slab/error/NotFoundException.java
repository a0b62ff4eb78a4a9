package io.slab.error;

/** Something the user named does not exist: a target, a namespace, an id. */
public final class NotFoundException extends SlabException {
  private static final long serialVersionUID = 1L;

  public NotFoundException(String message) {
    super(message, null, null);
  }

  public NotFoundException(String message, String hint) {
    super(message, hint, null);
  }

  public NotFoundException(String message, String hint, Throwable cause) {
    super(message, hint, cause);
  }
}
