package io.slab.index;

import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.lsm.IndexPresence;
import io.slab.manifest.IndexJson;
import io.slab.manifest.IndexListing;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import java.util.Arrays;

/**
 * The very index that was opened, known by the bytes of its {@code index.json}, which hold an id.
 * Whatever is read or written afterwards is asked for here, since the folder may have been renamed
 * or unmounted, or the index dropped and another one made at the same place. Thread-safe.
 */
final class OpenedIndex implements IndexPresence {
  private final ObjectStore store;
  private final Retry retry;
  private final byte[] content;

  OpenedIndex(ObjectStore store, Retry retry, byte[] content) {
    this.store = store;
    this.retry = retry;
    this.content = content;
  }

  @Override
  public void require() {
    // A second look tells what was damaged on its way from another index.
    if (isThere() || isThere()) {
      return;
    }
    IndexJson.decode(IndexJson.NAME, read());
    throw new NotFoundException(
        "the index at " + store.describe() + " was dropped, another one is there now",
        "nothing was read or written; open the new one if it is meant (in the shell: .refresh)");
  }

  private boolean isThere() {
    return Arrays.equals(read(), content);
  }

  private byte[] read() {
    try {
      return retry.run(() -> store.read(IndexJson.NAME, IndexJson.MAX_BYTES));
    } catch (MissingException e) {
      throw new NotFoundException(
          "there is no index at " + store.describe() + " any more: it was dropped or moved away",
          "nothing was read or written",
          e);
    }
  }

  @Override
  public void requireListed() {
    require();
    IndexListing.require(store, retry);
  }
}
