package io.slab.erase;

import io.slab.bytes.XxHash64;
import io.slab.error.DataException;
import io.slab.format.SlabView;
import io.slab.memtable.DecodedBatch;
import io.slab.memtable.WriteOp;
import io.slab.model.Utf8;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Finds ids of which nothing but a delete is left: no record lives, and no slab has a row. A filter
 * cannot tell what they were; they may be what an earlier call with it erased. One thread only.
 */
final class LoneDeletes {
  /** Ids that are looked for at once. */
  private static final int AT_ONCE = 1_000_000;

  private final NamespaceHandle namespace;
  private final Snapshot snapshot;
  private final List<ObjectInfo> slabs;
  private final Traces traces;
  private final TreeSet<byte[]> ids = new TreeSet<>(Utf8::compareBytes);

  /**
   * @param slabs all that are there, named or not
   * @param traces get what is found
   */
  LoneDeletes(NamespaceHandle namespace, Snapshot snapshot, List<ObjectInfo> slabs, Traces traces) {
    this.namespace = namespace;
    this.snapshot = snapshot;
    this.slabs = slabs;
    this.traces = traces;
  }

  void find() {
    for (ObjectInfo slab : slabs) {
      open(slab, view -> view.tombstones().ids().forEach(tombstone -> add(tombstone.id())));
    }
    settle();
    log();
    settle();
  }

  private void add(byte[] id) {
    if (ids.size() == AT_ONCE) {
      settle();
    }
    ids.add(id);
  }

  /** Deletes in the log of what the log before it does not write. */
  private void log() {
    TreeSet<byte[]> written = new TreeSet<>(Utf8::compareBytes);
    for (ObjectInfo object : namespace.wal().objects()) {
      try {
        long number = namespace.wal().number(object);
        for (WriteOp op :
            DecodedBatch.of(object.name(), namespace.wal().read(number), namespace.spec()).ops()) {
          if (op instanceof WriteOp.Upsert upsert) {
            written.add(Utf8.bytes(upsert.record().id()));
          } else if (op instanceof WriteOp.DeleteId delete
              && !written.contains(Utf8.bytes(delete.id()))) {
            add(Utf8.bytes(delete.id()));
          }
        }
      } catch (DataException e) {
        // Gc took it meanwhile, or it counts as a trace in any case.
      }
    }
  }

  /** Tells which of the ids so far have no row. */
  private void settle() {
    for (ObjectInfo slab : slabs) {
      if (!ids.isEmpty()) {
        open(slab, view -> ids.removeIf(id -> has(view, id)));
      }
    }
    for (byte[] id : ids) {
      if (snapshot.find(Utf8.string(id)) == null) {
        traces.add(id);
      }
    }
    ids.clear();
  }

  private static boolean has(SlabView view, byte[] id) {
    return view.rows() > 0 && view.find(id, XxHash64.hash(id)) >= 0;
  }

  private void open(ObjectInfo slab, Consumer<SlabView> use) {
    try (SlabView view =
        namespace
            .files()
            .openUnnamed(
                namespace.store().openUnmapped(slab.name(), slab.size()), namespace.spec())) {
      use.accept(view);
    } catch (DataException e) {
      // Gc took it meanwhile, or what is left of it counts as a trace in any case.
    }
  }
}
