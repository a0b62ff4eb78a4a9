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
    DENIED,
    /** There is no room left. */
    FULL
  }

  /** What a request that failed may have done, from the least to the most. */
  public enum Effect {
    /** Nothing, now or later: it was never sent, or failed before its last step. */
    NONE,
    /**
     * The store answered with an error. The request is over, so looking tells what it did. The
     * error is no proof by itself, for a gateway may answer so after the work was done.
     */
    ANSWERED,
    /** It may have done its work, or may do it yet. */
    OPEN
  }

  private final Kind kind;
  private final Effect effect;

  /** A failure of which nothing is known. */
  public StoreException(Kind kind, String message, String hint, Throwable cause) {
    this(kind, Effect.OPEN, message, hint, cause);
  }

  public StoreException(Kind kind, Effect effect, String message, String hint, Throwable cause) {
    super(message, hint, cause);
    this.kind = kind;
    this.effect = effect;
  }

  /** A failure of which it is certain that the request had no effect and never will have. */
  public static StoreException refused(Kind kind, String message, String hint, Throwable cause) {
    return new StoreException(kind, Effect.NONE, message, hint, cause);
  }

  /** Why the storage failed. */
  public Kind kind() {
    return kind;
  }

  /** True when there is no room left. */
  public boolean outOfSpace() {
    return kind == Kind.FULL;
  }

  /** What the request may have done all the same. */
  public Effect effect() {
    return effect;
  }

  /** True when the request certainly had no effect and never will have. */
  public boolean refused() {
    return effect == Effect.NONE;
  }
}
