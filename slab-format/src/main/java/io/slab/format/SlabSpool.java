package io.slab.format;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import io.slab.bytes.LittleEndian;
import io.slab.error.CancellationToken;
import io.slab.format.section.MetaRowsReader;
import io.slab.format.section.MetadataCodec;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * All rows of a slab in scratch files, read from the slab from front to back, to be read in any
 * order. In the slab itself that costs a checksum of 64 KiB for each vector, and the unpacking of a
 * block for the metadata of each row. Holds 20 bytes a row. Thread-safe until it is closed.
 */
public final class SlabSpool implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final String resource;
  private final List<String> fields;
  private final int dimension;
  private final long[] lsns;

  /** Of each row where its sparse values and metadata end, and how many sparse values there are. */
  private final long[] ends;

  private final int[] sparseSizes;
  private final MemorySegment vectors;
  private final MemorySegment others;

  /**
   * Copies all rows.
   *
   * @param scratch folder for the files; null for the system's
   */
  SlabSpool(SlabReader slab, Path scratch, CancellationToken cancellation) {
    this.resource = "rows of " + slab.file().name();
    this.fields = slab.manifest().fields();
    this.dimension = slab.dense() == null ? 0 : slab.dimension();
    this.lsns = new long[slab.rows()];
    this.ends = new long[slab.rows()];
    this.sparseSizes = new int[slab.rows()];
    MetaRowsReader metadata = slab.metaRows();
    float[] values = new float[dimension];
    try (ScratchFile dense = new ScratchFile(scratch);
        ScratchFile rest = new ScratchFile(scratch)) {
      for (int row = 0; row < ends.length; row++) {
        cancellation.check();
        if (dimension > 0) {
          slab.dense().copy(row, values);
          dense.out().floats(values);
          dense.flushFull();
        }
        metadata.copy(row, rest.out());
        sparseSizes[row] = sparse(slab.sparse(row), rest.out());
        ends[row] = rest.length();
        rest.flushFull();
        lsns[row] = slab.lsn(row);
      }
      vectors = dense.map(arena);
      others = rest.map(arena);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private static int sparse(SparseVector sparse, ByteWriter out) {
    if (sparse == null) {
      return 0;
    }
    for (int index : sparse.indices()) {
      out.u32(index);
    }
    out.floats(sparse.weights());
    return sparse.size();
  }

  /** Sequence number of a row. */
  public long lsn(int row) {
    return lsns[row];
  }

  /**
   * Copies the dense values of a row.
   *
   * @param target as long as the slab has dimensions
   */
  public void values(int row, float[] target) {
    long at = 4L * row * dimension;
    MemorySegment.copy(vectors, LittleEndian.FLOAT, at, target, 0, dimension);
  }

  /** Sparse values of a row, or null when it has none. */
  public SparseVector sparse(int row) {
    int size = sparseSizes[row];
    if (size == 0) {
      return null;
    }
    long at = ends[row] - 8L * size;
    int[] indices = new int[size];
    float[] weights = new float[size];
    MemorySegment.copy(others, LittleEndian.INT, at, indices, 0, size);
    MemorySegment.copy(others, LittleEndian.FLOAT, at + 4L * size, weights, 0, size);
    return new SparseVector(indices, weights);
  }

  /** The metadata of a row. */
  public Metadata metadata(int row) {
    long from = row == 0 ? 0 : ends[row - 1];
    long length = ends[row] - 8L * sparseSizes[row] - from;
    return MetadataCodec.readRow(new ByteCursor(resource, 0, others.asSlice(from, length)), fields);
  }

  @Override
  public void close() {
    arena.close();
  }
}
