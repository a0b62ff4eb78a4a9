package io.slab.format.section;

import io.slab.bytes.ByteWriter;
import io.slab.bytes.LittleEndian;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;
import io.slab.format.file.SlabFormat;
import java.lang.foreign.MemorySegment;

/**
 * The sorted distinct numbers of a column: COLUMN_DICT in encoding 2 ({@link ColumnLayout}).
 * Thread-safe.
 */
public final class NumberDictionary {
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
    for (int rank = 0; rank < count; rank++) {
      double value = value(rank);
      boolean fits =
          Double.isFinite(value) && (value != 0 || Double.doubleToRawLongBits(value) == 0);
      if (!fits || (rank > 0 && value <= value(rank - 1))) {
        throw Sections.corrupt(section, 8L * rank, "number " + value, "finite, ascending");
      }
    }
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
    return values.get(LittleEndian.DOUBLE, 8L * rank);
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
