package io.slab.format.section;

import io.slab.bytes.ByteWriter;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Writes RANK_SLICES ({@link ColumnLayout}). */
public final class RankSlicesWriter {
  private RankSlicesWriter() {}

  /** Writes the section of a number column. */
  public static void write(SlabFileWriter out, int column, ColumnValues values) {
    int slices = ColumnLayout.slices(values.distinct());
    ByteWriter table = new ByteWriter();
    ByteWriter blobs = new ByteWriter();
    int head = slices * ColumnLayout.BITMAP_ENTRY_BYTES;
    for (int bit = slices - 1; bit >= 0; bit--) {
      MutableRoaringBitmap slice = new MutableRoaringBitmap();
      for (int i = 0; i < values.rows().length; i++) {
        if ((values.ranks()[i] >>> bit & 1) != 0) {
          slice.add(values.rows()[i]);
        }
      }
      table.u32(slice.getCardinality());
      if (slice.isEmpty()) {
        table.u32(0).u64(0);
        continue;
      }
      byte[] blob = RoaringBlob.serialize(slice);
      blobs.align(ColumnLayout.BITMAP_ALIGNMENT);
      table.u32(blob.length).u64(head + (long) blobs.size());
      blobs.bytes(blob);
    }
    SlabFileWriter.Open section = out.begin(SectionSpec.of(SectionKind.RANK_SLICES).column(column));
    section.write(table.segment());
    section.write(blobs.segment());
    section.end(section.position(), slices);
  }
}
