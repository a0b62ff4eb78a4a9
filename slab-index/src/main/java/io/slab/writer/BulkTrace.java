package io.slab.writer;

import io.slab.format.SlabTombstones;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.MemRows;
import io.slab.model.RangeTombstone;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import java.util.List;

/**
 * What a bulk load keeps of the namespace that it fills, so that files of before, which may be
 * left, are known to be void: the namespace was empty when the load reserved its place.
 *
 * @param written a slab of deletes alone, or null when nothing was ever written
 */
record BulkTrace(SlabEntry written) {
  /**
   * Writes the slab of deletes.
   *
   * @param state with nothing that was written after the reservation, and without any record unless
   *     the load replaces them
   * @param lsn of the rows of the load: when they got their place the namespace was empty, or what
   *     was in it is replaced
   */
  static BulkTrace write(
      NamespaceHandle namespace, NamespaceState state, long lsn, boolean replacing) {
    boolean records = replacing && !Reservations.empty(state);
    if (!records && FlushedDeletes.of(state).isEmpty() && state.manifest().lsnFlushed() == 0) {
      return new BulkTrace(null);
    }
    SlabTombstones all =
        new SlabTombstones(List.of(), List.of(RangeTombstone.all(lsn)), state.lastLsn());
    return new BulkTrace(
        new SlabWriter(namespace).write(0, List.of(), all, new MemRows(List.of()), () -> false));
  }

  /** What the manifest names before the slabs of the load. */
  List<SlabEntry> slabs() {
    return written == null ? List.of() : List.of(written);
  }

  /** The full name of what was written. */
  List<String> files(NamespaceHandle namespace) {
    return slabs().stream().map(slab -> namespace.names().slab(slab.id())).toList();
  }

  /** After it was proved that no manifest names what was written. */
  void delete(NamespaceHandle namespace) {
    files(namespace).forEach(namespace.store()::delete);
  }
}
