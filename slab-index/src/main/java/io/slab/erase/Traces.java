package io.slab.erase;

import io.slab.bytes.XxHash64;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.format.SlabRequest.Tombstone;
import io.slab.format.SlabTombstones;
import io.slab.format.SlabView;
import io.slab.memtable.DecodedBatch;
import io.slab.memtable.WriteOp;
import io.slab.model.RangeTombstone;
import io.slab.model.RangeTombstone.Kind;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * Tells what holds something of the records that are erased. Of some ids every trace goes; of
 * others, which live on, the old versions that match a filter. One thread only.
 */
final class Traces {
  private final Filter filter;

  /** Of which nothing may stay. */
  private final TreeSet<byte[]> ids = new TreeSet<>(Utf8::compareBytes);

  /** Records that do not match the filter any more: what matched of them goes. */
  private final TreeSet<byte[]> versions = new TreeSet<>(Utf8::compareBytes);

  /**
   * @param filter null for an erasure by ids
   */
  Traces(Filter filter) {
    this.filter = filter;
  }

  void add(byte[] id) {
    ids.add(id);
    requireFew();
  }

  void addVersions(byte[] id) {
    versions.add(id);
    requireFew();
  }

  /** Whether a record that lives is one to delete. */
  boolean isMeant(VectorRecord record) {
    return filter == null || FilterEvaluator.matches(filter, record.metadata());
  }

  /** A record that lives on after all. */
  void spare(String id) {
    ids.remove(Utf8.bytes(id));
    versions.add(Utf8.bytes(id));
  }

  private void requireFew() {
    if (ids.size() + versions.size() > EraseRequest.MAX_IDS) {
      throw EraseRequest.tooMany();
    }
  }

  Iterable<byte[]> ids() {
    return ids;
  }

  /** The ids of which nothing may stay, as text. */
  List<String> names() {
    return ids.stream().map(Utf8::string).toList();
  }

  int size() {
    return ids.size();
  }

  /**
   * True when a slab has such a row.
   *
   * @param dead rows that count; null for all, as of a slab that no manifest names
   */
  boolean inRows(SlabView view, ImmutableRoaringBitmap dead) {
    if (view.rows() == 0) {
      return false;
    }
    for (byte[] id : ids) {
      int row = view.find(id, XxHash64.hash(id));
      if (row >= 0 && (dead == null || dead.contains(row))) {
        return true;
      }
    }
    for (byte[] id : versions) {
      int row = view.find(id, XxHash64.hash(id));
      if (row >= 0
          && (dead == null || dead.contains(row))
          && FilterEvaluator.matches(filter, view.metadata(row))) {
        return true;
      }
    }
    return false;
  }

  /** True when a slab carries the delete of such an id, or of it as a prefix. */
  boolean inTombstones(SlabView view) {
    return !meant(view.tombstones()).isEmpty();
  }

  /** True when such a delete is among the first ones and not among the others. */
  boolean end(SlabTombstones now, SlabTombstones then) {
    return !meant(then).containsAll(meant(now));
  }

  /** Such ids of which there is a delete. */
  private Set<byte[]> meant(SlabTombstones tombstones) {
    Set<byte[]> meant = new TreeSet<>(Utf8::compareBytes);
    for (Tombstone tombstone : tombstones.ids()) {
      if (ids.contains(tombstone.id())) {
        meant.add(tombstone.id());
      }
    }
    for (RangeTombstone range : tombstones.ranges()) {
      if (range.kind() == Kind.PREFIX && ids.contains(range.argument())) {
        meant.add(range.argument());
      }
    }
    return meant;
  }

  /**
   * True when an object of the log may hold something. What updates by filter put into records is
   * not known any more, and what deletes by filter say may be what a record said.
   */
  boolean in(DecodedBatch batch) {
    for (WriteOp op : batch.ops()) {
      if (op != null && in(op)) {
        return true;
      }
    }
    return false;
  }

  private boolean in(WriteOp op) {
    if (op instanceof WriteOp.Upsert upsert) {
      return has(upsert.record().id())
          || (filter != null && FilterEvaluator.matches(filter, upsert.record().metadata()));
    }
    if (op instanceof WriteOp.DeleteId delete) {
      return has(delete.id());
    }
    if (op instanceof WriteOp.PartialUpdate update) {
      return has(update.id()) || versions.contains(Utf8.bytes(update.id()));
    }
    if (op instanceof WriteOp.DeleteByPrefix delete) {
      return has(delete.prefix());
    }
    return op instanceof WriteOp.UpdateByFilter || op instanceof WriteOp.DeleteByFilter;
  }

  private boolean has(String id) {
    return ids.contains(Utf8.bytes(id));
  }
}
