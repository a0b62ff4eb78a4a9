package io.slab.cli.input;

import io.slab.error.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NumPy's .npy files of little-endian 32- or 64-bit floats with one or two dimensions, in C order. */
public final class NpyFile {
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{\\s*'descr'\\s*:\\s*'(<f4|<f8)'\\s*,\\s*'fortran_order'\\s*:\\s*False\\s*,\\s*"
              + "'shape'\\s*:\\s*\\(\\s*(\\d{1,9})\\s*,\\s*(?:(\\d{1,9})\\s*,?\\s*)?\\)\\s*,?\\s*\\}\\s*");

  private NpyFile() {}

  /** The rows of a file; one row when it has one dimension. */
  public static float[][] read(String option, Path file) {
    return parse(option + ": " + file, TextInput.read(option, file));
  }

  static float[][] parse(String what, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean magic = bytes.length >= 12 && isMagic(bytes);
    if (!magic) {
      throw new InvalidInputException(what + " is not a .npy file");
    }
    boolean short1 = bytes[6] == 1;
    long length = short1 ? Short.toUnsignedLong(in.getShort(8)) : Integer.toUnsignedLong(in.getInt(8));
    int start = short1 ? 10 : 12;
    if (length > bytes.length - start) {
      throw new InvalidInputException(what + ": the header is cut short");
    }
    String header = new String(bytes, start, (int) length, StandardCharsets.US_ASCII);
    Matcher match = HEADER.matcher(header);
    if (!match.matches()) {
      throw new InvalidInputException(
          what + ": cannot use this array: " + header.trim(),
          "save it with numpy.save(file, array.astype('<f4')), one query per row");
    }
    boolean matrix = match.group(3) != null;
    int rows = matrix ? Integer.parseInt(match.group(2)) : 1;
    int columns = Integer.parseInt(match.group(matrix ? 3 : 2));
    int width = match.group(1).equals("<f4") ? 4 : 8;
    in.position(start + (int) length);
    if (in.remaining() != (long) rows * columns * width) {
      throw new InvalidInputException(what + ": the data does not fill the shape " + rows + " x " + columns);
    }
    float[][] values = new float[rows][columns];
    for (float[] row : values) {
      for (int i = 0; i < columns; i++) {
        row[i] = width == 4 ? in.getFloat() : (float) in.getDouble();
      }
    }
    return values;
  }

  private static boolean isMagic(byte[] bytes) {
    return bytes[0] == (byte) 0x93
        && bytes[1] == 'N'
        && bytes[2] == 'U'
        && bytes[3] == 'M'
        && bytes[4] == 'P'
        && bytes[5] == 'Y'
        && bytes[6] >= 1
        && bytes[6] <= 3;
  }
}
