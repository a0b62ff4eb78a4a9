package io.slab.source.matrix;

import io.slab.error.InvalidInputException;
import io.slab.model.Limits;
import io.slab.source.ReadFailure;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;

/**
 * Streams the rows of a NumPy {@code .npy} file (format 1.0 or 2.0): a two-dimensional array in C
 * order of little-endian float32, float64 or uint8 elements. A one-dimensional array is one row.
 * Elements become floats; NaN, infinities and float64 beyond the range of float32 are refused. No
 * more than one row is held. One thread only.
 */
public final class NpyReader implements AutoCloseable {
  /** How such a file begins. */
  public static final byte[] MAGIC = NpyHeader.MAGIC;

  private final InputStream in;
  private final String name;
  private final NpyHeader header;
  private final int dimension;
  private final byte[] row;
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
    row = new byte[dimension * header.type().width()];
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
    try {
      if (next == header.rows()) {
        if (in.read() >= 0) {
          throw bad("there are bytes after its last row");
        }
        return null;
      }
      if (in.readNBytes(row, 0, row.length) < row.length) {
        throw bad("it ends within row " + next + " of " + header.rows());
      }
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
    }
    float[] values = new float[dimension];
    MemorySegment data = MemorySegment.ofArray(row);
    header.type().copy(data, 0, values);
    for (int i = 0; i < dimension; i++) {
      if (!Float.isFinite(values[i])) {
        double exact = header.type().real(data, (long) i * header.type().width());
        throw bad(exact + " in row " + next + ", column " + i + " is not a finite 32-bit float");
      }
    }
    next++;
    return values;
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
