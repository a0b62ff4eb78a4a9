package io.slab.index;

import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.error.ShellWord;
import io.slab.manifest.IndexJson;
import io.slab.manifest.IndexListing;
import io.slab.manifest.Look;
import io.slab.manifest.Settings.State;
import io.slab.manifest.SettingsLog;
import io.slab.namespace.IndexPresence;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.store.Together;
import java.util.Arrays;
import java.util.List;

/**
 * The very index that was opened, known by the bytes of its {@code index.json}, which hold an id.
 * Every later reading and writing asks here, since the folder may have been renamed or unmounted,
 * or the index dropped and another one made at the same place. Thread-safe.
 */
final class OpenedIndex implements IndexPresence {
  private final ObjectStore store;
  private final Retry retry;
  private final byte[] content;
  private final SettingsLog settings;

  OpenedIndex(ObjectStore store, Retry retry, byte[] content, SettingsLog settings) {
    this.store = store;
    this.retry = retry;
    this.content = content;
    this.settings = settings;
  }

  @Override
  public void require() {
    require(Look.LIST);
  }

  @Override
  public void requireToRead() {
    require(Look.READ);
  }

  private void require(Look look) {
    if (store.isRemote()) {
      Together.run(List.of(this::requireSame, () -> requireLive(look)));
    } else {
      requireSame();
      requireLive(look);
    }
  }

  /** Throws when the settings say that the index was dropped. */
  void requireLive(Look look) {
    State state = settings.newest(look).state();
    if (state != State.LIVE) {
      throw new NotFoundException(
          "the index at " + store.describe() + " was dropped", goneHint(store, state));
    }
  }

  /** What can be done about an index that is not there any more. */
  static String goneHint(ObjectStore store, State state) {
    String target = ShellWord.of(store.describe());
    return state == State.DROPPED
        ? "`slab drop "
            + target
            + " --undo` brings it back until gc deletes it; `slab drop "
            + target
            + " --now` deletes it at once"
        : "its files are being deleted; `slab drop " + target + " --now` goes on with that";
  }

  /** Throws when {@code index.json} is gone, or another one's. */
  void requireSame() {
    if (isThere()) {
      return;
    }
    // A second look tells what was damaged on its way from another index.
    if (isThere()) {
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
