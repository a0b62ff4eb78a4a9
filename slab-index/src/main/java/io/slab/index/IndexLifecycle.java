package io.slab.index;

import io.slab.error.StoreException;
import io.slab.manifest.SettingsLog;
import io.slab.model.Environment;

/** The two steps of a drop, each with an error that says how far it came. */
final class IndexDrop {
  private final SettingsLog settings;
  private final Environment environment;

  IndexDrop(SettingsLog settings, Environment environment) {
    this.settings = settings;
    this.environment = environment;
  }

  /**
   * Drops.
   *
   * @param seal closes the logs to writers that are still open
   */
  void run(Runnable seal) {
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
      seal.run();
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
}
