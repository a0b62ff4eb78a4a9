package io.slab.source.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.format.Type;

/** Values as they are, one after the other (encoding PLAIN). */
final class PlainDecoder implements ValueDecoder {
  private final Type type;
  private final ByteBuffer data;
  private final int fixed;
  private int bit;

  /**
   * @param fixed bytes of a FIXED_LEN_BYTE_ARRAY
   */
  PlainDecoder(Type type, int fixed, byte[] bytes, int from, int to) {
    this.type = type;
    this.fixed = type == Type.INT96 ? 12 : fixed;
    data = ByteBuffer.wrap(bytes, from, to - from).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Fewest bytes of a value, for judging a count; 0 where there is no such bound. */
  static int width(Type type, int fixed) {
    return switch (type) {
      case FLOAT, INT32, BYTE_ARRAY -> 4;
      case DOUBLE, INT64 -> 8;
      case INT96 -> 12;
      case FIXED_LEN_BYTE_ARRAY -> fixed;
      case BOOLEAN -> 0;
    };
  }

  @Override
  public void read(Window into, int from, int count) {
    if ((long) count * width(type, fixed) > data.remaining()) {
      throw new Malformed("fewer values than the page counts");
    }
    switch (type) {
      case FLOAT -> {
        data.asFloatBuffer().get(into.floats, from, count);
        data.position(data.position() + 4 * count);
      }
      case DOUBLE -> {
        data.asDoubleBuffer().get(into.doubles, from, count);
        data.position(data.position() + 8 * count);
      }
      case INT32 -> {
        for (int i = 0; i < count; i++) {
          into.longs[from + i] = data.getInt();
        }
      }
      case INT64 -> {
        data.asLongBuffer().get(into.longs, from, count);
        data.position(data.position() + 8 * count);
      }
      case BOOLEAN -> booleans(into, from, count);
      case BYTE_ARRAY -> strings(into, from, count);
      case INT96, FIXED_LEN_BYTE_ARRAY -> {
        for (int i = 0; i < count; i++) {
          into.bytes[from + i] = take(fixed);
        }
      }
    }
  }

  private void booleans(Window into, int from, int count) {
    for (int i = 0; i < count; i++) {
      int at = data.position() + (bit >>> 3);
      if (at >= data.limit()) {
        throw new Malformed("fewer values than the page counts");
      }
      into.longs[from + i] = data.get(at) >>> (bit & 7) & 1;
      bit++;
    }
  }

  private void strings(Window into, int from, int count) {
    for (int i = 0; i < count; i++) {
      if (data.remaining() < 4) {
        throw new Malformed("fewer values than the page counts");
      }
      into.bytes[from + i] = take(data.getInt());
    }
  }

  private byte[] take(int length) {
    if (length < 0 || length > data.remaining()) {
      throw new Malformed("a value of " + (length & 0xFFFF_FFFFL) + " bytes that does not fit");
    }
    int at = data.arrayOffset() + data.position();
    data.position(data.position() + length);
    return Arrays.copyOfRange(data.array(), at, at + length);
  }
}
