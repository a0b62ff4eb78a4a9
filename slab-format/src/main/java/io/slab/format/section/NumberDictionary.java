package io.slab.format.section;

import io.slab.bytes.ByteWriter;
import io.slab.bytes.Segments;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;
import io.slab.format.file.SlabFormat;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The sorted distinct numbers of a column: COLUMN_DICT in encoding 2 ({@link ColumnLayout}).
 * Thread-safe.
 */
public final class NumberDictionary {
  /** Numbers that are checked through one buffer. */
  private static final int PIECE = 1 << 16;

  private final MemorySegment values;
  private final int count;

  /** Reads and checks the whole dictionary. */
  public NumberDictionary(Section section, int distinct) {
    Sections.codec(section, SlabFormat.CODEC_NONE);
    Sections.encoding(section, ColumnLayout.DICT_NUMBERS);
    Sections.items(section, distinct);
    Sections.length(section, 8L * distinct);
    values = section.all();
    count = distinct;
    double last = Double.NEGATIVE_INFINITY;
    for (int rank = 0; rank < count; rank += PIECE) {
      last = check(section, rank, Math.min(PIECE, count - rank), last);
    }
  }

  /** Checks some numbers, which must be above the one before; returns the last of them. */
  private double check(Section section, int first, int numbers, double before) {
    // Through a buffer: nothing is linked for it in a process that asks one question.
    ByteBuffer piece = Segments.buffer(values.asSlice(8L * first, 8L * numbers));
    double last = before;
    for (int i = 0; i < numbers; i++) {
      double value = piece.getDouble(8 * i);
      boolean fits =
          Double.isFinite(value) && (value != 0 || Double.doubleToRawLongBits(value) == 0);
      if (!fits || value <= last) {
        throw Sections.corrupt(section, 8L * (first + i), "number " + value, "finite, ascending");
      }
      last = value;
    }
    return last;
  }

  /** Writes a dictionary; the numbers must ascend and hold no -0.0. */
  public static void write(SlabFileWriter out, int column, double[] distinct) {
    ByteWriter bytes = new ByteWriter(8 * distinct.length);
    for (double value : distinct) {
      bytes.f64(value);
    }
    SectionSpec spec = SectionSpec.of(SectionKind.COLUMN_DICT).column(column);
    out.section(
        spec.encoding(ColumnLayout.DICT_NUMBERS), bytes.segment(), bytes.size(), distinct.length);
  }

  public int count() {
    return count;
  }

  public double value(int rank) {
    return Double.longBitsToDouble(Segments.longAt(values, 8L * rank));
  }

  /**
   * The first rank whose value is not less than (or, not {@code orEqual}, greater than) {@code
   * key}.
   */
  public int firstRank(double key, boolean orEqual) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      double value = value(middle);
      if (orEqual ? value < key : value <= key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
