package io.slab.format.section;

import io.slab.bytes.ByteWriter;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Writes BITMAP_DATA and, later, BITMAP_DICT of one column ({@link ColumnLayout}). Holds 4 bytes
 * per value and row, and one bitmap at a time. One thread only.
 */
public final class BitmapsWriter {
  private final SlabFileWriter out;
  private final int column;
  private final ByteWriter dictionary = new ByteWriter();
  private final SlabFileWriter.Open data;
  private int stored;

  /** Writes BITMAP_DATA. */
  public BitmapsWriter(SlabFileWriter out, int column, ColumnValues values) {
    this.out = out;
    this.column = column;
    this.data = out.begin(SectionSpec.of(SectionKind.BITMAP_DATA).column(column));
    put(values.rows(), 0, values.rows().length);
    int[] ends = new int[values.distinct()];
    int[] rows = rowsByRank(values, ends);
    for (int rank = 0; rank < values.distinct(); rank++) {
      put(rows, rank == 0 ? 0 : ends[rank - 1], ends[rank]);
    }
    data.end(data.position(), stored);
  }

  /**
   * A counting sort: the rows of rank 0, then of rank 1, ...; {@code ends} takes the end of each.
   */
  private static int[] rowsByRank(ColumnValues values, int[] ends) {
    for (int rank : values.ranks()) {
      ends[rank]++;
    }
    int[] next = new int[ends.length];
    for (int rank = 1; rank < ends.length; rank++) {
      ends[rank] += ends[rank - 1];
      next[rank] = ends[rank - 1];
    }
    int[] rows = new int[values.ranks().length];
    for (int i = 0; i < values.rows().length; i++) {
      for (int item = values.start(i); item < values.end(i); item++) {
        rows[next[values.ranks()[item]]++] = values.rows()[i];
      }
    }
    return rows;
  }

  private void put(int[] rows, int from, int to) {
    int cardinality = to - from;
    dictionary.u32(cardinality);
    if (cardinality < 2) {
      dictionary.u32(cardinality == 1 ? rows[from] : 0).u64(0);
      return;
    }
    MutableRoaringBitmap bitmap = new MutableRoaringBitmap();
    bitmap.addN(rows, from, cardinality);
    byte[] blob = RoaringBlob.serialize(bitmap);
    data.write(new byte[(int) (-data.position() & (ColumnLayout.BITMAP_ALIGNMENT - 1))]);
    dictionary.u32(blob.length).u64(data.position());
    data.write(blob);
    stored++;
  }

  /** Bytes of BITMAP_DICT. */
  public int dictionaryLength() {
    return dictionary.size();
  }

  public void writeDictionary() {
    out.section(
        SectionSpec.of(SectionKind.BITMAP_DICT).column(column),
        dictionary.segment(),
        dictionary.size(),
        dictionary.size() / ColumnLayout.BITMAP_ENTRY_BYTES);
  }
}
