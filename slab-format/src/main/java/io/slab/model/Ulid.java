package io.slab.model;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A 128-bit identifier in the ULID form: 48 bits of milliseconds, 80 random bits; 26 characters of
 * Crockford base 32 as text, 16 big-endian bytes in binary (so bytes and text sort alike).
 */
public record Ulid(long high, long low) implements Comparable<Ulid> {
  private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  /** Length of the text form. */
  public static final int TEXT_LENGTH = 26;

  /** Bytes of the binary form. */
  public static final int BYTES = 16;

  /** All bits zero: stands for "none". */
  public static final Ulid ZERO = new Ulid(0, 0);

  /** Builds an identifier from a time and 80 random bits (the low 16 of {@code randomHigh}). */
  public static Ulid of(long millis, int randomHigh, long randomLow) {
    return new Ulid((millis << 16) | (randomHigh & 0xFFFF), randomLow);
  }

  /** Reads 16 big-endian bytes. */
  public static Ulid read(MemorySegment segment, long offset) {
    // Through a buffer, which is big-endian by itself: no method handles to link.
    ByteBuffer bytes = segment.asSlice(offset, BYTES).asByteBuffer();
    return new Ulid(bytes.getLong(0), bytes.getLong(8));
  }

  /** Writes 16 big-endian bytes. */
  public void write(MemorySegment segment, long offset) {
    segment.asSlice(offset, BYTES).asByteBuffer().putLong(0, high).putLong(8, low);
  }

  /** The 16 bytes of this identifier. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
  }

  /**
   * Parses the 26-character text form; throws {@link IllegalArgumentException} for anything else.
   */
  public static Ulid parse(String text) {
    if (text.length() != TEXT_LENGTH || text.charAt(0) > '7') {
      throw new IllegalArgumentException("not a ULID: '" + text + "'");
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < TEXT_LENGTH; i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        throw new IllegalArgumentException("not a ULID: '" + text + "'");
      }
      high = (high << 5) | (low >>> 59);
      low = (low << 5) | digit;
    }
    return new Ulid(high, low);
  }

  // What a record has anyway, written out: the generated ones are linked at the first use, which
  // costs a short process several milliseconds.
  @Override
  public boolean equals(Object other) {
    return other instanceof Ulid ulid && high == ulid.high && low == ulid.low;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(high) + Long.hashCode(low);
  }

  @Override
  public int compareTo(Ulid other) {
    int order = Long.compareUnsigned(high, other.high);
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }

  @Override
  public String toString() {
    char[] text = new char[TEXT_LENGTH];
    long h = high;
    long l = low;
    for (int i = TEXT_LENGTH - 1; i >= 0; i--) {
      text[i] = ALPHABET.charAt((int) (l & 31));
      l = (l >>> 5) | (h << 59);
      h >>>= 5;
    }
    return new String(text);
  }
}
