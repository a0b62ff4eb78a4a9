package io.slab.format.section;

import io.slab.bytes.BitPacking;
import io.slab.format.file.Section;
import java.util.Objects;

/** Bit-packed numbers that fill a section from {@code start} to its end. Thread-safe. */
final class PackedNumbers {
  private final Section section;
  private final long start;
  private final long count;
  private final int width;

  /** Checks that the section's length is what so many numbers take. */
  PackedNumbers(Section section, long start, long count, int width) {
    if (width < 0 || width > 64) {
      throw Sections.corrupt(section, start, "width " + width, "0 to 64 bits");
    }
    // Bounded first, so that the product cannot overflow: no slab holds 2^50 numbers.
    if (count < 0 || count > 1L << 50) {
      throw Sections.corrupt(section, start, count + " numbers", "a possible count");
    }
    Sections.length(section, start + BitPacking.byteLength(count, width));
    this.section = section;
    this.start = start;
    this.count = count;
    this.width = width;
  }

  /**
   * Checks that the unused high bits of the last word are zero. Reads it, so it is left to callers
   * that verify the section or read it anyway.
   */
  void verifySpareBits() {
    int used = (int) (count * width & 63);
    if (used == 0) {
      return;
    }
    long last = start + BitPacking.byteLength(count, width) - 8;
    long word = section.slice(last, 8).get(io.slab.bytes.LittleEndian.LONG, 0);
    if (word >>> used != 0) {
      throw Sections.corrupt(section, last, "a bit behind the last number", "zeros");
    }
  }

  long get(long index) {
    Objects.checkIndex(index, count);
    if (width == 0) {
      return 0;
    }
    long bit = index * width;
    long word = bit >>> 6;
    long words = ((bit + width - 1) >>> 6) - word + 1;
    long shift = bit & 63;
    long value = read(word, (int) words, (int) shift);
    return width == 64 ? value : value & ((1L << width) - 1);
  }

  private long read(long word, int words, int shift) {
    var bytes = section.slice(start + 8 * word, 8L * words);
    long value = bytes.get(io.slab.bytes.LittleEndian.LONG, 0) >>> shift;
    return words == 1
        ? value
        : value | bytes.get(io.slab.bytes.LittleEndian.LONG, 8) << (64 - shift);
  }
}
