package io.slab.source.matrix;

import io.slab.source.Rounding;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Elements of a matrix as they lie in a file, in either order of bytes, and how they become floats.
 */
record Elements(
    NpyHeader.Type type,
    ValueLayout.OfFloat floats,
    ValueLayout.OfDouble doubles,
    ValueLayout.OfShort shorts,
    ValueLayout.OfInt ints,
    ValueLayout.OfLong longs) {
  Elements(NpyHeader.Type type, ByteOrder order) {
    this(
        type,
        ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order),
        ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order),
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order),
        ValueLayout.JAVA_INT_UNALIGNED.withOrder(order),
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order));
  }

  static Elements littleEndian(NpyHeader.Type type) {
    return new Elements(type, ByteOrder.LITTLE_ENDIAN);
  }

  /** Bytes of an element. */
  int width() {
    return type.width();
  }

  /**
   * Copies elements as floats; the numbers are not checked.
   *
   * @param from where the first one begins
   * @param step from one to the next, in bytes
   * @return true when one of them was {@linkplain Rounding#isRounded rounded}
   */
  boolean copy(MemorySegment data, long from, long step, float[] into) {
    if (type == NpyHeader.Type.FLOAT32 && step == width()) {
      MemorySegment.copy(data, floats, from, into, 0, into.length);
      return false;
    }
    boolean rounded = false;
    for (int i = 0; i < into.length; i++) {
      long at = from + step * i;
      switch (type) {
        case FLOAT32 -> into[i] = data.get(floats, at);
        case FLOAT16 -> into[i] = Float.float16ToFloat(data.get(shorts, at));
        case BFLOAT16 -> into[i] = Float.intBitsToFloat(data.get(shorts, at) << 16);
        case INT8 -> into[i] = data.get(ValueLayout.JAVA_BYTE, at);
        case UINT8 -> into[i] = data.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
        case FLOAT64 -> {
          double exact = data.get(doubles, at);
          into[i] = (float) exact;
          rounded |= Rounding.isRounded(exact, into[i]);
        }
        case INT32, INT64 -> {
          long exact = number(data, at);
          into[i] = exact;
          rounded |= (long) into[i] != exact;
        }
      }
    }
    return rounded;
  }

  /** One number of a matrix of floats. */
  double real(MemorySegment data, long at) {
    return switch (type) {
      case FLOAT64 -> data.get(doubles, at);
      case FLOAT16 -> Float.float16ToFloat(data.get(shorts, at));
      case BFLOAT16 -> Float.intBitsToFloat(data.get(shorts, at) << 16);
      default -> data.get(floats, at);
    };
  }

  /** One whole number. */
  long number(MemorySegment data, long at) {
    return type == NpyHeader.Type.INT32 ? data.get(ints, at) : data.get(longs, at);
  }
}
