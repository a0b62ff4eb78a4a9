package io.slab.format.section;

import io.slab.io.ByteCursor;
import java.util.Arrays;

/**
 * Finds single strings in the bytes of a block ({@link StringBlocksLayout}) without decoding the
 * others. One thread only.
 */
final class FrontCoded {
  private final byte[] bytes;
  private final String resource;
  private int at;

  /**
   * @param bytes a block, decompressed
   * @param resource name used in errors
   */
  FrontCoded(byte[] bytes, String resource) {
    this.bytes = bytes;
    this.resource = resource;
  }

  /**
   * String {@code position} of the block.
   *
   * @throws io.slab.error.CorruptException when the strings up to it are malformed
   */
  byte[] get(int position, int maxLength) {
    at = 0;
    byte[] text = new byte[Math.min(maxLength, 64)];
    int length = 0;
    for (int i = 0; i <= position; i++) {
      int shared = number(length);
      int suffix = number(maxLength - shared);
      if (suffix > bytes.length - at) {
        throw corrupt(suffix);
      }
      length = shared + suffix;
      if (length > text.length) {
        text = Arrays.copyOf(text, Math.max(length, Math.min(maxLength, 2 * text.length)));
      }
      // Suffixes are a few bytes long: a loop is quicker than a call.
      for (int to = shared; to < length; to++) {
        text[to] = bytes[at++];
      }
    }
    return Arrays.copyOf(text, length);
  }

  private int number(int most) {
    if (at < bytes.length && bytes[at] >= 0 && bytes[at] <= most) {
      return bytes[at++];
    }
    ByteCursor slow = new ByteCursor(resource, bytes);
    slow.seek(at);
    int value = slow.varCount("length", most);
    at = (int) slow.position();
    return value;
  }

  private RuntimeException corrupt(int suffix) {
    ByteCursor cursor = new ByteCursor(resource, bytes);
    cursor.seek(at);
    return cursor.corrupt((bytes.length - at) + " bytes left", suffix + " bytes of a string");
  }
}
