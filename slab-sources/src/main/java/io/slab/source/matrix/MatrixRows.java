package io.slab.source.matrix;

import io.slab.ingest.NpyHeader;
import io.slab.model.Limits;
import io.slab.source.ForeignFile;
import io.slab.store.ByteSource;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Rows of a matrix in a file: a NumPy array, or one of the forms {@code .fvecs}, {@code .bvecs} and
 * {@code .ivecs}, in which each row follows its length. One thread only.
 */
final class MatrixRows implements AutoCloseable {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Bytes that a remote store is asked for at once. */
  private static final long REMOTE_PIECE = 4 << 20;

  private final ByteSource source;
  private final NpyHeader.Type type;
  private final long dataOffset;
  private final long rows;
  private final int columns;
  private final int prefix;
  private MemorySegment piece = MemorySegment.NULL;
  private long pieceStart;
  private boolean rounded;

  private MatrixRows(
      ByteSource source, NpyHeader.Type type, long dataOffset, long rows, int columns, int prefix) {
    this.source = source;
    this.type = type;
    this.dataOffset = dataOffset;
    this.rows = rows;
    this.columns = columns;
    this.prefix = prefix;
  }

  /** A NumPy array of float32, float64 or uint8. */
  static MatrixRows npy(ByteSource source, InputStream start) {
    NpyHeader header =
        NpyHeader.read(start, source.name(), NpyHeader.Wanted.vectors(Limits.MAX_DIMENSION));
    long expected;
    try {
      expected = Math.addExact(header.dataOffset(), header.dataBytes());
    } catch (ArithmeticException e) {
      expected = -1;
    }
    if (source.length() != expected) {
      throw ForeignFile.corrupt(
          source.name(),
          -1,
          "a file of " + source.length() + " bytes",
          "the " + expected + " that its shape says");
    }
    return new MatrixRows(
        source, header.type(), header.dataOffset(), header.rows(), (int) header.columns(), 0);
  }

  /** Rows behind their lengths. */
  static MatrixRows vecs(ByteSource source, NpyHeader.Type type) {
    long length = source.length();
    int columns = length < 4 ? 0 : source.read(0, 4).get(INT, 0);
    long stride = 4 + (long) columns * type.width();
    if (columns < 1 || columns > Limits.MAX_DIMENSION || length % stride != 0) {
      throw ForeignFile.corrupt(
          source.name(),
          0,
          "a first row of " + columns + " elements in a file of " + length + " bytes",
          "rows of one length");
    }
    return new MatrixRows(source, type, 0, length / stride, columns, 4);
  }

  long rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  private long stride() {
    return prefix + (long) columns * type.width();
  }

  /** Where a row begins in the file. */
  long offset(long row) {
    return dataOffset + row * stride();
  }

  /** Reads a row; the numbers are not checked. */
  float[] read(long row) {
    long at = offset(row);
    if (at < pieceStart || at + stride() > pieceStart + piece.byteSize()) {
      long end = offset(rows);
      long wanted = source.mapped() ? end - at : Math.max(stride(), REMOTE_PIECE);
      piece = source.read(at, Math.min(wanted, end - at));
      pieceStart = at;
    }
    long from = at - pieceStart;
    if (prefix > 0 && piece.get(INT, from) != columns) {
      throw ForeignFile.corrupt(
          source.name(),
          at,
          "a row of " + piece.get(INT, from) + " elements",
          columns + " of them");
    }
    return copy(from + prefix);
  }

  private float[] copy(long from) {
    float[] values = new float[columns];
    rounded = false;
    switch (type) {
      case FLOAT32 -> MemorySegment.copy(piece, FLOAT, from, values, 0, columns);
      case FLOAT64 -> {
        for (int i = 0; i < columns; i++) {
          double exact = piece.get(DOUBLE, from + 8L * i);
          values[i] = (float) exact;
          rounded |= values[i] != exact && !Double.isNaN(exact);
        }
      }
      case INT32 -> {
        for (int i = 0; i < columns; i++) {
          values[i] = piece.get(INT, from + 4L * i);
          rounded |= (int) values[i] != piece.get(INT, from + 4L * i);
        }
      }
      default -> {
        for (int i = 0; i < columns; i++) {
          values[i] = piece.get(ValueLayout.JAVA_BYTE, from + i) & 0xFF;
        }
      }
    }
    return values;
  }

  /** True when an element of the last row was no 32-bit float. */
  boolean rounded() {
    return rounded;
  }

  @Override
  public void close() {
    source.close();
  }
}
