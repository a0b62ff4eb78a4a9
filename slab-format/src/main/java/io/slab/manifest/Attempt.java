package io.slab.manifest;

import io.slab.error.OutcomeUnknownException;
import io.slab.error.SlabException;
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

  /** One request after another; remembers whether any of them may have had an effect. */
  private static final class Requests {
    private final ObjectSequence sequence;
    private final long number;
    private final byte[] content;
    private boolean allRefused = true;

    Requests(ObjectSequence sequence, long number, byte[] content) {
      this.sequence = sequence;
      this.number = number;
      this.content = content;
    }

    boolean next() {
      try {
        return sequence.create(number, content);
      } catch (StoreException e) {
        allRefused &= e.refused();
        throw e;
      }
    }
  }

  /**
   * Creates object {@code number}; a failure is repeated with the same bytes, which cannot do harm.
   *
   * @throws StoreException when it is certain that no request had an effect
   */
  public static Attempt create(ObjectSequence sequence, long number, byte[] content, Retry retry) {
    Requests requests = new Requests(sequence, number, content);
    try {
      return new Attempt(retry.run(requests::next), null);
    } catch (StoreException e) {
      if (requests.allRefused) {
        throw e;
      }
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
      ObjectSequence sequence, long number, SlabException cause) {
    String why = cause == null ? "" : ": " + cause.getMessage();
    return new OutcomeUnknownException(
        "cannot tell whether " + sequence.name(number) + " was committed" + why, HINT, cause);
  }
}
