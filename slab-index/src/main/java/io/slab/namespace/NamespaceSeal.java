package io.slab.namespace;

import io.slab.error.DataException;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.manifest.NamespaceManifest.WalCommit;
import io.slab.model.Ulid;
import io.slab.model.Version;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalWriter;
import java.util.List;

/**
 * Closes the namespaces of an index that is dropped or removed to writers that are still open.
 * Thread-safe.
 */
public final class NamespaceSeal {
  /** How often damage is met that another process may have caused, before it is believed. */
  private static final int MAX_STALE = 5;

  private final NamespaceHandle namespace;

  public NamespaceSeal(NamespaceHandle namespace) {
    this.namespace = namespace;
  }

  /**
   * Closes the namespace of an index that was dropped to writers that are still open: takes their
   * next slot with a seal, an object without records, after which no writer goes on without looking
   * for the index, and then the next manifest with one that changes nothing, so that a bulk load
   * under way has to look again as well. Does nothing where both are there of this drop. The seal
   * of an earlier drop that was undone, or the reservation of a bulk load, is none: a writer may
   * have looked after it.
   *
   * @param drop commit id of the settings that say so; the seal has it as its writer
   * @throws io.slab.error.SlabException when the namespace is damaged
   */
  public void seal(Ulid drop) {
    while (true) {
      NamespaceManifest newest = namespace.manifests().newest();
      if (newest == null) {
        return;
      }
      List<WalObject> objects =
          namespace.wal().readAfter(newest.walFlushedThrough(), newest.lastFlushedCommit());
      WalObject last = objects.isEmpty() ? null : objects.getLast();
      if (newest.history().stream().anyMatch(change -> change.commit().equals(drop))) {
        return;
      }
      if (last == null || !isSeal(last, drop)) {
        sealAfter(last == null ? newest.walHistory().getLast() : commitOf(last), drop);
      } else {
        Edit edit = Edit.unchanged(newest, NamespaceManifest.SEAL);
        namespace
            .manifests()
            .commit(newest.next(drop, namespace.environment().now(), Version.PROGRAM, edit));
      }
    }
  }

  private void sealAfter(WalCommit before, Ulid drop) {
    WalObject seal =
        new WalObject(
            before.sequence() + 1,
            drop,
            namespace.environment().newId(),
            before.commit(),
            List.of());
    namespace.wal().commit(seal, WalWriter.encode(seal));
  }

  private static boolean isSeal(WalObject object, Ulid drop) {
    return object.records().isEmpty() && object.writer().equals(drop);
  }

  /**
   * Ends the namespace of an index that is being removed: seals it, and commits a manifest that
   * names nothing any more. Does nothing where both are there already.
   *
   * @param removal commit id of the settings that say so
   * @param underWay throws when they do not any more: asked after each look for the newest
   *     manifest, which belongs to the removed index then, so that its next slot was not free for
   *     another one
   * @return the two objects that must stay so that numbers do not begin again; empty when there is
   *     no namespace
   * @throws io.slab.error.SlabException when the namespace is damaged
   */
  public List<String> end(Ulid removal, Runnable underWay) {
    int stale = 0;
    while (true) {
      NamespaceManifest newest = namespace.manifests().newest();
      underWay.run();
      if (newest == null) {
        return List.of();
      }
      try {
        if (ended(newest, removal)) {
          return List.of(
              namespace.manifests().name(newest.id()),
              namespace.wal().name(newest.walFlushedThrough()));
        }
        seal(removal);
        newest = namespace.manifests().newest();
        underWay.run();
        List<WalCommit> commits = commitsAfter(newest);
        long through =
            commits.isEmpty() ? newest.walFlushedThrough() : commits.getLast().sequence();
        long lsn = Math.max(newest.lsnFlushed(), through << WalLayout.LSN_SHIFT);
        namespace
            .manifests()
            .commit(
                newest.next(
                    namespace.environment().newId(),
                    namespace.environment().now(),
                    Version.PROGRAM,
                    new Edit(NamespaceManifest.DROP, true, lsn, through, List.of(), commits)));
      } catch (DataException e) {
        // Another process that removes the same index looks like damage when it is faster.
        boolean moved = namespace.manifests().newest().id() != newest.id();
        if (!moved && ++stale == MAX_STALE) {
          throw e;
        }
      }
    }
  }

  private boolean ended(NamespaceManifest newest, Ulid removal) {
    long through = newest.walFlushedThrough();
    return newest.deleted()
        && through > 0
        && namespace.wal().listAfter(through).isEmpty()
        && isSeal(namespace.wal().read(through), removal);
  }

  private List<WalCommit> commitsAfter(NamespaceManifest manifest) {
    return namespace
        .wal()
        .readAfter(manifest.walFlushedThrough(), manifest.lastFlushedCommit())
        .stream()
        .map(NamespaceSeal::commitOf)
        .toList();
  }

  private static WalCommit commitOf(WalObject object) {
    return new WalCommit(object.sequence(), object.commit());
  }
}
