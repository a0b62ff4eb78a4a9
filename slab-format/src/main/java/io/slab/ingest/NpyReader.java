package io.slab.ingest;

import io.slab.error.InvalidInputException;
import io.slab.model.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Streams the rows of a NumPy {@code .npy} file (format 1.0 or 2.0): a two-dimensional array in C
 * order of little-endian float32, float64 or uint8 elements. A one-dimensional array is one row.
 * Elements become floats; NaN, infinities and float64 beyond the range of float32 are refused. No
 * more than one row is held. One thread only.
 */
public final class NpyReader implements AutoCloseable {
  /** How such a file begins. */
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Real headers have about 100 bytes. */
  private static final int MAX_HEADER = 1 << 16;

  private static final Pattern ENTRY =
      Pattern.compile("\\s*'(\\w+)'\\s*:\\s*('[^']*'|True|False|\\([^()]*\\))\\s*(,|(?=\\}))");
  private static final Pattern SHAPE =
      Pattern.compile("\\(\\s*(\\d+)\\s*,\\s*(?:(\\d+)\\s*,?\\s*)?\\)");

  private final InputStream in;
  private final String name;
  private final char type;
  private final long rows;
  private final int dimension;
  private final ByteBuffer row;
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
    Map<String, String> header = header();
    String descr = header.get("descr");
    type =
        switch (descr) {
          case "'<f4'" -> 'f';
          case "'<f8'" -> 'd';
          case "'|u1'", "'<u1'" -> 'b';
          default ->
              throw bad("elements of type " + descr + "; only '<f4', '<f8' and '|u1' are read");
        };
    if (!header.get("fortran_order").equals("False")) {
      throw bad("the array is in Fortran order; save it with numpy.ascontiguousarray");
    }
    Matcher shape = SHAPE.matcher(header.get("shape"));
    if (!shape.matches()) {
      throw bad("shape " + header.get("shape") + "; only two-dimensional arrays are read");
    }
    boolean matrix = shape.group(2) != null;
    rows = matrix ? size(shape.group(1), Long.MAX_VALUE) : 1;
    dimension = (int) size(shape.group(matrix ? 2 : 1), Limits.MAX_DIMENSION);
    row = ByteBuffer.allocate(dimension * width(type)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int width(char type) {
    return type == 'f' ? 4 : type == 'd' ? 8 : 1;
  }

  private Map<String, String> header() {
    byte[] start = read(8, "the magic and version");
    if (!Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
      throw bad("it does not begin with the magic bytes of a NumPy file");
    }
    if (start[6] != 1 && start[6] != 2) {
      throw bad("format version " + start[6] + "." + start[7] + "; 1.0 and 2.0 are read");
    }
    byte[] lengthBytes = read(start[6] == 1 ? 2 : 4, "the header length");
    long length = 0;
    for (int i = lengthBytes.length - 1; i >= 0; i--) {
      length = length << 8 | lengthBytes[i] & 0xFF;
    }
    if (length > MAX_HEADER) {
      throw bad("a header of " + length + " bytes, which exceeds the limit of " + MAX_HEADER);
    }
    return entries(
        new String(read((int) length, "the header"), StandardCharsets.ISO_8859_1).strip());
  }

  private Map<String, String> entries(String text) {
    Map<String, String> entries = new HashMap<>();
    Matcher entry = ENTRY.matcher(text);
    int at = 1;
    while (text.startsWith("{") && entry.region(at, text.length()).lookingAt()) {
      if (entries.put(entry.group(1), entry.group(2)) != null) {
        throw bad("its header names '" + entry.group(1) + "' twice");
      }
      at = entry.end();
    }
    boolean closed =
        at <= text.length() && text.substring(Math.min(at, text.length())).strip().equals("}");
    if (!closed || !entries.keySet().equals(Set.of("descr", "fortran_order", "shape"))) {
      throw bad("its header is not {'descr', 'fortran_order', 'shape'}");
    }
    return entries;
  }

  private long size(String digits, long most) {
    try {
      long value = Long.parseLong(digits);
      if (value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Too long for a long, and so over any limit.
    }
    throw bad("an array dimension of " + digits + ", which exceeds the limit of " + most);
  }

  private byte[] read(int count, String what) {
    try {
      byte[] bytes = in.readNBytes(count);
      if (bytes.length < count) {
        throw bad("it ends within " + what);
      }
      return bytes;
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
    }
  }

  private InvalidInputException bad(String what) {
    return new InvalidInputException(name + " cannot be read as a NumPy matrix: " + what);
  }

  /** Number of rows. */
  public long rows() {
    return rows;
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
      if (next == rows) {
        if (in.read() >= 0) {
          throw bad("there are bytes after its last row");
        }
        return null;
      }
      if (in.readNBytes(row.array(), 0, row.capacity()) < row.capacity()) {
        throw bad("it ends within row " + next + " of " + rows);
      }
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
    }
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = element(i);
    }
    next++;
    return values;
  }

  private float element(int i) {
    double exact =
        switch (type) {
          case 'f' -> row.getFloat(4 * i);
          case 'd' -> row.getDouble(8 * i);
          default -> row.get(i) & 0xFF;
        };
    float value = (float) exact;
    if (!Float.isFinite(value)) {
      throw bad(exact + " in row " + next + ", column " + i + " is not a finite 32-bit float");
    }
    return value;
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
