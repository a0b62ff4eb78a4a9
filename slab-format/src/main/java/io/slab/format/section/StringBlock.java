package io.slab.format.section;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import java.util.Arrays;

/** One decoded block of sorted strings. Immutable. */
public final class StringBlock {
  private final byte[] text;
  private final int[] ends;

  private StringBlock(byte[] text, int[] ends) {
    this.text = text;
    this.ends = ends;
  }

  /**
   * Decodes exactly {@code count} strings of at most {@code maxLength} bytes, which must ascend.
   */
  static StringBlock decode(ByteCursor in, int count, int maxLength) {
    ByteWriter text = new ByteWriter(Math.toIntExact(Math.max(64, 2 * in.remaining())));
    int[] ends = new int[count];
    int start = 0;
    int length = 0;
    for (int i = 0; i < count; i++) {
      int shared = in.varCount("shared prefix", i == 0 ? 0 : length);
      int suffix = in.varCount("suffix length", maxLength - shared);
      byte[] tail = in.bytes(suffix, "string");
      int next = text.size();
      text.bytes(text.array(), start, shared).bytes(tail);
      if (i > 0 && compare(text.array(), next, text.size(), start, next) <= 0) {
        throw in.corrupt("string " + i + " of a block out of order", "ascending strings");
      }
      start = next;
      length = shared + suffix;
      ends[i] = text.size();
    }
    in.end("string block");
    return new StringBlock(text.toBytes(), ends);
  }

  private static int compare(byte[] bytes, int aFrom, int aTo, int bFrom, int bTo) {
    return Arrays.compareUnsigned(bytes, aFrom, aTo, bytes, bFrom, bTo);
  }

  public int size() {
    return ends.length;
  }

  private int start(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }

  /** A copy of string {@code i}. */
  public byte[] get(int i) {
    return Arrays.copyOfRange(text, start(i), ends[i]);
  }

  /**
   * Negative, zero or positive as string {@code i} is less than, equal to or greater than {@code
   * key}.
   */
  public int compare(int i, byte[] key) {
    return Arrays.compareUnsigned(text, start(i), ends[i], key, 0, key.length);
  }

  /** The first string not less than {@code key}, or {@link #size()}. */
  public int lowerBound(byte[] key) {
    int low = 0;
    int high = ends.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(middle, key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
