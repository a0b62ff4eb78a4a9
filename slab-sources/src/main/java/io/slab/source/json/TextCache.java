package io.slab.source.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Strings for short ASCII byte runs. Field names and category values repeat from record to record;
 * sharing one string for each saves both the decoding and most of the heap of a batch. Fixed size,
 * newer entries replace older ones. One thread only.
 */
final class TextCache {
  private static final int SLOTS = 1024;
  private static final int MAX_LENGTH = 32;

  private final byte[][] keys = new byte[SLOTS][];
  private final String[] texts = new String[SLOTS];

  /** The text of ASCII bytes. */
  String ascii(byte[] bytes, int offset, int length) {
    if (length > MAX_LENGTH) {
      return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }
    int hash = length;
    for (int i = offset; i < offset + length; i++) {
      hash = hash * 31 + bytes[i];
    }
    int slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    byte[] key = keys[slot];
    if (key == null || !Arrays.equals(key, 0, key.length, bytes, offset, offset + length)) {
      keys[slot] = Arrays.copyOfRange(bytes, offset, offset + length);
      texts[slot] = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }
    return texts[slot];
  }
}
