package io.slab.index;

import io.slab.error.ConflictException;
import io.slab.error.StoreException;
import io.slab.manifest.IndexListing;
import io.slab.manifest.Settings.State;
import io.slab.manifest.SettingsLog;
import io.slab.model.Environment;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import java.util.function.Consumer;

/**
 * The end of an index, which comes in two steps: a drop, which can be undone, and the removal of
 * what belongs to a dropped one. Each fails with an error that says how far it came. Thread-safe.
 */
public final class IndexLifecycle {
  private final ObjectStore store;
  private final Retry retry;
  private final Environment environment;
  private final SettingsLog settings;
  private final OpenedIndex opened;
  private final Handles handles;

  IndexLifecycle(
      ObjectStore store,
      Retry retry,
      Environment environment,
      SettingsLog settings,
      OpenedIndex opened,
      Handles handles) {
    this.store = store;
    this.retry = retry;
    this.environment = environment;
    this.settings = settings;
    this.opened = opened;
    this.handles = handles;
  }

  /** Whether the index is there, dropped, or being removed; asks the store. */
  public State state() {
    return settings.newest().state();
  }

  /** Milliseconds since the settings last changed, a drop included, by the store's own clock. */
  public long settingsAgeMillis() {
    return store.now() - settings.newest().modifiedMillis();
  }

  /** How many namespaces have objects, also in an index that was dropped. */
  public int namespaceFolders() {
    return IndexListing.namespaces(store, retry).size();
  }

  /**
   * Drops the whole index: no process reads or writes it any more, and a writer that is still open
   * stops. Nothing is deleted, so that {@link #undoDrop} brings all of it back, until {@link
   * #remove}. Called again, it finishes what an interrupted call began.
   *
   * @throws ConflictException when it is protected
   * @throws StoreException when the store failed; until that is recorded nothing is changed
   */
  public void drop() {
    try {
      settings.drop(environment);
    } catch (StoreException e) {
      throw new StoreException(
          e.kind(),
          e.effect(),
          "the drop could not be recorded, and nothing is changed: " + e.getMessage(),
          e.outOfSpace() ? "make some room, or delete the index at once with --now" : e.hint(),
          e);
    }
    try {
      finishDrop();
    } catch (StoreException e) {
      throw new StoreException(
          e.kind(),
          e.effect(),
          "the index is dropped, but its logs could not be closed to writers that are still open: "
              + e.getMessage(),
          "run `slab drop` again"
              + (e.outOfSpace() ? " when there is room, or delete the index with --now" : "")
              + "; --undo brings it back",
          e);
    }
  }

  /**
   * Seals the logs of an index that is dropped, where an interrupted {@link #drop} did not come to
   * that.
   */
  public void finishDrop() {
    handles.close();
    removal().seal();
  }

  private Removal removal() {
    return new Removal(store, retry, environment, settings, opened::requireSame, handles::open);
  }

  /**
   * Undoes {@link #drop}.
   *
   * @throws ConflictException when the index is not dropped, or its files are being deleted already
   */
  public void undoDrop() {
    settings.undoDrop(environment);
  }

  /**
   * Deletes what belongs to a dropped index, {@code index.json} last, so that an interrupted call
   * can be repeated. Of each namespace two small objects stay, in which a writer that is still open
   * finds out, and the newest settings. Slabs go first where a disk is too full for these.
   *
   * @param deleted told of each object
   * @return false when the limit of the request came first: called again it goes on
   * @throws ConflictException when it is protected, or not dropped, or not long enough ago
   */
  public boolean remove(RemovalRequest request, Consumer<ObjectInfo> deleted) {
    handles.close();
    return removal().run(request, deleted);
  }
}
