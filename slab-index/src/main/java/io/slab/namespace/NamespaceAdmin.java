package io.slab.namespace;

import io.slab.error.NotFoundException;
import io.slab.manifest.Appends;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.Version;
import io.slab.snapshot.NamespaceState;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Creates, configures and drops a namespace. Thread-safe. */
public final class NamespaceAdmin {
  private static final double MILLI = 1000;

  private final NamespaceHandle namespace;

  public NamespaceAdmin(NamespaceHandle namespace) {
    this.namespace = namespace;
  }

  /**
   * Creates the namespace unless it has a manifest already.
   *
   * @return true when this call created it (or brought a dropped one back)
   */
  public boolean create() {
    namespace.requireIndex();
    while (true) {
      NamespaceManifest newest = namespace.newest();
      if (newest == null) {
        if (createFirst()) {
          return true;
        }
      } else if (namespace.existsByListing()) {
        return false;
      } else {
        Edit edit =
            new Edit(
                "create",
                false,
                newest.lsnFlushed(),
                newest.walFlushedThrough(),
                List.of(),
                List.of());
        if (namespace.manifests().commit(next(newest, edit))) {
          return true;
        }
      }
    }
  }

  private boolean createFirst() {
    var anchor =
        namespace.wal().anchor(namespace.environment().newId(), namespace.environment().newId());
    TreeMap<String, Long> thresholds = new TreeMap<>(Utf8.ORDER);
    thresholds.putAll(Thresholds.defaults());
    return namespace
        .manifests()
        .commit(
            NamespaceManifest.first(
                namespace.names().namespace(),
                namespace.environment().newId(),
                anchor,
                namespace.environment().now(),
                Version.PROGRAM,
                thresholds));
  }

  /**
   * Changes thresholds; the others stay as they are.
   *
   * @param changes by the names of {@link Thresholds}
   * @return the manifest that has them, which is the present one when it does already
   * @throws io.slab.error.InvalidInputException for an unknown name or a number out of its range
   * @throws NotFoundException when the namespace does not exist
   */
  public NamespaceManifest configure(Map<String, Long> changes) {
    Thresholds.check(changes);
    return change(thresholds -> thresholds.putAll(changes));
  }

  /**
   * The length of an average text by which texts of the namespace are weighed, creating it where it
   * is not there: the recorded one, or else the given one, which is recorded then.
   *
   * @param candidate terms, above 0
   * @return terms, above 0
   */
  public double textLength(double candidate) {
    NamespaceManifest newest = namespace.newest();
    Long recorded = newest == null ? null : newest.thresholds().get(Thresholds.TEXT_LENGTH);
    if (recorded == null) {
      create();
      long wanted = Math.max(1, Math.round(candidate * MILLI));
      recorded =
          change(thresholds -> thresholds.putIfAbsent(Thresholds.TEXT_LENGTH, wanted))
              .thresholds()
              .get(Thresholds.TEXT_LENGTH);
    }
    return recorded / MILLI;
  }

  private NamespaceManifest change(Consumer<SortedMap<String, Long>> edits) {
    namespace.requireIndex();
    Ulid commit = namespace.environment().newId();
    while (true) {
      NamespaceManifest newest = namespace.newest();
      if (newest == null || !namespace.existsByListing()) {
        throw missing();
      }
      TreeMap<String, Long> all = new TreeMap<>(newest.thresholds());
      edits.accept(all);
      if (all.equals(newest.thresholds())) {
        return newest;
      }
      Edit edit = Edit.unchanged(newest, "configure");
      NamespaceManifest next =
          newest
              .next(commit, namespace.environment().now(), Version.PROGRAM, edit)
              .withThresholds(all);
      if (namespace.manifests().commit(next)) {
        return next;
      }
    }
  }

  /**
   * Gives up an append that is under way: its slabs can be committed no more, and compactions need
   * not spare deletes for its sake. Does nothing when it has ended.
   *
   * @param lsn of its rows
   */
  public void endAppend(long lsn) {
    while (true) {
      NamespaceManifest newest = namespace.requireNewest();
      if (!Appends.underWay(newest).containsKey(lsn)
          || namespace.manifests().commit(next(newest, ended(newest, lsn)))) {
        return;
      }
    }
  }

  private static Edit ended(NamespaceManifest newest, long lsn) {
    return Edit.unchanged(newest, Appends.end(lsn));
  }

  /** All thresholds in force, by name; null when the namespace does not exist. */
  public SortedMap<String, Long> thresholds() {
    return namespace.read(() -> {
      NamespaceManifest newest = namespace.newest();
      return newest == null || !namespace.existsByListing() ? null : Thresholds.of(newest);
    });
  }

  /** Objects of the log that are in slabs already and wait for the collector; costs one listing. */
  public long flushedLogObjects() {
    return namespace.read(() -> {
      NamespaceManifest newest = namespace.newest();
      // The last one stays in any case.
      return newest == null
          ? 0L
          : namespace.wal().listAfter(-1).stream()
              .filter(n -> n < newest.walFlushedThrough())
              .count();
    });
  }

  private NotFoundException missing() {
    return new NotFoundException(
        "there is no namespace '" + namespace.names().namespace() + "'",
        "see the list of namespaces");
  }

  private NamespaceManifest next(NamespaceManifest base, Edit edit) {
    return base.next(
        namespace.environment().newId(), namespace.environment().now(), Version.PROGRAM, edit);
  }

  /**
   * Drops the namespace with everything in it up to now; its objects stay until gc. A write that
   * another process commits afterwards creates it anew, empty but for that write.
   *
   * @throws NotFoundException when it does not exist
   */
  public void drop() {
    namespace.requireIndex();
    while (true) {
      NamespaceState state = namespace.load();
      if (state == null || !state.exists()) {
        throw missing();
      }
      namespace.release(state);
      Edit edit =
          new Edit(
              NamespaceManifest.DROP,
              true,
              state.lastLsn(),
              state.applied(),
              List.of(),
              state.sinceFlush());
      if (namespace.manifests().commit(next(state.manifest(), edit))) {
        return;
      }
    }
  }
}
