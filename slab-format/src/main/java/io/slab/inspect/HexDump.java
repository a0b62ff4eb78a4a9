package io.slab.inspect;

import io.slab.error.InvalidInputException;
import io.slab.store.ByteSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Raw bytes of an object, as they are and unchecked. */
public final class HexDump {
  /** Bytes of one line. */
  public static final int LINE_BYTES = 16;

  /** Most bytes of one dump. */
  public static final int MAX_BYTES = 1 << 20;

  private HexDump() {}

  /**
   * One line of a dump.
   *
   * @param offset of its first byte in the object, a multiple of nothing in particular
   * @param hex its bytes as two digits each, a blank between them
   * @param text the same bytes as ASCII, a dot for what does not print
   */
  public record Line(long offset, String hex, String text) {}

  /**
   * The bytes {@code offset .. offset + length}, cut at the end of the object.
   *
   * @throws InvalidInputException when the range begins outside of the object or is too long
   */
  public static List<Line> of(ByteSource source, long offset, long length) {
    if (offset < 0 || offset > source.length()) {
      throw new InvalidInputException(
          "offset " + offset + " is outside of " + source.name(),
          "it has " + source.length() + " bytes");
    }
    if (length < 0 || length > MAX_BYTES) {
      throw new InvalidInputException(
          "a hex dump shows 0 to " + MAX_BYTES + " bytes, not " + length);
    }
    MemorySegment bytes = source.read(offset, Math.min(length, source.length() - offset));
    List<Line> lines = new ArrayList<>();
    for (long at = 0; at < bytes.byteSize(); at += LINE_BYTES) {
      long size = Math.min(LINE_BYTES, bytes.byteSize() - at);
      byte[] line = bytes.asSlice(at, size).toArray(ValueLayout.JAVA_BYTE);
      lines.add(new Line(offset + at, HexFormat.ofDelimiter(" ").formatHex(line), printable(line)));
    }
    return lines;
  }

  private static String printable(byte[] line) {
    StringBuilder text = new StringBuilder(line.length);
    for (byte b : line) {
      text.append(b >= 0x20 && b < 0x7F ? (char) b : '.');
    }
    return text.toString();
  }
}
