package io.slab.source.parquet;

import org.apache.parquet.format.Type;

/** Values of one column, in the array that its type calls for; the other arrays are null. */
final class Window {
  final float[] floats;
  final double[] doubles;

  /** Integers of any width, and booleans as 0 and 1. */
  final long[] longs;

  /** Byte strings of any kind. */
  final byte[][] bytes;

  Window(Type type, int size) {
    floats = type == Type.FLOAT ? new float[size] : null;
    doubles = type == Type.DOUBLE ? new double[size] : null;
    longs =
        type == Type.INT32 || type == Type.INT64 || type == Type.BOOLEAN ? new long[size] : null;
    bytes =
        type == Type.BYTE_ARRAY || type == Type.FIXED_LEN_BYTE_ARRAY || type == Type.INT96
            ? new byte[size][]
            : null;
  }

  /** Takes one value of another window of the same type. */
  void copy(int at, Window from, int index) {
    if (floats != null) {
      floats[at] = from.floats[index];
    } else if (doubles != null) {
      doubles[at] = from.doubles[index];
    } else if (longs != null) {
      longs[at] = from.longs[index];
    } else {
      bytes[at] = from.bytes[index];
    }
  }
}
