package io.slab.testkit;

import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.file.SlabFileWriter;
import io.slab.format.section.SparseCensus;
import io.slab.format.section.SparsePostingsReader;
import io.slab.format.section.SparsePostingsWriter;
import io.slab.format.section.SparseRowsReader;
import io.slab.format.section.SparseRowsWriter;
import io.slab.model.SparseVector;
import java.util.List;

/** Inverted indexes without the rest of a slab. */
public final class SparseIndexes {
  private SparseIndexes() {}

  /** A file with the sparse rows and their index; without the index when no row has an entry. */
  public static byte[] file(List<SparseVector> rows, int windowRows, int budget) {
    HeapObject object = new HeapObject();
    SlabFileWriter out = new SlabFileWriter(object, TestSlabs.ID, 0);
    int[] sizes = rows.stream().mapToInt(row -> row == null ? 0 : row.size()).toArray();
    SparseRowsWriter sparseRows = new SparseRowsWriter(out, sizes, sizes.length);
    SparseCensus census = new SparseCensus();
    for (SparseVector row : rows) {
      sparseRows.add(row);
      census.add(row);
    }
    sparseRows.finish();
    if (!census.isEmpty()) {
      SparsePostingsWriter postings = new SparsePostingsWriter(out, census, windowRows, budget);
      while (postings.nextPass()) {
        for (int row = 0; row < rows.size(); row++) {
          postings.add(row, rows.get(row));
        }
      }
      postings.finish();
    }
    out.finish();
    return object.bytes();
  }

  public static SlabFile open(byte[] bytes) {
    return SlabFile.open(HeapObject.source("sparse.slab", bytes, true));
  }

  /** The index of such a file; null when it has none. */
  public static SparsePostingsReader index(SlabFile file, int rows) {
    return file.find(SectionKind.SPARSE_DICT) == null
        ? null
        : new SparsePostingsReader(
            file.require(SectionKind.SPARSE_DICT), file.require(SectionKind.SPARSE_POSTINGS), rows);
  }

  public static SparseRowsReader rows(SlabFile file, int rows) {
    return new SparseRowsReader(file.require(SectionKind.SPARSE_ROWS), rows);
  }

  public static SparsePostingsReader of(List<SparseVector> rows, int windowRows, int budget) {
    return index(open(file(rows, windowRows, budget)), rows.size());
  }
}
