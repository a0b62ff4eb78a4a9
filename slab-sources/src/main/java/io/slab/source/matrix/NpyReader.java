package io.slab.source.matrix;

import io.slab.error.InvalidInputException;
import io.slab.model.Limits;
import io.slab.source.ReadFailure;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;

/**
 * Streams the rows of a NumPy {@code .npy} file: a two-dimensional array of the types that {@link
 * NpyHeader.Wanted#vectors} has. A one-dimensional array is one row. Elements become floats; NaN,
 * infinities and float64 beyond the range of float32 are refused. No more than one row is held, or,
 * of an array in Fortran order, all of at most 64 MiB. One thread only.
 */
public final class NpyReader implements AutoCloseable {
  /** An array in Fortran order has no row before its last column; a larger one is refused. */
  static final long MAX_BY_COLUMN = 64L << 20;

  /** How such a file begins. */
  public static final byte[] MAGIC = NpyHeader.MAGIC;

  private final InputStream in;
  private final String name;
  private final NpyHeader header;
  private final int dimension;
  private final byte[] row;

  /** All elements, where those of a column follow each other; else null. */
  private byte[] all;

  private long next;

  /**
   * Reads the header.
   *
   * @param in the file from its first byte on, closed with this reader
   * @param name what errors call the file
   * @throws InvalidInputException when it is no such file
   */
  public NpyReader(InputStream in, String name) {
    this.in = in;
    this.name = name;
    header = NpyHeader.read(in, name, NpyHeader.Wanted.vectors(Limits.MAX_DIMENSION));
    dimension = (int) header.columns();
    row = new byte[dimension * header.elements().width()];
  }

  private InvalidInputException bad(String what) {
    return NpyHeader.bad(name, what);
  }

  /** Number of rows. */
  public long rows() {
    return header.rows();
  }

  /** Elements of one row, 0 to {@link Limits#MAX_DIMENSION}. */
  public int dimension() {
    return dimension;
  }

  /**
   * The next row in an array of its own, or null after the last.
   *
   * @throws InvalidInputException when the file ends early or goes on after the last row, or an
   *     element is not a finite float32
   */
  public float[] next() {
    MemorySegment data = header.byColumn() ? MemorySegment.ofArray(all()) : nextRow();
    if (data == null || next == header.rows()) {
      return null;
    }
    int width = header.elements().width();
    long from = header.byColumn() ? next * width : 0;
    long step = header.byColumn() ? header.rows() * width : width;
    float[] values = new float[dimension];
    header.elements().copy(data, from, step, values);
    for (int i = 0; i < dimension; i++) {
      if (!Float.isFinite(values[i])) {
        double exact = header.elements().real(data, from + i * step);
        throw bad(exact + " in row " + next + ", column " + i + " is not a finite 32-bit float");
      }
    }
    next++;
    return values;
  }

  /** The bytes of the next row, or null after the last. */
  private MemorySegment nextRow() {
    if (next == header.rows()) {
      requireEnd();
      return null;
    }
    if (read(row) < row.length) {
      throw bad("it ends within row " + next + " of " + header.rows());
    }
    return MemorySegment.ofArray(row);
  }

  private byte[] all() {
    if (all == null) {
      if (header.rows() > MAX_BY_COLUMN || header.dataBytes() > MAX_BY_COLUMN) {
        throw bad(MatrixRows.TOO_LARGE_BY_COLUMN);
      }
      all = new byte[(int) header.dataBytes()];
      if (read(all) < all.length) {
        throw bad("it ends within its " + header.rows() + " rows");
      }
      requireEnd();
    }
    return all;
  }

  private int read(byte[] into) {
    try {
      return in.readNBytes(into, 0, into.length);
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
    }
  }

  private void requireEnd() {
    if (read(new byte[1]) > 0) {
      throw bad("there are bytes after its last row");
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
    }
  }
}
