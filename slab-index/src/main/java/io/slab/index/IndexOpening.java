package io.slab.index;

import io.slab.error.DataException;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.manifest.IndexJson;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import java.util.function.Function;

/**
 * Opens an index, dropped or not, by reading its {@code index.json}.
 *
 * @param opened makes the index of what was read, or throws a {@link DataException}
 */
record IndexOpening(ObjectStore store, Retry retry, Function<byte[], SlabIndex> opened) {
  /**
   * Reads and opens.
   *
   * @throws NotFoundException when there is none
   */
  SlabIndex run() {
    byte[] content;
    try {
      content = read();
    } catch (MissingException e) {
      throw new NotFoundException(
          "there is no index at " + store.describe(), "create one there first", e);
    }
    try {
      return opened.apply(content);
    } catch (DataException e) {
      if (!store.isRemote()) {
        throw e;
      }
      // Read again, once, what was damaged on its way.
      return opened.apply(read());
    }
  }

  private byte[] read() {
    return retry.run(() -> store.read(IndexJson.NAME, IndexJson.MAX_BYTES));
  }
}
