package io.slab.ingest;

import io.slab.error.InvalidInputException;
import io.slab.model.Limits;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A NumPy matrix in a file, mapped into memory: rows are read in any order and nothing of it is
 * held. Thread-safe.
 */
public final class NpyFile implements AutoCloseable {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Most columns of a matrix that holds no vectors. */
  private static final long MAX_COLUMNS = 1 << 24;

  private final String name;
  private final NpyHeader header;
  private final Arena arena;
  private final MemorySegment data;

  private NpyFile(String name, NpyHeader header, Arena arena, MemorySegment data) {
    this.name = name;
    this.header = header;
    this.arena = arena;
    this.data = data;
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
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      NpyHeader header;
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 12)) {
        header = NpyHeader.read(in, name, wanted);
      }
      long expected = header.dataOffset() + dataBytes(name, header);
      if (channel.size() != expected) {
        throw NpyHeader.bad(
            name, "it has " + channel.size() + " bytes, its shape says " + expected);
      }
      MemorySegment data =
          channel.map(
              FileChannel.MapMode.READ_ONLY,
              header.dataOffset(),
              expected - header.dataOffset(),
              arena);
      return new NpyFile(name, header, arena, data);
    } catch (NoSuchFileException e) {
      arena.close();
      throw ReadFailure.missing(null, file);
    } catch (IOException e) {
      arena.close();
      throw ReadFailure.of(name, e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static long dataBytes(String name, NpyHeader header) {
    try {
      return header.dataBytes();
    } catch (ArithmeticException e) {
      throw NpyHeader.bad(name, "its shape is " + header.rows() + " x " + header.columns());
    }
  }

  /** What errors call it. */
  public String name() {
    return name;
  }

  public long rows() {
    return header.rows();
  }

  public int columns() {
    return (int) header.columns();
  }

  /** Bytes of all elements. */
  public long bytes() {
    return data.byteSize();
  }

  /**
   * Copies a row of vectors or scores; the numbers are not checked.
   *
   * @return true when one of them is no 32-bit float and was rounded
   */
  public boolean copy(long row, float[] into) {
    boolean rounded = false;
    long at = row * columns() * header.type().width();
    switch (header.type()) {
      case FLOAT32 -> MemorySegment.copy(data, FLOAT, at, into, 0, columns());
      case FLOAT64 -> {
        for (int i = 0; i < columns(); i++) {
          double exact = data.get(DOUBLE, at + 8L * i);
          into[i] = (float) exact;
          rounded |= into[i] != exact && !Double.isNaN(exact);
        }
      }
      default -> {
        for (int i = 0; i < columns(); i++) {
          into[i] = data.get(ValueLayout.JAVA_BYTE, at + i) & 0xFF;
        }
      }
    }
    return rounded;
  }

  /** One row number; -1 stands for none. */
  public long number(long row, int column) {
    long at = (row * columns() + column) * header.type().width();
    return header.type() == NpyHeader.Type.INT32 ? data.get(INT, at) : data.get(LONG, at);
  }

  /**
   * Says that what was read of the matrix may leave this process's memory. It stays in the page
   * cache of the system and is mapped again when it is touched.
   */
  public void release() {
    data.unload();
  }

  @Override
  public void close() {
    arena.close();
  }
}
