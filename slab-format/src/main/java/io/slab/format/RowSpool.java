package io.slab.format;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import io.slab.bytes.LittleEndian;
import io.slab.error.CancellationToken;
import io.slab.error.WorkPhase;
import io.slab.format.section.MetadataCodec;
import io.slab.model.Metadata;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows on disk, read once from front to back in the order in which they come, and then read in any
 * order by the ranks of their ids. The vectors lie in one file by rank; metadata, coded as in
 * META_ROWS, and sparse values in another, in {@link RowGroups} that are compressed once they are
 * more than the vectors. The place of each row is held in memory: 8 bytes a row, and 8 more for
 * LSNs where rows come in another order than that of their ids. Filled by one thread, then read by
 * any until it is closed.
 */
final class RowSpool implements AutoCloseable {
  private static final String NAME = "rows in a scratch file";

  private final Arena arena = Arena.ofShared();
  private final int dimension;
  private final boolean hasSparse;
  private final List<String> fields;
  private final long[] lsns;

  /** Of each rank the place where its lengths, metadata and sparse values begin. */
  private final long[] starts;

  private final boolean finite;
  private final MemorySegment vectors;
  private final MemorySegment others;

  /**
   * What rows consist of.
   *
   * @param dimension of dense values, 0 for none
   * @param sparse true where rows may have sparse values
   * @param fields names of all fields, in the order of their bytes
   */
  record Shape(int dimension, boolean sparse, List<String> fields) {}

  /** As below, without a listener for its progress. */
  RowSpool(Shape shape, int rows, SlabInput.Cursor cursor, Path scratch) {
    this(shape, rows, cursor, scratch, new WorkPhase(CancellationToken.NONE, "", null, 0));
  }

  /**
   * Copies all rows, and closes the cursor.
   *
   * @param cursor in the order of the ids, or {@link SlabInput.Arrivals}
   * @param scratch folder for the files; null for the system's
   * @param phase counts the rows
   */
  RowSpool(Shape shape, int rows, SlabInput.Cursor cursor, Path scratch, WorkPhase phase) {
    this.dimension = shape.dimension();
    this.hasSparse = shape.sparse();
    this.fields = shape.fields();
    this.starts = new long[rows];
    SlabInput.Arrivals arrivals = cursor instanceof SlabInput.Arrivals some ? some : null;
    this.lsns = arrivals == null ? null : new long[rows];
    Arrays.fill(starts, -1);
    Map<String, Integer> fieldIds = new HashMap<>();
    fields.forEach(field -> fieldIds.put(field, fieldIds.size()));
    boolean allFinite = true;
    try (cursor;
        ScratchFile dense = new ScratchFile(scratch, 4L * dimension * rows);
        ScratchFile rest = new ScratchFile(scratch, 0)) {
      RowGroups groups = new RowGroups(rest);
      for (int i = 0; i < rows; i++) {
        if (!cursor.next()) {
          throw new IllegalArgumentException("a later pass ends at row " + i);
        }
        int rank = arrivals == null ? i : arrivals.rank();
        if (arrivals != null) {
          lsns[rank] = cursor.lsn();
        }
        allFinite &= dimension == 0 || add(dense, cursor.values(), rank);
        starts[rank] = groups.place();
        addOthers(groups.out(), cursor, fieldIds);
        groups.endRow(4L * dimension * (i + 1));
        phase.add(1);
      }
      groups.finish();
      requireAll();
      this.vectors = dense.map(arena);
      this.others = rest.map(arena);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
    this.finite = allFinite;
  }

  private void requireAll() {
    for (int rank = 0; rank < starts.length; rank++) {
      if (starts[rank] < 0) {
        throw new IllegalArgumentException("no row came for the id of rank " + rank);
      }
    }
  }

  private boolean add(ScratchFile dense, float[] values, int rank) {
    if (values == null || values.length != dimension) {
      throw new IllegalArgumentException(
          "row " + rank + " lacks the " + dimension + " values of this index");
    }
    dense.floats(4L * dimension * rank, values);
    return RecordRules.isFinite(values);
  }

  private void addOthers(ByteWriter out, SlabInput.Cursor cursor, Map<String, Integer> fieldIds) {
    int at = out.size();
    out.u32(0);
    MetadataCodec.writeRow(out, cursor.metadata(), fieldIds);
    out.setU32(at, out.size() - at - 4);
    if (!hasSparse) {
      return;
    }
    SparseVector sparse = cursor.sparse();
    out.u32(sparse == null ? 0 : sparse.size());
    if (sparse != null) {
      for (int index : sparse.indices()) {
        out.u32(index);
      }
      out.floats(sparse.weights());
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

  /** Bytes of both files. */
  long bytes() {
    return vectors.byteSize() + others.byteSize();
  }

  /** The LSNs by rank; null where rows came in the order of their ids. */
  long[] lsns() {
    return lsns;
  }

  /** Names of the fields by the numbers that the coded metadata has. */
  List<String> fields() {
    return fields;
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
    private final float[] values = new float[dimension];
    private byte[] metadata = new byte[256];
    private final RowGroups.Reader reader = new RowGroups.Reader(others, NAME);
    private MemorySegment current;
    private int currentOf = -1;
    private int row = -1;
    private int rank;

    private Pass(int[] order) {
      this.order = order;
    }

    @Override
    public boolean next() {
      row++;
      if (row >= starts.length) {
        return false;
      }
      rank = order == null ? row : order[row];
      return true;
    }

    /** The input has the ids. */
    @Override
    public byte[] id() {
      throw new UnsupportedOperationException("ids are not spooled");
    }

    @Override
    public long lsn() {
      return lsns[rank];
    }

    @Override
    public float[] values() {
      if (dimension == 0) {
        return null;
      }
      long at = 4L * rank * dimension;
      MemorySegment.copy(vectors, LittleEndian.FLOAT, at, values, 0, dimension);
      return values;
    }

    /** Lengths, metadata and sparse values. */
    private MemorySegment others() {
      if (currentOf != rank) {
        current = reader.row(starts[rank]);
        currentOf = rank;
      }
      return current;
    }

    @Override
    public SparseVector sparse() {
      long at = 4L + metadataLength();
      int size = hasSparse ? others().get(LittleEndian.INT, at) : 0;
      if (size == 0) {
        return null;
      }
      int[] indices = new int[size];
      float[] weights = new float[size];
      MemorySegment.copy(others(), LittleEndian.INT, at + 4, indices, 0, size);
      MemorySegment.copy(others(), LittleEndian.FLOAT, at + 4 + 4L * size, weights, 0, size);
      return new SparseVector(indices, weights);
    }

    int metadataLength() {
      return others().get(LittleEndian.INT, 0);
    }

    /** The metadata as META_ROWS codes them; {@link #metadataLength} bytes count. */
    byte[] metadataBytes() {
      int length = metadataLength();
      if (metadata.length < length) {
        metadata = new byte[2 * length];
      }
      MemorySegment.copy(others(), ValueLayout.JAVA_BYTE, 4, metadata, 0, length);
      return metadata;
    }

    @Override
    public Metadata metadata() {
      ByteCursor coded = new ByteCursor(NAME, 0, others().asSlice(4, metadataLength()));
      return MetadataCodec.readRow(coded, fields);
    }
  }
}
