package io.slab.namespace;

import io.slab.error.MissingException;
import io.slab.manifest.Look;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Change;
import io.slab.snapshot.Snapshot;
import java.util.List;
import java.util.Set;

/**
 * Tells whether a snapshot still shows what is in its namespace, by listings, or by the proof that
 * earlier ones still hold: nothing of the log is read, and one manifest only where a newer one is
 * there. Thread-safe.
 */
public final class Freshness {
  /** Operations of manifests that change no record which is not in the log as well. */
  private static final Set<String> SAME_RECORDS =
      Set.of(
          NamespaceManifest.FLUSH,
          "compact",
          "configure",
          NamespaceManifest.CHECKPOINT,
          NamespaceManifest.GC,
          NamespaceManifest.SEAL);

  private final NamespaceHandle namespace;

  public Freshness(NamespaceHandle namespace) {
    this.namespace = namespace;
  }

  /**
   * Whether records may have changed since. False is certain; true may be a reservation of a bulk
   * load, or a change that went too far back to be looked up.
   *
   * @throws io.slab.error.NotFoundException when the index is gone, or another one is there
   */
  public boolean changedSince(Snapshot snapshot) {
    return namespace.read(() -> look(snapshot));
  }

  private boolean look(Snapshot snapshot) {
    NamespaceManifest newest = namespace.newest(Look.READ);
    NamespaceManifest seen = snapshot.manifest();
    if (seen == null || newest == null) {
      return seen != newest;
    }
    if (newest.id() < seen.id() || (newest.id() > seen.id() && !sameRecords(seen, newest))) {
      return true;
    }
    try {
      return !namespace.wal().listAbove(snapshot.walApplied(), Look.READ).isEmpty();
    } catch (MissingException e) {
      // The end of the log is lost; the next snapshot says so.
      return true;
    }
  }

  private static boolean sameRecords(NamespaceManifest seen, NamespaceManifest newest) {
    List<Change> history = newest.history();
    return history.getFirst().id() <= seen.id() + 1
        && history.stream()
            .filter(change -> change.id() > seen.id())
            .allMatch(change -> SAME_RECORDS.contains(change.operation()));
  }
}
