package io.slab.ann;

/**
 * How the sums of one cell become distances: {@code key = (rescale * (sum * step + bias)) + (add *
 * tilt + base)} and {@code bound = key - error * spread}, each operation rounded to single
 * precision. Filled anew for every cell of a query; one thread only.
 */
final class Probe {
  float step;
  float bias;
  float base;
  float tilt;
  float spread;
}
