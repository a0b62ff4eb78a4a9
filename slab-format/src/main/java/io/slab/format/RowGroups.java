package io.slab.format;

import io.slab.bytes.ByteWriter;
import io.slab.bytes.LittleEndian;
import io.slab.bytes.Zstd;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rows of any length in a scratch file, one after the other in groups of about 16 KiB, to be read
 * in any order. From the group on with which they would take more than some other bytes, groups are
 * compressed: so scratch files stay in proportion to the slab, in which these rows are compressed
 * too. One thread only; each reader belongs to one thread.
 */
final class RowGroups {
  private static final int GROUP_BYTES = 1 << 14;
  private static final int PLACE_BITS = 14;
  private static final int HEADER_BYTES = 8;

  private final ScratchFile file;
  private final ByteWriter group = new ByteWriter();
  private long raw;

  RowGroups(ScratchFile file) {
    this.file = file;
  }

  /** Where the bytes of the next row are to be put; call {@link #endRow} after. */
  ByteWriter out() {
    return group;
  }

  /** Where the next row begins: the group, and the offset in it. */
  long place() {
    return file.length() << PLACE_BITS | group.size();
  }

  /**
   * Ends a row.
   *
   * @param plain bytes that rows may take without being compressed
   */
  void endRow(long plain) {
    if (group.size() >= GROUP_BYTES) {
      close(raw + group.size() > plain);
    }
  }

  /** Ends the last group. */
  void finish() {
    if (group.size() > 0) {
      close(false);
    }
  }

  private void close(boolean compressed) {
    int size = group.size();
    byte[] stored =
        compressed && size <= Zstd.MAX_BLOCK
            ? Zstd.compress(group.array(), 0, size)
            : group.array();
    int length = Math.min(stored.length, size);
    file.out().u32(length).u32(size).bytes(stored, 0, length);
    file.flushFull();
    raw += size;
    group.clear();
  }

  /** Reads rows, in any order: of the groups that were read last it keeps some. */
  static final class Reader {
    private static final int KEPT = 64;

    private final MemorySegment all;
    private final String resource;
    private final long[] keptAt = new long[KEPT];
    private final MemorySegment[] kept = new MemorySegment[KEPT];

    /**
     * @param all the file
     * @param resource its name for errors
     */
    Reader(MemorySegment all, String resource) {
      this.all = all;
      this.resource = resource;
    }

    /** The bytes from the beginning of a row on. */
    MemorySegment row(long place) {
      long at = place >>> PLACE_BITS;
      long inGroup = place & (1L << PLACE_BITS) - 1;
      int stored = all.get(LittleEndian.INT, at);
      int size = all.get(LittleEndian.INT, at + 4);
      if (stored == size) {
        return all.asSlice(at + HEADER_BYTES + inGroup, size - inGroup);
      }
      int slot = Long.hashCode(at * 0x9E3779B97F4A7C15L) & KEPT - 1;
      if (kept[slot] == null || keptAt[slot] != at) {
        byte[] bytes = all.asSlice(at + HEADER_BYTES, stored).toArray(ValueLayout.JAVA_BYTE);
        kept[slot] = MemorySegment.ofArray(Zstd.decompress(bytes, size, resource, at));
        keptAt[slot] = at;
      }
      return kept[slot].asSlice(inGroup);
    }
  }
}
