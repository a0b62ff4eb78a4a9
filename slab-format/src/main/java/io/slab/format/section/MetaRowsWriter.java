package io.slab.format.section;

import io.slab.bytes.ByteWriter;
import io.slab.bytes.Zstd;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;

/** Writes META_ROWS as the rows come and META_BLOCKS later. One thread only. */
public final class MetaRowsWriter {
  private final SlabFileWriter out;
  private final SlabFileWriter.Open section;
  private final ByteWriter block = new ByteWriter();
  private final ByteWriter table = new ByteWriter();
  private int firstRow;
  private int rows;
  private long rawBytes;

  /** Begins META_ROWS. */
  public MetaRowsWriter(SlabFileWriter out) {
    this.out = out;
    this.section = out.begin(SectionSpec.of(SectionKind.META_ROWS).zstd());
  }

  /**
   * Appends a row.
   *
   * @param bytes as {@link MetadataCodec#writeRow} writes them; the first {@code length} count
   */
  public void add(byte[] bytes, int length) {
    if (block.size() > 0 && block.size() + length > MetaRowsLayout.BLOCK_BYTES) {
      closeBlock();
    }
    if (length > Zstd.MAX_BLOCK) {
      throw new IllegalArgumentException("metadata of " + length + " bytes in row " + rows);
    }
    block.bytes(bytes, 0, length);
    rows++;
  }

  private void closeBlock() {
    byte[] stored = Zstd.compress(block.array(), 0, block.size());
    table.u64(section.position()).u32(stored.length).u32(block.size());
    table.u32(firstRow).u32(rows - firstRow);
    section.write(stored);
    rawBytes += block.size();
    firstRow = rows;
    block.clear();
  }

  /** Ends META_ROWS. */
  public void finish() {
    if (rows > firstRow) {
      closeBlock();
    }
    section.end(rawBytes, rows);
  }

  /** Writes META_BLOCKS after {@link #finish}. */
  public void writeTable() {
    out.section(
        SectionSpec.of(SectionKind.META_BLOCKS),
        table.segment(),
        table.size(),
        table.size() / MetaRowsLayout.TABLE_ENTRY_BYTES);
  }
}
