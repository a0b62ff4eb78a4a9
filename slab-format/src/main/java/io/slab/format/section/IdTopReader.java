package io.slab.format.section;

import io.slab.bytes.Segments;
import io.slab.format.file.Section;
import io.slab.format.file.SlabFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads {@link IdTopLayout}. Thread-safe. */
public final class IdTopReader {
  private final MemorySegment bytes;
  private final long text;
  private final int blocks;

  /**
   * Reads and checks the section.
   *
   * @param blocks blocks of ID_BLOCKS
   */
  public IdTopReader(Section section, int blocks) {
    Sections.codec(section, SlabFormat.CODEC_NONE);
    Sections.encoding(section, 1);
    Sections.items(section, blocks);
    this.blocks = blocks;
    this.text = IdTopLayout.OFFSET_BYTES * (blocks + 1L);
    if (section.length() < text) {
      throw Sections.corrupt(section, 0, section.length() + " bytes", "at least " + text);
    }
    this.bytes = section.all();
    long previous = 0;
    for (int i = 0; i <= blocks; i++) {
      long offset = offset(i);
      if (offset < previous || (i == 0 && offset != 0)) {
        throw Sections.corrupt(section, 4L * i, "text offset " + offset, "one from " + previous);
      }
      previous = offset;
    }
    if (previous != section.length() - text) {
      throw Sections.corrupt(
          section, 4L * blocks, previous + " bytes of text", (section.length() - text) + " bytes");
    }
  }

  private long offset(int block) {
    return Integer.toUnsignedLong(Segments.intAt(bytes, 4L * block));
  }

  /** A copy of the first id of a block. */
  public byte[] first(int block) {
    return bytes
        .asSlice(text + offset(block), offset(block + 1) - offset(block))
        .toArray(ValueLayout.JAVA_BYTE);
  }

  /** The last block whose first id is not greater than {@code key}, or -1. */
  public int blockOf(byte[] key) {
    MemorySegment wanted = MemorySegment.ofArray(key);
    int low = 0;
    int high = blocks;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(middle, wanted) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private int compare(int block, MemorySegment key) {
    long from = text + offset(block);
    long to = text + offset(block + 1);
    long at = MemorySegment.mismatch(bytes, from, to, key, 0, key.byteSize());
    if (at < 0) {
      return 0;
    }
    if (at == to - from || at == key.byteSize()) {
      return Long.compare(to - from, key.byteSize());
    }
    return Integer.compare(
        bytes.get(ValueLayout.JAVA_BYTE, from + at) & 0xFF,
        key.get(ValueLayout.JAVA_BYTE, at) & 0xFF);
  }
}
