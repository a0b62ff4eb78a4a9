package io.slab.writer;

import io.slab.manifest.NamespaceManifest;
import io.slab.memtable.Memtable;
import io.slab.model.Limits;
import io.slab.namespace.Thresholds;
import io.slab.snapshot.NamespaceState;

/**
 * How much more the memtable of a writer takes before it is flushed, by the thresholds of its
 * namespace.
 *
 * @param state of the writer
 * @param flushing a flush of the first part of the state, or null
 * @param background whether flushes run beside the writing: then half of the memory belongs to the
 *     one that is under way
 */
record MemtableRoom(NamespaceState state, BackgroundFlush flushing, boolean background) {
  /** Records that can be written before the next flush must begin; below 0 when it is late. */
  long left() {
    return limit() - unflushed();
  }

  /** True when what is there makes so many more records too many, or has too many bytes already. */
  boolean hasNoRoom(int records) {
    return unflushed() > 0 && (unflushed() + records > limit() || bytesFull());
  }

  /** True when it is time to flush, by records or by bytes. */
  boolean isFull() {
    return unflushed() >= limit() || bytesFull();
  }

  private boolean bytesFull() {
    NamespaceManifest manifest = state.manifest();
    long limit = manifest.threshold(Thresholds.MEMTABLE_BYTES, Thresholds.DEFAULT_MEMTABLE_BYTES);
    Memtable memtable = state.memtable();
    long bytes = flushing == null ? memtable.bytes() : flushing.bytes(memtable);
    return bytes >= (background ? limit / 2 : limit);
  }

  private long limit() {
    return state.manifest().threshold(Thresholds.MEMTABLE_RECORDS, Limits.MAX_MEMTABLE_RECORDS);
  }

  /** Records and deletes of the memtable that no flush has begun with. */
  private long unflushed() {
    return flushing == null ? state.memtable().operations() : flushing.records(state.memtable());
  }
}
