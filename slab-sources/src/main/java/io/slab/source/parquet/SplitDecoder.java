package io.slab.source.parquet;

import org.apache.parquet.format.Type;

/** Values cut into streams of their first, second, ... bytes (encoding BYTE_STREAM_SPLIT). */
final class SplitDecoder implements ValueDecoder {
  private final Type type;
  private final byte[] data;
  private final int from;
  private final int width;
  private final int count;
  private int at;

  SplitDecoder(Type type, int fixed, byte[] bytes, int from, int to) {
    this.type = type;
    this.from = from;
    data = bytes;
    width = PlainDecoder.width(type, fixed);
    if (width <= 0) {
      throw new Malformed("values of " + width + " bytes");
    }
    count = (to - from) / width;
  }

  @Override
  public void read(Window into, int start, int wanted) {
    if (wanted > count - at) {
      throw new Malformed("fewer values than the page counts");
    }
    for (int i = 0; i < wanted; i++, at++) {
      switch (type) {
        case FLOAT -> into.floats[start + i] = Float.intBitsToFloat((int) bits());
        case DOUBLE -> into.doubles[start + i] = Double.longBitsToDouble(bits());
        case INT32 -> into.longs[start + i] = (int) bits();
        case INT64 -> into.longs[start + i] = bits();
        default -> {
          byte[] value = new byte[width];
          for (int b = 0; b < width; b++) {
            value[b] = data[from + b * count + at];
          }
          into.bytes[start + i] = value;
        }
      }
    }
  }

  private long bits() {
    long bits = 0;
    for (int b = 0; b < width; b++) {
      bits |= (data[from + b * count + at] & 0xFFL) << 8 * b;
    }
    return bits;
  }
}
