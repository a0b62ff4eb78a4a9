package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotationTest {
  private static float[] padded(Rotation rotation, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    float[] vector = new float[rotation.padded()];
    for (int d = 0; d < rotation.dimension(); d++) {
      vector[d] = (float) random.gaussian();
    }
    return vector;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (double) a[d] * b[d];
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 16, 17, 100, 128, 384, 784, 1000, 1536, 20_000})
  void keepsInnerProducts(int dimension) {
    Rotation rotation = new Rotation(dimension, 7);
    float[] a = padded(rotation, 1);
    float[] b = padded(rotation, 2);
    double before = dot(a, b);
    double scale = Math.sqrt(dot(a, a) * dot(b, b));
    rotation.apply(a);
    rotation.apply(b);
    assertEquals(before, dot(a, b), 1e-5 * scale);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 17, 33, 100, 128, 384, 784, 1000, 1536, 20_000})
  void vectorAndScalarGiveTheSameBits(int dimension) {
    Rotation rotation = new Rotation(dimension, 7);
    float[] scalar = padded(rotation, 3);
    float[] vector = scalar.clone();
    rotation.apply(scalar);
    VectorRotation.apply(rotation, vector);
    assertArrayEquals(scalar, vector, 0f);
  }

  /** One unit vector spreads over all dimensions: that is what the rotation is for. */
  @Test
  void spreadsEnergy() {
    Rotation rotation = new Rotation(784, 11);
    float[] unit = new float[rotation.padded()];
    unit[5] = 1;
    rotation.apply(unit);
    double fourth = 0;
    for (float x : unit) {
      fourth += (double) x * x * x * x;
    }
    assertEquals(3.0 / unit.length, fourth, 1.5 / unit.length);
  }

  /** Pinned: another language must arrive at these numbers (spec/ann.md). */
  @Test
  void generatorIsPinned() {
    assertEquals(0xE220A8397B1DCDAFL, SplitMix64.at(0, 0));
    assertEquals(0x6E789E6AA1B965F4L, SplitMix64.at(0, 1));
    SplitMix64 random = new SplitMix64(0);
    assertEquals(0xE220A8397B1DCDAFL, random.next());
    assertEquals(0x6E789E6AA1B965F4L, random.next());
  }

  @Test
  void refusesNoDimensions() {
    assertThrows(IllegalArgumentException.class, () -> new Rotation(0, 1));
  }
}
