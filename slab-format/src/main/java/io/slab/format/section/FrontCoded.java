package io.slab.format.section;

import io.slab.bytes.ByteCursor;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Finds single strings in the bytes of a block ({@link StringBlocksLayout}) that stay as they are:
 * every sixteenth string is kept whole, and one in between is put together from there. Immutable
 * and thread-safe.
 */
final class FrontCoded {
  private static final int STRIDE = 16;

  private final byte[] bytes;
  private final int maxLength;
  private final Supplier<String> resource;

  /** Where the bytes of every sixteenth string's own begin. */
  private final int[] starts;

  private final byte[][] wholes;

  /**
   * Reads a whole block.
   *
   * @param bytes decompressed
   * @param count strings of it
   * @param resource name used in errors
   * @throws io.slab.error.CorruptException when the strings are malformed
   */
  FrontCoded(byte[] bytes, int count, int maxLength, Supplier<String> resource) {
    this.bytes = bytes;
    this.maxLength = maxLength;
    this.resource = resource;
    this.starts = new int[Math.ceilDiv(count, STRIDE)];
    this.wholes = new byte[starts.length][];
    byte[] string = new byte[64];
    int length = 0;
    int at = 0;
    for (int i = 0; i < count; i++) {
      long head = head(at, length);
      at += width(head);
      length = shared(head) + suffix(head);
      if (suffix(head) > bytes.length - at) {
        throw cursor(at)
            .corrupt((bytes.length - at) + " bytes left", suffix(head) + " bytes of a string");
      }
      string = append(string, head, at);
      if (i % STRIDE == 0) {
        starts[i / STRIDE] = at + suffix(head);
        wholes[i / STRIDE] = Arrays.copyOf(string, length);
      }
      at += suffix(head);
    }
  }

  /** String {@code position} of the block. */
  byte[] get(int position) {
    byte[] whole = wholes[position / STRIDE];
    int steps = position % STRIDE;
    if (steps == 0) {
      return whole.clone();
    }
    int length = whole.length;
    byte[] string = Arrays.copyOf(whole, length + 16);
    int at = starts[position / STRIDE];
    for (int i = 0; i < steps; i++) {
      long head = head(at, length);
      at += width(head);
      string = append(string, head, at);
      length = shared(head) + suffix(head);
      at += suffix(head);
    }
    return Arrays.copyOf(string, length);
  }

  private byte[] append(byte[] string, long head, int at) {
    int shared = shared(head);
    int length = shared + suffix(head);
    byte[] text =
        length <= string.length ? string : Arrays.copyOf(string, Math.max(length, 2 * shared));
    // Suffixes are a few bytes long: a loop is quicker than a call.
    for (int to = shared; to < length; to++) {
      text[to] = bytes[at + to - shared];
    }
    return text;
  }

  /**
   * Length of the shared prefix, length of the suffix, and bytes of both numbers.
   *
   * @param most length of the string before
   */
  private long head(int at, int most) {
    if (at + 1 < bytes.length && (bytes[at] | bytes[at + 1]) >= 0) {
      int shared = bytes[at];
      int suffix = bytes[at + 1];
      if (shared <= most && shared + suffix <= maxLength) {
        return shared | (long) suffix << 24 | 2L << 48;
      }
    }
    ByteCursor in = cursor(at);
    long shared = in.varCount("shared prefix", most);
    long suffix = in.varCount("suffix length", maxLength - shared);
    return shared | suffix << 24 | in.position() - at << 48;
  }

  private static int shared(long head) {
    return (int) head & 0xFFFFFF;
  }

  private static int suffix(long head) {
    return (int) (head >>> 24) & 0xFFFFFF;
  }

  private static int width(long head) {
    return (int) (head >>> 48);
  }

  private ByteCursor cursor(int at) {
    ByteCursor cursor = new ByteCursor(resource.get(), bytes);
    cursor.seek(at);
    return cursor;
  }
}
