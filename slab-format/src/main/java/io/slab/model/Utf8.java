package io.slab.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * UTF-8 text: encoding, strict decoding and the byte order that sorts ids, fields and dictionary
 * values.
 */
public final class Utf8 {
  /** Strings in unsigned order of their UTF-8 bytes, which is the order of their code points. */
  public static final Comparator<String> ORDER = Utf8::compare;

  /** What Java puts in the place of bytes that are no UTF-8. */
  public static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static String string(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Decodes strictly; malformed input throws. A decoder is slow before it is compiled, so that it
   * is asked only where something may be wrong.
   */
  public static String decode(byte[] bytes, int offset, int length)
      throws CharacterCodingException {
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) < 0) {
      return text;
    }
    // Malformed, or with that very character.
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(bytes, offset, length))
        .toString();
  }

  /** True for well-formed UTF-8 without the character NUL, as ids are. */
  public static boolean isIdText(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        return false;
      }
    }
    try {
      return isAscii(bytes, 0, bytes.length) || decode(bytes, 0, bytes.length) != null;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Most text is: it is decoded without a decoder. */
  private static boolean isAscii(byte[] bytes, int offset, int length) {
    int all = 0;
    for (int i = offset; i < offset + length; i++) {
      all |= bytes[i];
    }
    return all >= 0;
  }

  /** Compares bytes unsigned, shorter first on a tie. */
  public static int compareBytes(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b);
  }

  /** Compares by code point without encoding: surrogates sort above every other UTF-16 unit. */
  public static int compare(String a, String b) {
    int n = Math.min(a.length(), b.length());
    for (int i = 0; i < n; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean xs = Character.isSurrogate(x);
        return xs == Character.isSurrogate(y) ? Character.compare(x, y) : xs ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
