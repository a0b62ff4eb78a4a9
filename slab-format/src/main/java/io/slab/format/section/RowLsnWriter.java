package io.slab.format.section;

import io.slab.bytes.BitPacking;
import io.slab.bytes.ByteWriter;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;

/** Writes {@link RowLsnLayout}. */
public final class RowLsnWriter {
  private RowLsnWriter() {}

  /**
   * Writes the section of the rows.
   *
   * @param lsns unsigned, one per row; only the first {@code rows} count
   */
  public static void write(SlabFileWriter out, long[] lsns, int rows) {
    write(out, SectionKind.ROW_LSN, lsns, rows);
  }

  /** Writes a section of a kind with this layout. */
  public static void write(SlabFileWriter out, SectionKind kind, long[] lsns, int rows) {
    long base = rows == 0 ? 0 : lsns[0];
    for (int i = 1; i < rows; i++) {
      base = Long.compareUnsigned(lsns[i], base) < 0 ? lsns[i] : base;
    }
    long all = 0;
    for (int i = 0; i < rows; i++) {
      all |= lsns[i] - base;
    }
    int width = BitPacking.width(all);
    SlabFileWriter.Open section = out.begin(SectionSpec.of(kind));
    section.write(new ByteWriter(RowLsnLayout.HEADER_BYTES).u64(base).u32(width).u32(0).segment());
    BitPacking.Writer packed = new BitPacking.Writer(width, section::write);
    for (int i = 0; i < rows; i++) {
      packed.add(lsns[i] - base);
    }
    packed.finish();
    section.end(section.position(), rows);
  }
}
