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
  private final boolean refused;

  public StoreException(Kind kind, String message, String hint, Throwable cause) {
    this(kind, message, hint, cause, false);
  }

  private StoreException(Kind kind, String message, String hint, Throwable cause, boolean refused) {
    super(message, hint, cause);
    this.kind = kind;
    this.refused = refused;
  }

  /** A failure of which it is certain that the request had no effect and never will have. */
  public static StoreException refused(Kind kind, String message, String hint, Throwable cause) {
    return new StoreException(kind, message, hint, cause, true);
  }

  /** Why the storage failed. */
  public Kind kind() {
    return kind;
  }

  /**
   * True when the request certainly had no effect and never will have: the store said no, or was
   * never reached.
   */
  public boolean refused() {
    return refused;
  }
}
