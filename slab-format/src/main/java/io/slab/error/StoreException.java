package io.slab.error;

/** The storage failed: input or output error, no space, no permission, no answer in time. */
public final class StoreException extends SlabException {
  private static final long serialVersionUID = 1L;

  /** Why, as far as it decides what the user can do. */
  public enum Kind {
    /** Nothing more specific is known. */
    FAILED,
    /** Trying again later may help. */
    TEMPORARY,
    /** Credentials or permissions are missing. */
    DENIED
  }

  private final Kind kind;

  public StoreException(Kind kind, String message, String hint, Throwable cause) {
    super(message, hint, cause);
    this.kind = kind;
  }

  /** Why the storage failed. */
  public Kind kind() {
    return kind;
  }
}
