package io.slab.testkit;

import io.slab.ann.MemoryRows;
import io.slab.error.CorruptException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A two-dimensional NumPy array file (version 1, C order, {@code |u1}, {@code <f4} or {@code <i4}),
 * read as float32.
 */
public final class NpyMatrix {
  private static final Pattern SHAPE = Pattern.compile("'shape': \\((\\d+), (\\d+),?\\)");
  private static final Pattern TYPE = Pattern.compile("'descr': '([^']+)'");
  private static final long MAX_ELEMENTS = 1L << 32;

  private NpyMatrix() {}

  /** Reads all rows; {@code i4} numbers above 2^24 lose precision. */
  public static MemoryRows read(Path file) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      byte[] start = in.readNBytes(10);
      if (start.length < 10 || start[1] != 'N' || start[6] != 1) {
        throw new CorruptException(file.toString(), 0, "another file", "an npy file of version 1");
      }
      int length = (start[8] & 0xFF) | (start[9] & 0xFF) << 8;
      String header = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
      Matcher shape = SHAPE.matcher(header);
      Matcher type = TYPE.matcher(header);
      if (!shape.find() || !type.find()) {
        throw new CorruptException(file.toString(), 10, header.strip(), "a matrix");
      }
      return values(
          in,
          file,
          type.group(1),
          Integer.parseInt(shape.group(1)),
          Integer.parseInt(shape.group(2)));
    }
  }

  private static MemoryRows values(
      DataInputStream in, Path file, String type, int rows, int dimension) throws IOException {
    int width = type.equals("|u1") ? 1 : 4;
    if ((long) rows * dimension > MAX_ELEMENTS) {
      throw new CorruptException(file.toString(), 10, rows + " rows", "at most 2^32 numbers");
    }
    MemoryRows matrix = MemoryRows.allocate(rows, dimension);
    float[] row = new float[dimension];
    for (int i = 0; i < rows; i++) {
      byte[] bytes = in.readNBytes(width * dimension);
      if (bytes.length < width * dimension) {
        throw new EOFException(file + " ends in row " + i);
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int d = 0; d < dimension; d++) {
        row[d] =
            switch (type) {
              case "|u1" -> bytes[d] & 0xFF;
              case "<f4" -> buffer.getFloat(4 * d);
              case "<i4" -> buffer.getInt(4 * d);
              default -> throw new CorruptException(file.toString(), 10, type, "u1, f4 or i4");
            };
      }
      matrix.set(i, row);
    }
    return matrix;
  }
}
