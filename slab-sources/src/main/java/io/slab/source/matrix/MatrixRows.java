package io.slab.source.matrix;

import io.slab.model.Limits;
import io.slab.source.ForeignFile;
import io.slab.store.ByteSource;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Rows of a matrix in a file: a NumPy array, a tensor of a {@code .safetensors} file, or one of the
 * forms {@code .fvecs}, {@code .bvecs} and {@code .ivecs}, in which each row follows its length.
 * One thread only, unless the file is mapped: then any number of them by {@link #copy}.
 */
final class MatrixRows implements AutoCloseable {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final String TOO_LARGE_BY_COLUMN =
      "the array is in Fortran order, of which so much is read from a local file only; save it with"
          + " numpy.ascontiguousarray";

  /** Bytes that a remote store is asked for at once. */
  private static final long REMOTE_PIECE = 4 << 20;

  private final ByteSource source;
  private final Elements elements;
  private final boolean byColumn;
  private final long dataOffset;
  private final long rows;
  private final int columns;
  private final int prefix;
  private MemorySegment piece = MemorySegment.NULL;
  private long pieceStart;
  private boolean rounded;

  private MatrixRows(ByteSource source, NpyHeader header, int prefix) {
    if (header.columns() == 0 && header.rows() > 0) {
      // Any number of them fits into a file of no bytes.
      throw ForeignFile.corrupt(
          source.name(), 0, header.rows() + " rows of 0 elements", "rows of at least one element");
    }
    this.source = source;
    this.elements = header.elements();
    this.byColumn = header.byColumn();
    this.dataOffset = header.dataOffset();
    this.rows = header.rows();
    this.columns = (int) header.columns();
    this.prefix = prefix;
    if (source.mapped() && rows > 0) {
      piece = source.read(0, source.length());
    }
  }

  /**
   * A NumPy array.
   *
   * @param start the file from its first byte on
   * @throws io.slab.error.InvalidInputException when it is none of those that are wanted
   */
  static MatrixRows npy(ByteSource source, InputStream start, NpyHeader.Wanted wanted) {
    NpyHeader header = NpyHeader.read(start, source.name(), wanted);
    long expected;
    try {
      expected = Math.addExact(header.dataOffset(), header.dataBytes());
    } catch (ArithmeticException e) {
      throw NpyHeader.bad(
          source.name(), "its shape is " + header.rows() + " x " + header.columns());
    }
    if (source.length() != expected) {
      throw NpyHeader.bad(
          source.name(), "it has " + source.length() + " bytes, its shape says " + expected);
    }
    if (header.byColumn() && !source.mapped() && header.dataBytes() > NpyReader.MAX_BY_COLUMN) {
      throw NpyHeader.bad(source.name(), TOO_LARGE_BY_COLUMN);
    }
    return new MatrixRows(source, header, 0);
  }

  /**
   * A matrix of a file of tensors.
   *
   * @param array its name, or null for the only one
   * @throws io.slab.error.InvalidInputException when there is none, or more than one
   */
  static MatrixRows safetensors(ByteSource source, String array) {
    return new MatrixRows(source, SafetensorsHeader.read(source, array), 0);
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
    Elements elements = Elements.littleEndian(type);
    return new MatrixRows(source, new NpyHeader(elements, false, length / stride, columns, 0), 4);
  }

  long rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  private long stride() {
    return prefix + (long) columns * elements.width();
  }

  /** Where a row begins in the file, were its elements together. */
  long offset(long row) {
    return dataOffset + row * stride();
  }

  /** Where the first element of a row begins in the file. */
  private long first(long row) {
    return byColumn ? dataOffset + row * elements.width() : offset(row);
  }

  /** From one element of a row to the next. */
  private long step() {
    return byColumn ? rows * elements.width() : elements.width();
  }

  /** Bytes of all elements. */
  long bytes() {
    return rows * columns * elements.width();
  }

  /** Reads a row; the numbers are not checked. */
  float[] read(long row) {
    float[] values = new float[columns];
    rounded = copy(row, values);
    return values;
  }

  /**
   * As {@link #read}, into an array of {@link #columns} elements.
   *
   * @return true when an element is no 32-bit float and was rounded
   */
  boolean copy(long row, float[] into) {
    long at = first(row);
    if (!source.mapped()) {
      fetch(at);
    }
    long from = at - pieceStart;
    if (prefix > 0 && piece.get(INT, from) != columns) {
      throw ForeignFile.corrupt(
          source.name(),
          at,
          "a row of " + piece.get(INT, from) + " elements",
          columns + " of them");
    }
    return elements.copy(piece, from + prefix, step(), into);
  }

  /** One element of a mapped matrix of whole numbers. */
  long number(long row, int column) {
    return elements.number(piece, first(row) + column * step());
  }

  /** Makes the row that begins there one of those that are at hand. */
  private void fetch(long at) {
    if (byColumn) {
      if (pieceStart == 0) {
        piece = source.read(dataOffset, offset(rows) - dataOffset);
        pieceStart = dataOffset;
      }
    } else if (at < pieceStart || at + stride() > pieceStart + piece.byteSize()) {
      piece = source.read(at, Math.min(Math.max(stride(), REMOTE_PIECE), offset(rows) - at));
      pieceStart = at;
    }
  }

  /**
   * Says that what was read of a mapped matrix may leave this process's memory. It stays in the
   * page cache of the system and is mapped again when it is touched.
   */
  void release() {
    if (rows > 0) {
      piece.unload();
    }
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
