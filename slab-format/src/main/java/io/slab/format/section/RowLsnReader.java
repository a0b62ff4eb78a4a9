package io.slab.format.section;

import io.slab.bytes.ByteCursor;
import io.slab.format.file.Section;
import io.slab.format.file.SlabFormat;

/** Reads {@link RowLsnLayout}. Thread-safe. */
public final class RowLsnReader {
  private final long base;
  private final PackedNumbers distances;

  /** Checks the section against the number of rows. */
  public RowLsnReader(Section section, int rows) {
    Sections.codec(section, SlabFormat.CODEC_NONE);
    Sections.encoding(section, 1);
    Sections.items(section, rows);
    ByteCursor in = Sections.cursor(section, 0, RowLsnLayout.HEADER_BYTES);
    base = in.u64("base LSN");
    int width = in.count("LSN width", 64);
    in.zeros(4, "reserved bytes");
    distances = new PackedNumbers(section, RowLsnLayout.HEADER_BYTES, rows, width);
  }

  /** Checks that all bits behind the numbers are zero. */
  public void verifyPadding() {
    distances.verifySpareBits();
  }

  /** What the stored numbers are counted from: the smallest LSN. */
  public long base() {
    return base;
  }

  public long lsn(int row) {
    return base + distances.get(row);
  }
}
