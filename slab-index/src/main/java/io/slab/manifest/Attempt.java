package io.slab.manifest;

import io.slab.error.NotFoundException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.error.StoreException.Effect;
import io.slab.manifest.CommitRules.CommitState;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import java.util.function.Supplier;

/**
 * One create of one name with one content, repeated until the store says how it ended or gives up.
 * An error that the store answered with proves nothing: what became of the object is looked up
 * before anything is said about it.
 */
public final class Attempt {
  private static final String HINT =
      "read the data back before you write it again: it may be there, and may still appear";

  private final ObjectStore store;
  private final String name;
  private final boolean created;
  private final SlabException failure;
  private final Effect effect;

  private Attempt(
      ObjectStore store, String name, boolean created, SlabException failure, Effect effect) {
    this.store = store;
    this.name = name;
    this.created = created;
    this.failure = failure;
    this.effect = effect;
  }

  /** One request after another; remembers the most that any of them may have done. */
  private static final class Requests {
    private final ObjectStore store;
    private final String name;
    private final byte[] content;
    private Effect most = Effect.NONE;

    Requests(ObjectStore store, String name, byte[] content) {
      this.store = store;
      this.name = name;
      this.content = content;
    }

    boolean next() {
      try {
        return store.create(name, content);
      } catch (StoreException e) {
        add(e.effect());
        throw e;
      } catch (NotFoundException e) {
        // No such bucket, says the answer to a write.
        add(Effect.ANSWERED);
        throw e;
      }
    }

    private void add(Effect effect) {
      most = most.compareTo(effect) >= 0 ? most : effect;
    }
  }

  /**
   * Creates an object; a failure is repeated with the same bytes, which cannot do harm.
   *
   * @throws StoreException when it is certain that no request had an effect
   */
  public static Attempt create(ObjectStore store, String name, byte[] content, Retry retry) {
    Requests requests = new Requests(store, name, content);
    try {
      return new Attempt(store, name, retry.run(requests::next), null, Effect.NONE);
    } catch (StoreException | NotFoundException e) {
      if (requests.most == Effect.NONE) {
        throw e;
      }
      return new Attempt(store, name, false, e, requests.most);
    }
  }

  /**
   * True when the last answer was "created"; false for "exists", for an error and for no answer.
   */
  public boolean created() {
    return created;
  }

  /** True when the last answer was "exists". */
  public boolean exists() {
    return !created && failure == null;
  }

  /**
   * What became of the object, by what is found now.
   *
   * @param lookUp {@link CommitState#LOOK} when nothing of ours is there
   * @return true when it is committed; false when it is proved that it is not and never will be
   * @throws OutcomeUnknownException when it cannot be looked up, or a look proves nothing
   * @throws SlabException the store's own failure when it is proved that nothing was written
   */
  boolean judge(Supplier<CommitState> lookUp) {
    CommitState state;
    try {
      state = lookUp.get();
    } catch (SlabException e) {
      // "Exists" too may be the echo of an earlier request of ours, and now it cannot be looked up.
      throw unknown(e);
    }
    return switch (state) {
      case COMMITTED -> true;
      case LOST -> false;
      case UNKNOWN -> throw unknown(failure);
      case LOOK -> throw nothingThere();
    };
  }

  /**
   * The error to report when nothing of ours is there: the store's own failure where the request
   * can have no effect any more, else that the outcome is not known.
   */
  public SlabException nothingThere() {
    boolean over = effect == Effect.ANSWERED || !store.createsMayLandLate();
    return failure != null && over ? failure : unknown(failure);
  }

  /** What became of the object is not known. */
  public OutcomeUnknownException unknown(SlabException cause) {
    String why = cause == null ? "" : ": " + cause.getMessage();
    return new OutcomeUnknownException(
        "cannot tell whether " + name + " was committed" + why, HINT, cause);
  }
}
