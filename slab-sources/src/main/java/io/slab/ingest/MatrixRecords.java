package io.slab.ingest;

import io.slab.error.CancellationToken;
import io.slab.error.InvalidInputException;
import io.slab.error.WorkPhase;
import io.slab.format.SlabInput;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.RowNumbers;
import io.slab.source.matrix.NpyFile;
import io.slab.writer.BulkRows;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The rows of a NumPy matrix as records, with ids and metadata from a file of JSON lines beside it
 * where there is one. Without ids there a row's id is its number with leading zeros, so that the
 * order of the ids is that of the rows, behind a prefix. Both files are mapped; held are 16 bytes a
 * row and the ids that were given. Thread-safe.
 */
public final class MatrixRecords implements AutoCloseable {
  private final NpyFile matrix;
  private final RowMetadata metadata;
  private final IndexSpec spec;
  private final RowNumbers.Range numbers;
  private final byte[] prefix;
  private final int digits;

  private MatrixRecords(
      NpyFile matrix, RowMetadata metadata, IndexSpec spec, RowNumbers.Range numbers) {
    this.matrix = matrix;
    this.metadata = metadata;
    this.spec = spec;
    this.numbers = numbers;
    prefix = Utf8.bytes(numbers.prefix());
    digits = numbers.digits();
  }

  /**
   * Opens the files and checks everything but the vectors' elements, for which there is {@link
   * #check}.
   *
   * @param metadata null for none
   * @param options how the lines of metadata are read
   * @param numbers make the ids of rows that have none; this matrix alone takes from them
   * @throws InvalidInputException when they do not fit each other or the index
   */
  public static MatrixRecords open(
      Path matrix, Path metadata, RowNumbers numbers, IndexSpec spec, ReadOptions options) {
    NpyFile file = NpyFile.vectors(matrix);
    RowMetadata lines = null;
    try {
      requireShape(file, spec);
      lines = metadata == null ? null : RowMetadata.open(metadata, (int) file.rows(), options);
      MatrixRecords records = new MatrixRecords(file, lines, spec, numbers.take(file.rows()));
      RecordRules.Finding finding = file.rows() == 0 ? null : RecordRules.id(records.id(0));
      if (finding != null) {
        throw new InvalidInputException(finding.message());
      }
      return records;
    } catch (RuntimeException e) {
      if (lines != null) {
        lines.close();
      }
      file.close();
      throw e;
    }
  }

  private static void requireShape(NpyFile file, IndexSpec spec) {
    if (!spec.vectorType().hasDense()) {
      throw new InvalidInputException(file.name() + ": " + RecordRules.denseInSparse());
    }
    if (file.columns() != spec.dimension()) {
      throw new InvalidInputException(
          file.name() + ": " + RecordRules.dimensionMismatch(file.columns(), spec.dimension()));
    }
    if (file.rows() > Integer.MAX_VALUE - 8) {
      throw new InvalidInputException(file.name() + " has " + file.rows() + " rows: too many");
    }
  }

  /**
   * Reads every vector.
   *
   * @param work says whether to go on, and hears how far it is
   * @return what is done to rows on their way
   * @throws InvalidInputException naming the first row that the index cannot hold
   */
  public List<NoteTally.Count> check(CancellationToken work) {
    NoteTally notes = new NoteTally();
    if (metadata != null) {
      metadata.notes(notes);
    }
    List<Note> rounded = List.of(new Note(Note.Kind.VALUES_ROUNDED, null));
    float[] values = new float[matrix.columns()];
    WorkPhase phase = new WorkPhase(work, "checking", "records", rows());
    for (int row = 0; row < rows(); row++) {
      work.check();
      phase.add(1);
      if (matrix.copy(row, values)) {
        notes.add(rounded, matrix.name() + " row " + row);
      }
      // Anew for the id, which only a message needs.
      if (RecordRules.dense("", values, spec) != null) {
        RecordRules.Finding finding = RecordRules.dense(id(row), values, spec);
        throw new InvalidInputException(matrix.name() + ": row " + row + ": " + finding.message());
      }
    }
    return notes.counts();
  }

  public int rows() {
    return (int) matrix.rows();
  }

  /** Bytes of both files. */
  public long bytes() {
    return matrix.bytes() + (metadata == null ? 0 : metadata.bytes());
  }

