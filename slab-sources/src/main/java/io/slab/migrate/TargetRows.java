package io.slab.migrate;

import io.slab.bytes.XxHash64;
import io.slab.format.SlabView;
import io.slab.memtable.MemRow;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The records of a namespace with two marks each: whether the source has the id, and whether the
 * source's last record of it is equal. Two bits a record. One thread only.
 */
final class TargetRows {
  private final Snapshot snapshot;
  private final List<BitSet> seen = new ArrayList<>();
  private final List<BitSet> equal = new ArrayList<>();
  private final BitSet freshSeen = new BitSet();
  private final BitSet freshEqual = new BitSet();

  TargetRows(Snapshot snapshot) {
    this.snapshot = snapshot;
    for (LiveSlab slab : snapshot.slabs()) {
      seen.add(new BitSet(slab.entry().rows()));
      equal.add(new BitSet(slab.entry().rows()));
    }
  }

  /** How a record of the source compares. */
  enum Outcome {
    EQUAL,
    DIFFERENT,
    MISSING
  }

  /** Compares a record and marks its row; what was marked for its id before is forgotten. */
  Outcome compare(VectorRecord record) {
    byte[] key = Utf8.bytes(record.id());
    int fresh = fresh(key);
    if (fresh >= 0) {
      boolean same = same(record, snapshot.shown(snapshot.memtable().get(fresh).record()));
      freshSeen.set(fresh);
      freshEqual.set(fresh, same);
      return same ? Outcome.EQUAL : Outcome.DIFFERENT;
    }
    long hash = XxHash64.hash(key);
    for (int i = snapshot.slabs().size() - 1; i >= 0; i--) {
      LiveSlab slab = snapshot.slabs().get(i);
      SlabView view = slab.view();
      int row = view.find(key, hash);
      if (row >= 0 && !slab.dead().contains(row)) {
        boolean same = same(record, snapshot.shown(view.record(row)));
        seen.get(i).set(row);
        equal.get(i).set(row, same);
        return same ? Outcome.EQUAL : Outcome.DIFFERENT;
      }
    }
    return Outcome.MISSING;
  }

  private int fresh(byte[] key) {
    List<MemRow> rows = snapshot.memtable();
    int low = 0;
    int high = rows.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Utf8.compareBytes(rows.get(middle).idBytes(), key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** Vectors by their bits, metadata by value. */
  static boolean same(VectorRecord a, VectorRecord b) {
    if (!sameBits(a.values(), b.values()) || !a.metadata().equals(b.metadata())) {
      return false;
    }
    if (a.sparse() == null || b.sparse() == null) {
      return a.sparse() == b.sparse();
    }
    return Arrays.equals(a.sparse().indices(), b.sparse().indices())
        && sameBits(a.sparse().weights(), b.sparse().weights());
  }

  private static boolean sameBits(float[] a, float[] b) {
    if (a == null || b == null || a.length != b.length) {
      return a == b;
    }
    for (int i = 0; i < a.length; i++) {
      if (Float.floatToRawIntBits(a[i]) != Float.floatToRawIntBits(b[i])) {
        return false;
      }
    }
    return true;
  }

  /** True when the source has the id. */
  boolean wasSeen(String id) {
    byte[] key = Utf8.bytes(id);
    int fresh = fresh(key);
    if (fresh >= 0) {
      return freshSeen.get(fresh);
    }
    long hash = XxHash64.hash(key);
    for (int i = 0; i < seen.size(); i++) {
      LiveSlab slab = snapshot.slabs().get(i);
      int row = slab.view().find(key, hash);
      if (row >= 0 && !slab.dead().contains(row)) {
        return seen.get(i).get(row);
      }
    }
    return false;
  }

  /** Records of the namespace that the source has. */
  long seen() {
    return freshSeen.cardinality() + seen.stream().mapToLong(BitSet::cardinality).sum();
  }

  /** Those of them that are equal. */
  long equal() {
    return freshEqual.cardinality() + equal.stream().mapToLong(BitSet::cardinality).sum();
  }

  /** Ids of some records that the source has otherwise. */
  List<String> different(int limit) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < seen.size() && ids.size() < limit; i++) {
      BitSet rows = (BitSet) seen.get(i).clone();
      rows.andNot(equal.get(i));
      SlabView view = snapshot.slabs().get(i).view();
      rows.stream().limit(limit - ids.size()).forEach(row -> ids.add(Utf8.string(view.rowId(row))));
    }
    BitSet rows = (BitSet) freshSeen.clone();
    rows.andNot(freshEqual);
    rows.stream()
        .limit(limit - ids.size())
        .forEach(row -> ids.add(snapshot.memtable().get(row).record().id()));
    return ids;
  }

  /** Records drawn at random with repeats; none from an empty namespace. */
  List<VectorRecord> sample(int count, SplittableRandom random) {
    List<VectorRecord> sample = new ArrayList<>();
    long total = snapshot.count();
    for (int i = 0; i < count && total > 0; i++) {
      sample.add(draw(random.nextLong(total)));
    }
    return sample;
  }

  private VectorRecord draw(long number) {
    long left = number;
    for (LiveSlab slab : snapshot.slabs()) {
      long live = slab.entry().rows() - slab.dead().getLongCardinality();
      if (left < live) {
        int row = (int) left;
        // Dead rows are stepped over: nearly as good as counting them.
        while (slab.dead().contains(row)) {
          row = (row + 1) % slab.entry().rows();
        }
        return snapshot.shown(slab.view().record(row));
      }
      left -= live;
    }
    return snapshot.shown(snapshot.memtable().get((int) left).record());
  }
}
