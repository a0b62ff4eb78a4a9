package io.slab.source.matrix;

import io.slab.error.InvalidInputException;
import io.slab.source.ReadFailure;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a NumPy {@code .npy} file (format 1.0 or 2.0) that holds a one- or two-dimensional
 * array in C order of little-endian elements.
 *
 * @param type of the elements
 * @param rows a one-dimensional array is one row
 * @param columns elements of a row
 * @param dataOffset where the first element begins
 */
public record NpyHeader(Type type, long rows, long columns, long dataOffset) {
  /** How such a file begins. */
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Real headers have about 100 bytes. */
  private static final int MAX_HEADER = 1 << 16;

  private static final Pattern ENTRY =
      Pattern.compile("\\s*'(\\w+)'\\s*:\\s*('[^']*'|True|False|\\([^()]*\\))\\s*(,|(?=\\}))");
  private static final Pattern SHAPE =
      Pattern.compile("\\(\\s*(\\d+)\\s*,\\s*(?:(\\d+)\\s*,?\\s*)?\\)");

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Elements that can be read. */
  public enum Type {
    FLOAT32(4, "<f4"),
    FLOAT16(2, "<f2"),
    FLOAT64(8, "<f8"),
    UINT8(1, "|u1", "<u1"),
    INT8(1, "|i1", "<i1"),
    INT32(4, "<i4"),
    INT64(8, "<i8");

    private final int width;
    private final Set<String> names;

    Type(int width, String... names) {
      this.width = width;
      this.names = Set.of(names);
    }

    /** Bytes of an element. */
    public int width() {
      return width;
    }

    /**
     * Copies elements as floats; the numbers are not checked.
     *
     * @param from where the first one begins
     * @return true when one of them is no 32-bit float and was rounded
     */
    boolean copy(MemorySegment data, long from, float[] into) {
      boolean rounded = false;
      switch (this) {
        case FLOAT32 -> MemorySegment.copy(data, FLOAT, from, into, 0, into.length);
        case FLOAT64 -> {
          for (int i = 0; i < into.length; i++) {
            double exact = data.get(DOUBLE, from + 8L * i);
            into[i] = (float) exact;
            rounded |= into[i] != exact && !Double.isNaN(exact);
          }
        }
        case FLOAT16 -> {
          for (int i = 0; i < into.length; i++) {
            into[i] = Float.float16ToFloat(data.get(SHORT, from + 2L * i));
          }
        }
        case INT8 -> {
          for (int i = 0; i < into.length; i++) {
            into[i] = data.get(ValueLayout.JAVA_BYTE, from + i);
          }
        }
        case UINT8 -> {
          for (int i = 0; i < into.length; i++) {
            into[i] = data.get(ValueLayout.JAVA_BYTE, from + i) & 0xFF;
          }
        }
        case INT32, INT64 -> {
          for (int i = 0; i < into.length; i++) {
            long exact = number(data, from + (long) width * i);
            into[i] = exact;
            rounded |= (long) into[i] != exact;
          }
        }
      }
      return rounded;
    }

    /** One number of a matrix of floats. */
    double real(MemorySegment data, long at) {
      return this == FLOAT64 ? data.get(DOUBLE, at) : data.get(FLOAT, at);
    }

    /** One whole number. */
    long number(MemorySegment data, long at) {
      return this == INT32 ? data.get(INT, at) : data.get(LONG, at);
    }
  }

  /** What a file is read for: the types it may have, and how messages speak of them. */
  public record Wanted(Set<Type> types, String names, long maxColumns) {
    public static Wanted vectors(long maxColumns) {
      return new Wanted(
          Set.of(Type.FLOAT32, Type.FLOAT16, Type.FLOAT64, Type.UINT8, Type.INT8),
          "'<f4', '<f2', '<f8', '|i1' and '|u1'",
          maxColumns);
    }

    static Wanted rowNumbers(long maxColumns) {
      return new Wanted(Set.of(Type.INT32, Type.INT64), "'<i4' and '<i8'", maxColumns);
    }
  }

  /** Bytes of the array. */
  public long dataBytes() {
    return Math.multiplyExact(Math.multiplyExact(rows, columns), type.width());
  }

  /**
   * Reads a header from the beginning of a file.
   *
   * @param name what errors call the file
   */
  public static NpyHeader read(InputStream in, String name, Wanted wanted) {
    return new Parser(in, name).parse(wanted);
  }

  static InvalidInputException bad(String name, String what) {
    return new InvalidInputException(name + " cannot be read as a NumPy matrix: " + what);
  }

  private static final class Parser {
    private final InputStream in;
    private final String name;
    private long consumed;

    Parser(InputStream in, String name) {
      this.in = in;
      this.name = name;
    }

    NpyHeader parse(Wanted wanted) {
      Map<String, String> header = header();
      String descr = header.get("descr");
      Type type =
          wanted.types().stream()
              .filter(t -> descr.length() > 2)
              .filter(t -> t.names.contains(descr.substring(1, descr.length() - 1)))
              .findFirst()
              .orElseThrow(() ->
                  bad(
                      "elements of type "
                          + descr
                          + "; only "
                          + wanted.names()
                          + " are read; save it with array.astype('"
                          + (wanted.types().contains(Type.FLOAT32) ? "<f4" : "<i8")
                          + "')"));
      if (!header.get("fortran_order").equals("False")) {
        throw bad("the array is in Fortran order; save it with numpy.ascontiguousarray");
      }
      Matcher shape = SHAPE.matcher(header.get("shape"));
      if (!shape.matches()) {
        throw bad("shape " + header.get("shape") + "; only two-dimensional arrays are read");
      }
      boolean matrix = shape.group(2) != null;
      long rows = matrix ? size(shape.group(1), Long.MAX_VALUE) : 1;
      long columns = size(shape.group(matrix ? 2 : 1), wanted.maxColumns());
      return new NpyHeader(type, rows, columns, consumed);
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
        consumed += count;
        return bytes;
      } catch (IOException e) {
        throw ReadFailure.of(name, e);
      }
    }

    private InvalidInputException bad(String what) {
      return NpyHeader.bad(name, what);
    }
  }
}
