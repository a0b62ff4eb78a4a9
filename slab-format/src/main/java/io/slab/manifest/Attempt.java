package io.slab.manifest;

import io.slab.error.OutcomeUnknownException;
import io.slab.error.StoreException;
import io.slab.store.Retry;

/**
 * One create of one name with one content, repeated until the store says how it ended or gives up.
 */
public final class Attempt {
  private static final String HINT =
      "read the data back before you write it again: it may be there, and may still appear";

  private final boolean created;
  private final StoreException failure;

  private Attempt(boolean created, StoreException failure) {
    this.created = created;
    this.failure = failure;
  }

  /**
   * Creates object {@code number}; a failure is repeated with the same bytes, which cannot do harm.
   */
  public static Attempt create(ObjectSequence sequence, long number, byte[] content, Retry retry) {
    try {
      return new Attempt(retry.run(() -> sequence.create(number, content)), null);
    } catch (StoreException e) {
      return new Attempt(false, e);
    }
  }

  /** True when the last answer was "created"; false for "exists" and for no answer. */
  public boolean created() {
    return created;
  }

  /** True when the store never answered, so that the name may hold our object, or may one day. */
  public boolean unanswered() {
    return failure != null;
  }

  /**
   * The error to report when nothing of ours is there after an unanswered create: the store's own
   * failure where that is final, else that nobody can know.
   */
  public RuntimeException nothingThere(ObjectSequence sequence, long number) {
    return sequence.store().createsMayLandLate() ? unknown(sequence, number, failure) : failure;
  }

  /** Nobody can tell what became of the object. */
  public static OutcomeUnknownException unknown(
      ObjectSequence sequence, long number, StoreException cause) {
    return new OutcomeUnknownException(
        "cannot tell whether " + sequence.name(number) + " was committed", HINT, cause);
  }
}
