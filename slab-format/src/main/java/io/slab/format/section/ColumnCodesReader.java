package io.slab.format.section;

import io.slab.bytes.LittleEndian;
import io.slab.format.file.Section;
import io.slab.format.file.SlabFormat;
import java.util.Objects;

/** Reads COLUMN_CODES ({@link ColumnLayout}). Thread-safe. */
public final class ColumnCodesReader {
  private static final int[] NONE = {};

  private final Section section;
  private final int rows;
  private final int distinct;
  private final boolean lists;
  private final long items;
  private final PackedNumbers codes;

  /** Checks the section against rows and ranks. */
  public ColumnCodesReader(Section section, int rows, int distinct, boolean lists) {
    Sections.codec(section, SlabFormat.CODEC_NONE);
    Sections.encoding(section, lists ? ColumnLayout.CODES_LIST : ColumnLayout.CODES_SINGLE);
    Sections.items(section, rows);
    int width = lists ? ColumnLayout.listWidth(distinct) : ColumnLayout.singleWidth(distinct);
    if (section.entry().param() != width) {
      throw Sections.corrupt(section, 0, "width " + section.entry().param(), "width " + width);
    }
    this.section = section;
    this.rows = rows;
    this.distinct = distinct;
    this.lists = lists;
    long start = lists ? (4L * (rows + 1L) + 7) / 8 * 8 : 0;
    if (section.length() < start) {
      throw Sections.corrupt(section, 0, section.length() + " bytes", "at least " + start);
    }
    this.items = lists ? offset(rows) : rows;
    this.codes = new PackedNumbers(section, start, items, width);
  }

  /** Checks what reading a row does not meet: all bits between and behind the numbers are zero. */
  public void verifyPadding() {
    codes.verifySpareBits();
    if (lists
        && rows % 2 == 0
        && section.slice(4L * (rows + 1L), 4).get(LittleEndian.INT, 0) != 0) {
      throw Sections.corrupt(section, 4L * (rows + 1L), "padding that is not zero", "zeros");
    }
  }

  private long offset(int row) {
    return Integer.toUnsignedLong(section.slice(4L * row, 4).get(LittleEndian.INT, 0));
  }

  /**
   * The ranks of a row, ascending; null when the row has no value (lists: no value or no elements).
   */
  public int[] ranks(int row) {
    Objects.checkIndex(row, rows);
    if (!lists) {
      long code = codes.get(row);
      return code == 0 ? null : new int[] {check(row, code - 1)};
    }
    long from = offset(row);
    long to = offset(row + 1);
    if (to < from || to > items || to - from > distinct) {
      throw Sections.corrupt(
          section, 4L * row, "row " + row + " with items " + from + " to " + to, "0 to " + items);
    }
    int[] ranks = to == from ? NONE : new int[(int) (to - from)];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = check(row, codes.get(from + i));
      if (i > 0 && ranks[i] <= ranks[i - 1]) {
        throw Sections.corrupt(section, 4L * row, "ranks of row " + row, "ascending ranks");
      }
    }
    return ranks.length == 0 ? null : ranks;
  }

  private int check(int row, long rank) {
    if (rank >= distinct) {
      throw Sections.corrupt(section, 0, "rank " + rank + " in row " + row, "below " + distinct);
    }
    return (int) rank;
  }
}
