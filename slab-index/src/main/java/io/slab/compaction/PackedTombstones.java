package io.slab.compaction;

import io.slab.bytes.ByteWriter;
import io.slab.format.SlabRequest.Tombstone;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.RandomAccess;

/**
 * Deleted ids, side by side: 16 bytes each besides their text. Added in ascending order. One thread
 * only.
 */
final class PackedTombstones extends AbstractList<Tombstone> implements RandomAccess {
  private final ByteWriter bytes = new ByteWriter();
  private long[] lsns = new long[16];
  private int[] ends = new int[16];
  private int size;

  void add(byte[] id, long lsn) {
    if (size == lsns.length) {
      lsns = Arrays.copyOf(lsns, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
    }
    bytes.bytes(id);
    lsns[size] = lsn;
    ends[size++] = bytes.size();
  }

  @Override
  public int size() {
    return size;
  }

  byte[] id(int index) {
    int from = index == 0 ? 0 : ends[index - 1];
    return Arrays.copyOfRange(bytes.array(), from, ends[index]);
  }

  long lsn(int index) {
    return lsns[index];
  }

  /** A copy of some of them. */
  PackedTombstones only(BitSet some) {
    PackedTombstones copy = new PackedTombstones();
    for (int i = some.nextSetBit(0); i >= 0; i = some.nextSetBit(i + 1)) {
      copy.add(id(i), lsns[i]);
    }
    return copy;
  }

  @Override
  public Tombstone get(int index) {
    return new Tombstone(id(index), lsns[index]);
  }
}
