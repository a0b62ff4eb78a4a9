package io.slab.bench;

import io.slab.error.InvalidInputException;
import io.slab.filter.FieldIndex;
import io.slab.filter.FieldIndexes;
import io.slab.format.SlabView;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.file.SlabFileWriter;
import io.slab.format.section.DenseRows;
import io.slab.format.section.RawVectorsReader;
import io.slab.format.section.RawVectorsWriter;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.store.LocalStore;
import io.slab.store.ObjectUpload;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A slab file that holds vectors and nothing else, seen through checksums and mapping as any slab
 * is. Ids are row numbers of ten digits.
 */
final class BenchSlab implements SlabView {
  private final SlabFile file;
  private final DenseRows dense;

  private BenchSlab(SlabFile file, DenseRows dense) {
    this.file = file;
    this.dense = dense;
  }

  static String name(int dimension, long bytes) {
    return "scan-" + dimension + "-" + (bytes >> 20) + ".slab";
  }

  static void writeIfMissing(LocalStore store, String name, int dimension, long bytes) {
    if (store.list("", "").stream().noneMatch(object -> object.name().equals(name))) {
      write(store, name, dimension, bytes);
    }
  }

  /** Writes {@code bytes} of uniform random values in [-1, 1) as rows of this dimension. */
  static void write(LocalStore store, String name, int dimension, long bytes) {
    int rows = Math.toIntExact(bytes / (4L * dimension));
    SplittableRandom random = new SplittableRandom(dimension);
    try (ObjectUpload upload = store.upload(name)) {
      SlabFileWriter out = new SlabFileWriter(upload, new Ulid(1, dimension), 0);
      RawVectorsWriter vectors = new RawVectorsWriter(out, dimension, true);
      float[] row = new float[dimension];
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < dimension; i++) {
          row[i] = random.nextInt() * 0x1p-31f;
        }
        vectors.add(row);
      }
      vectors.finish();
      vectors.writeNorms();
      out.finish();
      upload.commit();
    }
  }

  /** Opens a file anew: none of its checksums has been verified. */
  static BenchSlab open(LocalStore store, String name, int dimension, Metric metric) {
    SlabFile file = SlabFile.open(store.open(name));
    int rows = Math.toIntExact(file.require(SectionKind.RAW_VECTORS).entry().items());
    return new BenchSlab(
        file,
        new RawVectorsReader(
            file.require(SectionKind.RAW_VECTORS),
            metric == Metric.COSINE ? file.find(SectionKind.INVERSE_NORMS) : null,
            rows,
            dimension,
            metric));
  }

  /** Where a section starts in the file. */
  long offset(SectionKind kind) {
    return file.require(kind).entry().offset();
  }

  /** The vectors as plain bytes, without a look at their checksums. */
  MemorySegment bytes() {
    DirectoryEntry entry = file.require(SectionKind.RAW_VECTORS).entry();
    return file.read(entry.offset(), entry.storedLength());
  }

  @Override
  public Ulid id() {
    return file.id();
  }

  @Override
  public int rows() {
    return dense.rows();
  }

  @Override
  public int dimension() {
    return dense.dimension();
  }

  @Override
  public long lsn(int row) {
    return row;
  }

  @Override
  public byte[] rowId(int row) {
    return Utf8.bytes(Integer.toString(1_000_000_000 + row));
  }

  @Override
  public int find(byte[] id) {
    int row = lowerBound(id);
    return row < rows() && Utf8.compareBytes(rowId(row), id) == 0 ? row : -1;
  }

  @Override
  public int find(byte[] id, long hash) {
    return find(id);
  }

  @Override
  public int lowerBound(byte[] key) {
    int low = 0;
    int high = rows();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Utf8.compareBytes(rowId(middle), key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public DenseRows dense() {
    return dense;
  }

  @Override
  public SparseVector sparse(int row) {
    return null;
  }

  @Override
  public Metadata metadata(int row) {
    return Metadata.EMPTY;
  }

  @Override
  public VectorRecord record(int row) {
    throw new InvalidInputException("the benchmark asks for no records");
  }

  @Override
  public FieldIndex fields() {
    return FieldIndexes.of(List.of());
  }

  @Override
  public void close() {
    file.close();
  }
}
