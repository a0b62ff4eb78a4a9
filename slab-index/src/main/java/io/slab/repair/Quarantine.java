package io.slab.repair;

import io.slab.error.DataException;
import io.slab.manifest.NamespaceNames;
import io.slab.store.ByteSource;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import java.util.ArrayList;
import java.util.List;

/** Keeps damaged objects under other names, which no reader looks at. One thread only. */
final class Quarantine {
  private static final long STEP = 1 << 20;

  private final ObjectStore store;
  private final NamespaceNames names;
  private final List<String> kept = new ArrayList<>();

  Quarantine(ObjectStore store, NamespaceNames names) {
    this.store = store;
    this.names = names;
  }

  /**
   * Copies an object, damaged as it is.
   *
   * @return false when not all of it can be read, or the name is taken by another one's copy; then
   *     there is no copy
   */
  boolean keep(String name) {
    String copy = names.quarantined(name);
    try (ByteSource source = store.openUnmapped(name, -1)) {
      if (isThere(copy)) {
        return isSame(source, copy);
      }
      try (ObjectUpload upload = store.upload(copy)) {
        for (long at = 0; at < source.length(); at += STEP) {
          upload.write(source.read(at, Math.min(STEP, source.length() - at)));
        }
        upload.commit();
      }
      kept.add(copy);
      return true;
    } catch (DataException e) {
      return false;
    }
  }

  private boolean isSame(ByteSource source, String copy) {
    try (ByteSource kept = store.openUnmapped(copy, -1)) {
      boolean same = kept.length() == source.length();
      for (long at = 0; same && at < source.length(); at += STEP) {
        long length = Math.min(STEP, source.length() - at);
        same = source.read(at, length).mismatch(kept.read(at, length)) < 0;
      }
      return same;
    }
  }

  private boolean isThere(String copy) {
    return store.list(names.quarantineFolder(), null).stream()
        .anyMatch(object -> object.name().equals(copy));
  }

  /** Moves a slab away that no manifest names any more and none will; it stays if it must. */
  void move(String name) {
    if (keep(name)) {
      store.delete(name);
    }
  }

  List<String> kept() {
    return kept;
  }
}
