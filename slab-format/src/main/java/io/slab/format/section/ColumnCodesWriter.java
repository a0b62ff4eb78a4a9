package io.slab.format.section;

import io.slab.bytes.BitPacking;
import io.slab.bytes.ByteWriter;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;

/** Writes COLUMN_CODES ({@link ColumnLayout}). */
public final class ColumnCodesWriter {
  private ColumnCodesWriter() {}

  /**
   * Writes the section.
   *
   * @param rows rows of the slab
   */
  public static void write(SlabFileWriter out, int column, ColumnValues values, int rows) {
    if (values.ends() == null) {
      writeSingle(out, column, values, rows);
    } else {
      writeList(out, column, values, rows);
    }
  }

  private static SlabFileWriter.Open begin(
      SlabFileWriter out, int column, int encoding, int width) {
    SectionSpec spec = SectionSpec.of(SectionKind.COLUMN_CODES).column(column);
    return out.begin(spec.encoding(encoding).param(width));
  }

  private static void writeSingle(SlabFileWriter out, int column, ColumnValues values, int rows) {
    int width = ColumnLayout.singleWidth(values.distinct());
    SlabFileWriter.Open section = begin(out, column, ColumnLayout.CODES_SINGLE, width);
    BitPacking.Writer packed = new BitPacking.Writer(width, section::write);
    int next = 0;
    for (int row = 0; row < rows; row++) {
      boolean present = next < values.rows().length && values.rows()[next] == row;
      packed.add(present ? values.ranks()[next++] + 1L : 0);
    }
    packed.finish();
    section.end(section.position(), rows);
  }

  private static void writeList(SlabFileWriter out, int column, ColumnValues values, int rows) {
    int width = ColumnLayout.listWidth(values.distinct());
    SlabFileWriter.Open section = begin(out, column, ColumnLayout.CODES_LIST, width);
    ByteWriter offsets = new ByteWriter(Math.toIntExact(4L * rows + 12)).u32(0);
    int next = 0;
    for (int row = 0; row < rows; row++) {
      if (next < values.rows().length && values.rows()[next] == row) {
        next++;
      }
      offsets.u32(next == 0 ? 0 : values.end(next - 1));
    }
    section.write(offsets.align(8).segment());
    BitPacking.Writer packed = new BitPacking.Writer(width, section::write);
    for (int rank : values.ranks()) {
      packed.add(rank);
    }
    packed.finish();
    section.end(section.position(), rows);
  }
}
