package io.slab.source.matrix;

import io.slab.error.InvalidInputException;
import io.slab.source.ReadFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a NumPy {@code .npy} file (format 1.0 to 3.0) that holds a one- or two-dimensional
 * array.
 *
 * @param elements how they lie in the file
 * @param byColumn whether the elements of a column follow each other (Fortran order), not those of
 *     a row
 * @param rows a one-dimensional array is one row
 * @param columns elements of a row
 * @param dataOffset where the first element begins
 */
public record NpyHeader(
    Elements elements, boolean byColumn, long rows, long columns, long dataOffset) {
  /** How such a file begins. */
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Real headers have about 100 bytes. */
  private static final int MAX_HEADER = 1 << 16;

  private static final Pattern ENTRY =
      Pattern.compile("\\s*'(\\w+)'\\s*:\\s*('[^']*'|True|False|\\([^()]*\\))\\s*(,|(?=\\}))");
  private static final Pattern SHAPE =
      Pattern.compile("\\(\\s*(\\d+)\\s*,\\s*(?:(\\d+)\\s*,?\\s*)?\\)");

  /** Elements that can be read. */
  public enum Type {
    FLOAT32(4, "f4"),
    FLOAT16(2, "f2"),
    /** The upper half of a float32, which NumPy has not. */
    BFLOAT16(2, "bf16"),
    FLOAT64(8, "f8"),
    UINT8(1, "u1"),
    INT8(1, "i1"),
    INT32(4, "i4"),
    INT64(8, "i8");

    private final int width;
    private final String code;

    Type(int width, String code) {
      this.width = width;
      this.code = code;
    }

    /** Bytes of an element. */
    public int width() {
      return width;
    }
  }

  /** What a file is read for: the types it may have, and how messages speak of them. */
  public record Wanted(Set<Type> types, String names, long maxColumns) {
    public static Wanted vectors(long maxColumns) {
      return new Wanted(
          Set.of(Type.FLOAT32, Type.FLOAT16, Type.FLOAT64, Type.UINT8, Type.INT8),
          "float32, float16, float64, int8 and uint8 ('<f4', '<f2', '<f8', '|i1', '|u1')",
          maxColumns);
    }

    static Wanted rowNumbers(long maxColumns) {
      return new Wanted(
          Set.of(Type.INT32, Type.INT64), "int32 and int64 ('<i4', '<i8')", maxColumns);
    }
  }

  /** Bytes of the array. */
  public long dataBytes() {
    return Math.multiplyExact(Math.multiplyExact(rows, columns), elements.width());
  }

  /**
   * What a header says of an array of any type and shape.
   *
   * @param type such as {@code <f4}
   * @param shape its lengths
   */
  record Outline(String type, List<Long> shape) {}

  /** Reads a header and goes on behind it, where the elements begin. */
  static Outline outline(InputStream in, String name) {
    Parser parser = new Parser(in, name);
    Map<String, String> header = parser.header();
    List<Long> shape = new ArrayList<>();
    for (String length : header.get("shape").replaceAll("[()\\s]", "").split(",")) {
      if (!length.isEmpty()) {
        shape.add(parser.size(length, Long.MAX_VALUE));
      }
    }
    return new Outline(header.get("descr").replace("'", ""), shape);
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
              .filter(t -> descr.matches("'[<>|=]" + t.code + "'"))
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
      Matcher shape = SHAPE.matcher(header.get("shape"));
      if (!shape.matches()) {
        throw bad("shape " + header.get("shape") + "; only two-dimensional arrays are read");
      }
      boolean matrix = shape.group(2) != null;
      long rows = matrix ? size(shape.group(1), Long.MAX_VALUE) : 1;
      long columns = size(shape.group(matrix ? 2 : 1), wanted.maxColumns());
      // One row or one column is the same in both orders.
      boolean byColumn = header.get("fortran_order").equals("True") && rows > 1 && columns > 1;
      ByteOrder order = descr.charAt(1) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      return new NpyHeader(new Elements(type, order), byColumn, rows, columns, consumed);
    }

    private Map<String, String> header() {
      byte[] start = read(8, "the magic and version");
      if (!Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
        throw bad("it does not begin with the magic bytes of a NumPy file");
      }
      if (start[6] < 1 || start[6] > 3) {
        throw bad("format version " + start[6] + "." + start[7] + "; 1.0, 2.0 and 3.0 are read");
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
