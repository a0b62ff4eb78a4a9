package io.slab.source.matrix;

import io.slab.error.InvalidInputException;
import io.slab.error.MissingException;
import io.slab.model.Limits;
import io.slab.source.ReadFailure;
import io.slab.store.MappedSource;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A NumPy matrix in a file of this machine: rows are read in any order and nothing of it is held.
 * Thread-safe.
 */
public final class NpyFile implements AutoCloseable {
  /** Most columns of a matrix that holds no vectors. */
  private static final long MAX_COLUMNS = 1 << 24;

  private final String name;
  private final MatrixRows matrix;

  private NpyFile(String name, MatrixRows matrix) {
    this.name = name;
    this.matrix = matrix;
  }

  /** True when a file begins as such a matrix does. */
  public static boolean is(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(NpyHeader.MAGIC.length), NpyHeader.MAGIC);
    } catch (IOException e) {
      throw ReadFailure.of(file.toString(), e);
    }
  }

  /**
   * Opens a matrix of vectors: float32, float64 or uint8.
   *
   * @throws InvalidInputException when the file is no such matrix
   */
  public static NpyFile vectors(Path file) {
    return open(file, NpyHeader.Wanted.vectors(Limits.MAX_DIMENSION));
  }

  /** Opens a matrix of row numbers: int32 or int64. */
  public static NpyFile rowNumbers(Path file) {
    return open(file, NpyHeader.Wanted.rowNumbers(MAX_COLUMNS));
  }

  /** Opens a matrix of scores: float32 or float64. */
  public static NpyFile scores(Path file) {
    return open(file, NpyHeader.Wanted.vectors(MAX_COLUMNS));
  }

  private static NpyFile open(Path file, NpyHeader.Wanted wanted) {
    String name = file.toString();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 12)) {
      MappedSource source = MappedSource.open(name, file);
      try {
        return new NpyFile(name, MatrixRows.npy(source, in, wanted));
      } catch (RuntimeException e) {
        source.close();
        throw e;
      }
    } catch (NoSuchFileException | MissingException e) {
      throw ReadFailure.missing(null, file);
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
    }
  }

  /** What errors call it. */
  public String name() {
    return name;
  }

  public long rows() {
    return matrix.rows();
  }

  public int columns() {
    return matrix.columns();
  }

  /** Bytes of all elements. */
  public long bytes() {
    return matrix.bytes();
  }

  /**
   * Copies a row of vectors or scores; the numbers are not checked.
   *
   * @return true when one of them is no 32-bit float and was rounded
   */
  public boolean copy(long row, float[] into) {
    return matrix.copy(row, into);
  }

  /** One row number; -1 stands for none. */
  public long number(long row, int column) {
    return matrix.number(row, column);
  }

  /** Says that what was read of the matrix may leave this process's memory. */
  public void release() {
    matrix.release();
  }

  @Override
  public void close() {
    matrix.close();
  }
}
