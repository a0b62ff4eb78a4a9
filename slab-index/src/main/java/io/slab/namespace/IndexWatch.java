package io.slab.namespace;

import io.slab.error.DataException;
import io.slab.error.OnFailure;
import io.slab.store.ObjectStore;
import io.slab.store.Together;
import io.slab.store.Traffic;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Makes sure of each reading of a namespace that the index around it is the one that was opened, at
 * the price of one small read: afterwards, so that what was read is its; beside it where each
 * request costs a round. Thread-safe.
 */
final class IndexWatch {
  /** What was asked for so long ago is asked for again. */
  private static final long ANNOUNCED_NANOS = 2_000_000_000L;

  private final ObjectStore store;
  private final IndexPresence index;

  /** When the index was asked for together with what the next reading lists; 0: it was not. */
  private final AtomicLong announced = new AtomicLong();

  IndexWatch(ObjectStore store, IndexPresence index) {
    this.store = store;
    this.index = index;
  }

  /** Says that the index was read a moment ago, while the folders of the namespace were listed. */
  void announced() {
    announced.set(System.nanoTime());
  }

  /** Throws when the index is gone, or another one is there. */
  void require() {
    index.require();
  }

  /** Throws unless a listing shows the index: before one that shows nothing is believed. */
  void requireListed() {
    index.requireListed();
  }

  <T> T read(Supplier<T> look) {
    return read(look, read -> {});
  }

  /**
   * Reads.
   *
   * @param undo told what was read when it does not count
   * @throws io.slab.error.NotFoundException when the index is gone, or another one is there
   */
  <T> T read(Supplier<T> look, Consumer<T> undo) {
    long at = announced.getAndSet(0);
    boolean known = at != 0 && System.nanoTime() - at < ANNOUNCED_NANOS;
    FutureTask<Long> beside =
        store.isRemote() && !known ? Together.start(index::requireToRead) : null;
    T read;
    try {
      read = look.get();
    } catch (DataException e) {
      // What cannot be read may be what is left of an index that is gone, and that says more.
      require();
      throw e;
    }
    return OnFailure.undo(
        () -> undo.accept(read),
        () -> {
          if (beside != null) {
            Traffic.meet(Together.await(beside));
          } else if (!known) {
            index.requireToRead();
          }
          return read;
        });
  }
}