  private boolean numbered() {
    return metadata == null || !metadata.hasIds();
  }

  /** Where the ids come from when they are made up, else null. */
  public RowNumbers.Range numbers() {
    return numbered() ? numbers : null;
  }

  private String id(int row) {
    return Utf8.string(idBytes(row));
  }

  private byte[] idBytes(int row) {
    if (!numbered()) {
      return metadata.id(row);
    }
    byte[] id = Arrays.copyOf(prefix, prefix.length + digits);
    long rest = numbers.first() + row;
    for (int at = id.length - 1; at >= prefix.length; at--) {
      id[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return id;
  }

  /** Reads rows one by one, in any order, for the ordinary way of writing. */
  public IntFunction<VectorRecord> reader() {
    RowMetadata.Reader lines = metadata == null ? null : metadata.reader();
    return row -> {
      float[] values = new float[matrix.columns()];
      matrix.copy(row, values);
      Metadata fields = lines == null ? Metadata.EMPTY : lines.metadata(row);
      return new VectorRecord(id(row), values, null, fields);
    };
  }

  /** The rows in the order of their ids; of several with one id the last. */
  public BulkRows sorted() {
    int[] order = numbered() ? null : order();
    return new Sorted(order, order == null ? rows() : order.length);
  }

  private int[] order() {
    int[] rows = IntStream.range(0, rows()).toArray();
    boolean ascending = true;
    for (int row = 1; row < rows.length && ascending; row++) {
      ascending = metadata.compareIds(row - 1, row) < 0;
    }
    if (ascending) {
      return rows;
    }
    RowOrder.sort(rows, metadata::compareIds);
    int kept = 0;
    for (int i = 0; i < rows.length; i++) {
      if (i + 1 == rows.length || metadata.compareIds(rows[i], rows[i + 1]) != 0) {
        rows[kept++] = rows[i];
      }
    }
    return Arrays.copyOf(rows, kept);
  }

  @Override
  public void close() {
    matrix.close();
    if (metadata != null) {
      metadata.close();
    }
  }

  private final class Sorted implements BulkRows {
    /** Rows of the matrix in the order of their ids; null: as they are. */
    private final int[] order;

    private final int rows;

    Sorted(int[] order, int rows) {
      this.order = order;
      this.rows = rows;
    }

    @Override
    public int rows() {
      return rows;
    }

    @Override
    public long bytes() {
      long text = metadata == null ? 0 : metadata.bytes();
      return rows * (4L * matrix.columns() + prefix.length + digits) + text;
    }

    @Override
    public SlabInput part(int from, int to, long lsn) {
      return new SlabInput() {
        @Override
        public int rows() {
          return to - from;
        }

        @Override
        public Cursor open() {
          return new Pass(order, from, to, lsn);
        }
      };
    }
  }

  /**
   * A matrix may be much larger than the memory that a load is to take, and each part of it is
   * needed once in a pass: what was read is released every so many bytes.
   */
  private static final long RELEASE_BYTES = 64L << 20;

  private final class Pass implements SlabInput.Cursor {
    private final int[] order;
    private final int to;
    private final long lsn;
    private final float[] values = new float[matrix.columns()];
    private final RowMetadata.Reader lines = metadata == null ? null : metadata.reader();
    private final int releaseRows =
        (int) Math.max(1, RELEASE_BYTES / (4L * Math.max(1, matrix.columns())));
    private int at;
    private int row;
    private int read;

    Pass(int[] order, int from, int to, long lsn) {
      this.order = order;
      this.at = from - 1;
      this.to = to;
      this.lsn = lsn;
    }

    @Override
    public boolean next() {
      at++;
      if (at >= to) {
        return false;
      }
      row = order == null ? at : order[at];
      return true;
    }

    @Override
    public byte[] id() {
      return idBytes(row);
    }

    @Override
    public long lsn() {
      return lsn;
    }

    @Override
    public float[] values() {
      matrix.copy(row, values);
      if (++read == releaseRows) {
        read = 0;
        matrix.release();
      }
      return values;
    }

    @Override
    public SparseVector sparse() {
      return null;
    }

    @Override
    public Metadata metadata() {
      return lines == null ? Metadata.EMPTY : lines.metadata(row);
    }

    @Override
    public void close() {
      if (read > 0) {
        matrix.release();
      }
    }
  }
}
