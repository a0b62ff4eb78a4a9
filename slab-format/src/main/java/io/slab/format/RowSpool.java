package io.slab.format;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.LittleEndian;
import io.slab.format.section.MetadataCodec;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a slab in id order, on disk, while the order in which the slab will keep them is
 * found. The vectors lie in one file; metadata, coded as in META_ROWS, and sparse values in
 * another, of which the place of each row is held in memory: 8 bytes a row. Filled by one thread,
 * then read by any.
 */
final class RowSpool implements AutoCloseable {
  private static final String NAME = "rows of a slab that is being built";

  private final Arena arena = Arena.ofShared();
  private final IndexSpec spec;
  private final List<String> fields;
  private final int[] sparseSizes;
  private final long[] ends;
  private final boolean finite;
  private final MemorySegment vectors;
  private final MemorySegment others;

  /**
   * Copies all rows.
   *
   * @param survey of the same input
   * @param scratch folder for the files; null for the system's
   */
  RowSpool(IndexSpec spec, SlabInput input, SlabSurvey survey, Path scratch) {
    this.spec = spec;
    this.fields = survey.fields();
    this.sparseSizes = survey.sparseSizes;
    this.ends = new long[input.rows()];
    Map<String, Integer> fieldIds = new HashMap<>();
    fields.forEach(field -> fieldIds.put(field, fieldIds.size()));
    boolean allFinite = true;
    try (ScratchFile dense = new ScratchFile(scratch);
        ScratchFile rest = new ScratchFile(scratch);
        SlabInput.Cursor cursor = input.open()) {
      for (int rank = 0; rank < ends.length; rank++) {
        if (!cursor.next()) {
          throw new IllegalArgumentException("a later pass ends at row " + rank);
        }
        allFinite &= add(dense, cursor.values(), rank);
        MetadataCodec.writeRow(rest.out(), cursor.metadata(), fieldIds);
        sparse(rest, cursor, rank);
        ends[rank] = rest.length();
        rest.flushFull();
      }
      this.vectors = dense.map(arena);
      this.others = rest.map(arena);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
    this.finite = allFinite;
  }

  private boolean add(ScratchFile dense, float[] values, int rank) {
    if (values == null || values.length != spec.dimension()) {
      throw new IllegalArgumentException(
          "row " + rank + " lacks the " + spec.dimension() + " values of this index");
    }
    dense.out().floats(values);
    dense.flushFull();
    return RecordRules.isFinite(values);
  }

  private void sparse(ScratchFile rest, SlabInput.Cursor cursor, int rank) {
    SparseVector sparse = sparseSizes.length == 0 ? null : cursor.sparse();
    int size = sparse == null ? 0 : sparse.size();
    if (size != (sparseSizes.length == 0 ? 0 : sparseSizes[rank])) {
      throw new IllegalArgumentException("row " + rank + " differs from the pass before");
    }
    for (int i = 0; i < size; i++) {
      rest.out().u32(sparse.indices()[i]);
    }
    if (size > 0) {
      rest.out().floats(sparse.weights());
    }
  }

  /** False when an older writer let in a value that is no number. */
  boolean isFinite() {
    return finite;
  }

  /** The dense values in id order: packed little-endian f32. */
  MemorySegment vectors() {
    return vectors;
  }

  /**
   * A pass over the rows.
   *
   * @param order ranks of the ids of the rows, in the order wanted; null for id order
   */
  Pass open(int[] order) {
    return new Pass(order);
  }

  @Override
  public void close() {
    arena.close();
  }

  /** One pass. What it hands out may be reused by the next row. */
  final class Pass implements SlabInput.Cursor {
    private final int[] order;
    private final float[] values = new float[spec.dimension()];
    private byte[] metadata = new byte[256];
    private int row = -1;
    private int rank;

    private Pass(int[] order) {
      this.order = order;
    }

    @Override
    public boolean next() {
      row++;
      if (row >= ends.length) {
        return false;
      }
      rank = order == null ? row : order[row];
      return true;
    }

    /** The survey has the ids. */
    @Override
    public byte[] id() {
      throw new UnsupportedOperationException("ids are not spooled");
    }

    /** The survey has them. */
    @Override
    public long lsn() {
      throw new UnsupportedOperationException("sequence numbers are not spooled");
    }

    @Override
    public float[] values() {
      long at = 4L * rank * values.length;
      MemorySegment.copy(vectors, LittleEndian.FLOAT, at, values, 0, values.length);
      return values;
    }

    private long start() {
      return rank == 0 ? 0 : ends[rank - 1];
    }

    private int sparseSize() {
      return sparseSizes.length == 0 ? 0 : sparseSizes[rank];
    }

    @Override
    public SparseVector sparse() {
      int size = sparseSize();
      if (size == 0) {
        return null;
      }
      long at = ends[rank] - 8L * size;
      int[] indices = new int[size];
      float[] weights = new float[size];
      MemorySegment.copy(others, LittleEndian.INT, at, indices, 0, size);
      MemorySegment.copy(others, LittleEndian.FLOAT, at + 4L * size, weights, 0, size);
      return new SparseVector(indices, weights);
    }

    int metadataLength() {
      return (int) (ends[rank] - 8L * sparseSize() - start());
    }

    /** The metadata as META_ROWS codes them; {@link #metadataLength} bytes count. */
    byte[] metadataBytes() {
      int length = metadataLength();
      if (metadata.length < length) {
        metadata = new byte[2 * length];
      }
      MemorySegment.copy(others, ValueLayout.JAVA_BYTE, start(), metadata, 0, length);
      return metadata;
    }

    @Override
    public Metadata metadata() {
      ByteCursor in = new ByteCursor(NAME, 0, others.asSlice(start(), metadataLength()));
      return MetadataCodec.readRow(in, fields);
    }
  }
}
