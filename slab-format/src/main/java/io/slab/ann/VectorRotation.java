package io.slab.ann;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** {@link Rotation#apply} with vector instructions, bit for bit the same. */
final class VectorRotation {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;
  private static final VectorShuffle<Float> SWAP1 =
      VectorShuffle.fromValues(S, 1, 0, 3, 2, 5, 4, 7, 6);
  private static final VectorShuffle<Float> SWAP2 =
      VectorShuffle.fromValues(S, 2, 3, 0, 1, 6, 7, 4, 5);
  private static final VectorShuffle<Float> SWAP4 =
      VectorShuffle.fromValues(S, 4, 5, 6, 7, 0, 1, 2, 3);
  private static final float[] MINUS1 = {1, -1, 1, -1, 1, -1, 1, -1};
  private static final float[] MINUS2 = {1, 1, -1, -1, 1, 1, -1, -1};
  private static final float[] MINUS4 = {1, 1, 1, 1, -1, -1, -1, -1};

  private VectorRotation() {}

  static void apply(Rotation rotation, float[] vector) {
    int padded = rotation.padded();
    int window = rotation.window();
    float scale = rotation.scale();
    float[] signs = rotation.signs();
    for (int round = 0; round < Rotation.ROUNDS; round++) {
      multiply(vector, signs, round * padded, padded);
      transform(vector, 0, window, scale);
      if (window != padded) {
        transform(vector, padded - window, window, scale);
      }
    }
  }

  private static void multiply(float[] x, float[] signs, int at, int length) {
    for (int i = 0; i < length; i += 8) {
      FloatVector.fromArray(S, x, i).mul(FloatVector.fromArray(S, signs, at + i)).intoArray(x, i);
    }
  }

  private static void transform(float[] x, int from, int length, float scale) {
    inLanes(x, from, length);
    int half = 8;
    // Two stages at once halve the passes over memory.
    for (; half * 4 <= length; half *= 4) {
      twoStages(x, from, length, half);
    }
    for (; half < length; half *= 2) {
      stage(x, from, length, half);
    }
    for (int i = from; i < from + length; i += 8) {
      FloatVector.fromArray(S, x, i).mul(scale).intoArray(x, i);
    }
  }

  /** The stages of half-width 1, 2 and 4: swap neighbours, negate the upper, add. */
  private static void inLanes(float[] x, int from, int length) {
    FloatVector m1 = FloatVector.fromArray(S, MINUS1, 0);
    FloatVector m2 = FloatVector.fromArray(S, MINUS2, 0);
    FloatVector m4 = FloatVector.fromArray(S, MINUS4, 0);
    for (int i = from; i < from + length; i += 8) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      v = v.rearrange(SWAP1).add(v.mul(m1));
      v = v.rearrange(SWAP2).add(v.mul(m2));
      v = v.rearrange(SWAP4).add(v.mul(m4));
      v.intoArray(x, i);
    }
  }

  private static void stage(float[] x, int from, int length, int half) {
    for (int base = from; base < from + length; base += 2 * half) {
      for (int i = base; i < base + half; i += 8) {
        FloatVector a = FloatVector.fromArray(S, x, i);
        FloatVector b = FloatVector.fromArray(S, x, i + half);
        a.add(b).intoArray(x, i);
        a.sub(b).intoArray(x, i + half);
      }
    }
  }

  private static void twoStages(float[] x, int from, int length, int half) {
    for (int base = from; base < from + length; base += 4 * half) {
      for (int i = base; i < base + half; i += 8) {
        FloatVector a = FloatVector.fromArray(S, x, i);
        FloatVector b = FloatVector.fromArray(S, x, i + half);
        FloatVector c = FloatVector.fromArray(S, x, i + 2 * half);
        FloatVector d = FloatVector.fromArray(S, x, i + 3 * half);
        FloatVector ab = a.add(b);
        FloatVector cd = c.add(d);
        FloatVector amb = a.sub(b);
        FloatVector cmd = c.sub(d);
        ab.add(cd).intoArray(x, i);
        amb.add(cmd).intoArray(x, i + half);
        ab.sub(cd).intoArray(x, i + 2 * half);
        amb.sub(cmd).intoArray(x, i + 3 * half);
      }
    }
  }
}
