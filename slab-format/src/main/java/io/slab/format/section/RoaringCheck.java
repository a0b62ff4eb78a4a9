package io.slab.format.section;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.LittleEndian;
import io.slab.bytes.Segments;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/** One walk over a portable roaring blob that believes nothing it reads. */
final class RoaringCheck {
  private final MemorySegment blob;
  private final ByteCursor in;
  private MemorySegment runFlags;
  private MemorySegment keys;
  private MemorySegment offsets;
  private int containers;
  private long largest = -1;

  RoaringCheck(String resource, long offset, MemorySegment blob) {
    this.blob = blob;
    this.in = new ByteCursor(resource, offset, blob);
  }

  void run(long cardinality, int rows) {
    header();
    long total = 0;
    int previous = -1;
    for (int i = 0; i < containers; i++) {
      int key = RoaringBlob.u16(keys, 4L * i);
      int size = RoaringBlob.u16(keys, 4L * i + 2) + 1;
      if (key <= previous) {
        throw in.corrupt("bitmap key " + key + " after " + previous, "ascending keys");
      }
      if (offsets != null
          && Integer.toUnsignedLong(offsets.get(LittleEndian.INT, 4L * i)) != in.position()) {
        throw in.corrupt("another offset of bitmap container " + i, "offset " + in.position());
      }
      int last = container(i, size);
      largest = ((long) key << 16) + last;
      total += size;
      previous = key;
    }
    in.end("bitmap");
    if (total != cardinality || largest >= rows) {
      throw in.corrupt(
          "a bitmap of " + total + " rows up to " + largest,
          cardinality + " rows, each below " + rows);
    }
  }

  private void header() {
    int cookie = in.i32("bitmap cookie");
    boolean runs = (cookie & 0xFFFF) == RoaringBlob.COOKIE_RUNS;
    if (runs) {
      containers = (cookie >>> 16) + 1;
      runFlags = in.slice((containers + 7) / 8, "run flags");
      int last = runFlags.get(ValueLayout.JAVA_BYTE, runFlags.byteSize() - 1) & 0xFF;
      if (containers % 8 != 0 && last >>> containers % 8 != 0) {
        throw in.corrupt("run flags of more containers than there are", "zeros");
      }
    } else if (cookie == RoaringBlob.COOKIE_PLAIN) {
      containers = in.count("bitmap containers", RoaringBlob.MAX_CONTAINERS);
    } else {
      throw in.corrupt("bitmap cookie " + cookie, "12346 or 12347");
    }
    keys = in.slice(4L * containers, "bitmap keys");
    if (!runs || containers >= RoaringBlob.OFFSETS_FROM) {
      offsets = in.slice(4L * containers, "bitmap offsets");
    }
  }

  /** Checks one container and returns its largest value. */
  private int container(int index, int size) {
    boolean run =
        runFlags != null && (runFlags.get(ValueLayout.JAVA_BYTE, index / 8) & 1 << index % 8) != 0;
    return run ? runContainer(size) : size <= RoaringBlob.ARRAY_MAX ? array(size) : bitset(size);
  }

  private int runContainer(int size) {
    int runs = in.u16("run count");
    long at = in.position();
    in.skip(4L * runs, "runs");
    // Neighbouring runs would be one run, so each begins after a gap.
    int end = -2;
    int members = 0;
    for (int i = 0; i < runs; i++) {
      int start = RoaringBlob.u16(blob, at + 4L * i);
      int length = RoaringBlob.u16(blob, at + 4L * i + 2);
      if (start <= end + 1 || start + length > 0xFFFF) {
        throw in.corrupt("run " + start + " + " + length + " after " + end, "separate runs");
      }
      end = start + length;
      members += length + 1;
    }
    checkSize(members, size);
    return end;
  }

  private int array(int size) {
    long at = in.position();
    in.skip(2L * size, "array container");
    int previous = -1;
    for (int i = 0; i < size; i++) {
      int value = RoaringBlob.u16(blob, at + 2L * i);
      if (value <= previous) {
        throw in.corrupt("bitmap value " + value + " after " + previous, "ascending values");
      }
      previous = value;
    }
    return previous;
  }

  private int bitset(int size) {
    ByteBuffer words = Segments.buffer(in.slice(RoaringBlob.BITSET_BYTES, "bitset container"));
    int members = 0;
    int last = -1;
    for (int word = 0; word < RoaringBlob.BITSET_BYTES / 8; word++) {
      long bits = words.getLong(8 * word);
      members += Long.bitCount(bits);
      if (bits != 0) {
        last = 64 * word + 63 - Long.numberOfLeadingZeros(bits);
      }
    }
    checkSize(members, size);
    return last;
  }

  private void checkSize(int members, int size) {
    if (members != size) {
      throw in.corrupt("a container of " + members + " rows", size + " rows as announced");
    }
  }
}
