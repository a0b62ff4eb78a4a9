package io.slab.format.section;

import io.slab.bytes.ByteCursor;
import io.slab.format.file.Section;
import io.slab.format.file.SlabFormat;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Reads RANK_SLICES ({@link ColumnLayout}) and answers rank ranges with a few set operations per
 * bit. Thread-safe.
 */
public final class RankSlicesReader {
  private final ImmutableRoaringBitmap[] slices;

  /** Reads and checks all slices. */
  public RankSlicesReader(Section section, int rows, int distinct) {
    Sections.encoding(Sections.codec(section, SlabFormat.CODEC_NONE), 1);
    int count = ColumnLayout.slices(distinct);
    Sections.items(section, count);
    slices = new ImmutableRoaringBitmap[count];
    long head = (long) count * ColumnLayout.BITMAP_ENTRY_BYTES;
    ByteCursor in = Sections.cursor(section, 0, head);
    for (int i = 0; i < count; i++) {
      long cardinality = in.u32("cardinality");
      long length = in.u32("bitmap length");
      long offset = in.u64("bitmap offset");
      if (cardinality == 0 ? length != 0 || offset != 0 : offset < head) {
        throw in.corrupt("slice " + i + " at " + offset, "a bitmap behind the table");
      }
      slices[i] =
          cardinality == 0
              ? new MutableRoaringBitmap()
              : BitmapsReader.mapped(section, offset, length, cardinality, rows);
    }
  }

  /** Slices, one per bit of the largest rank. */
  public int count() {
    return slices.length;
  }

  /** The rows of a slice; 0 is that of the highest bit. */
  public ImmutableRoaringBitmap slice(int index) {
    return slices[index];
  }

  /**
   * Rows whose rank is at most {@code rank}.
   *
   * @param presence rows that have a rank
   */
  public ImmutableRoaringBitmap atMost(int rank, ImmutableRoaringBitmap presence) {
    // From the highest bit down: "less" are the rows decided to be smaller, "equal" those like rank
    // so far.
    ImmutableRoaringBitmap equal = presence;
    MutableRoaringBitmap less = new MutableRoaringBitmap();
    for (int i = 0; i < slices.length && !equal.isEmpty(); i++) {
      boolean bit = (rank >>> (slices.length - 1 - i) & 1) != 0;
      MutableRoaringBitmap zeros = ImmutableRoaringBitmap.andNot(equal, slices[i]);
      if (bit) {
        less.or(zeros);
        equal = ImmutableRoaringBitmap.and(equal, slices[i]);
      } else {
        equal = zeros;
      }
    }
    less.or(equal);
    return less;
  }
}
