package io.slab.search;

import io.slab.bytes.LittleEndian;
import io.slab.bytes.Segments;
import io.slab.format.section.DenseRows;
import io.slab.format.section.RawVectorsLayout;
import io.slab.model.VectorRecord;
import io.slab.vector.CanonicalScore;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The vectors of records in memory, block by block as kernels take the rows of a slab: each block
 * is valid until the next. One thread only.
 */
final class RecordBlocks implements DenseRows {
  private final List<VectorRecord> records;
  private final int dimension;
  private final MemorySegment block;

  /**
   * @param records all with dense values
   * @param work its row is as long as theirs
   */
  RecordBlocks(List<VectorRecord> records, Workspace work) {
    this.records = records;
    this.dimension = work.row.length;
    this.block = work.recordBlock();
  }

  /** True for queries whose scores are made of dense values alone. */
  static boolean suit(List<PreparedQuery> targets) {
    for (PreparedQuery target : targets) {
      if (!target.isDense() || target.sparse() != null) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int rows() {
    return records.size();
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public MemorySegment slice(int first, int count) {
    long bytes = 4L * dimension;
    for (int i = 0; i < count; i++) {
      float[] values = records.get(first + i).values();
      Segments.putFloats(values, block, i * bytes, dimension);
    }
    return block.asSlice(0, count * bytes);
  }

  @Override
  public MemorySegment inverseNorms(int first, int count) {
    MemorySegment norms = MemorySegment.ofArray(new byte[4 * count]);
    for (int i = 0; i < count; i++) {
      float[] values = records.get(first + i).values();
      float inverse = RawVectorsLayout.inverseNorm(CanonicalScore.dot(values, values));
      norms.set(LittleEndian.FLOAT, 4L * i, inverse);
    }
    return norms;
  }

  @Override
  public void copy(int row, float[] target) {
    System.arraycopy(records.get(row).values(), 0, target, 0, dimension);
  }
}
