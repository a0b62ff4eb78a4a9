package io.slab.search;

import io.slab.bytes.LittleEndian;
import io.slab.filter.FieldIndex;
import io.slab.filter.FieldIndexes;
import io.slab.format.SlabView;
import io.slab.format.section.DenseRows;
import io.slab.format.section.SparseIndex;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.testkit.SparseIndexes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A slab in memory, without a file: on the heap (as remote slabs are) or off it (as mapped ones
 * are).
 */
final class FakeSlab implements SlabView {
  private final Ulid id;
  private final int dimension;
  private final List<VectorRecord> records;
  private final MemorySegment vectors;
  private final MemorySegment inverseNorms;
  private final FieldIndex fields;
  final AtomicInteger idReads = new AtomicInteger();
  private SparseIndex sparseIndex;

  FakeSlab(int number, int dimension, List<VectorRecord> unsorted, boolean isNative) {
    this.id = new Ulid(0, number);
    this.dimension = dimension;
    this.records =
        unsorted.stream().sorted(Comparator.comparing(VectorRecord::id, Utf8.ORDER)).toList();
    // One float of padding makes rows start where nothing is aligned to more than four bytes.
    long bytes = 4L * dimension * records.size() + 4;
    MemorySegment all =
        isNative
            ? Arena.ofAuto().allocate(bytes, 64)
            : MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
    vectors = all.asSlice(4);
    inverseNorms = MemorySegment.ofArray(new byte[4 * records.size()]);
    for (int row = 0; row < records.size() && dimension > 0; row++) {
      float[] values = records.get(row).values();
      MemorySegment.copy(values, 0, vectors, LittleEndian.FLOAT, 4L * dimension * row, dimension);
      inverseNorms.set(
          LittleEndian.FLOAT, 4L * row, (float) (1 / Math.sqrt(Reference.dot(values, values))));
    }
    fields = FieldIndexes.of(records.stream().map(VectorRecord::metadata).toList());
  }

  @Override
  public Ulid id() {
    return id;
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
  public long lsn(int row) {
    return row;
  }

  @Override
  public byte[] rowId(int row) {
    idReads.incrementAndGet();
    return Utf8.bytes(records.get(row).id());
  }

  @Override
  public int find(byte[] key) {
    int row = lowerBound(key);
    return row < rows() && Utf8.compareBytes(rowId(row), key) == 0 ? row : -1;
  }

  @Override
  public int find(byte[] key, long hash) {
    return find(key);
  }

  @Override
  public int lowerBound(byte[] key) {
    int row = 0;
    while (row < rows() && Utf8.compareBytes(rowId(row), key) < 0) {
      row++;
    }
    return row;
  }

  @Override
  public DenseRows dense() {
    return dimension == 0 ? null : new Dense();
  }

  @Override
  public SparseVector sparse(int row) {
    return records.get(row).sparse();
  }

  @Override
  public SparseIndex sparseIndex() {
    return sparseIndex;
  }

  /** Builds an inverted index of the sparse values, unless there are none. */
  void indexSparse(int windowRows, int budget) {
    List<SparseVector> rows = records.stream().map(VectorRecord::sparse).toList();
    sparseIndex = SparseIndexes.of(rows, windowRows, budget);
  }

  @Override
  public Metadata metadata(int row) {
    return records.get(row).metadata();
  }

  @Override
  public VectorRecord record(int row) {
    return records.get(row);
  }

  @Override
  public FieldIndex fields() {
    return fields;
  }

  @Override
  public void close() {}

  private final class Dense implements DenseRows {
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
      return vectors.asSlice(4L * dimension * first, 4L * dimension * count);
    }

    @Override
    public MemorySegment inverseNorms(int first, int count) {
      return inverseNorms.asSlice(4L * first, 4L * count);
    }

    @Override
    public void copy(int row, float[] target) {
      MemorySegment.copy(vectors, LittleEndian.FLOAT, 4L * dimension * row, target, 0, dimension);
    }
  }
}
