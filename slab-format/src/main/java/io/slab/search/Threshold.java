package io.slab.search;

/**
 * What every thread may take for granted about one query: k rows with at least this key exist. Only
 * ever rises; a row whose key is certainly lower cannot be in the answer, whichever thread saw
 * which row first.
 */
final class Threshold {
  private volatile float value = Float.NEGATIVE_INFINITY;

  float get() {
    return value;
  }

  synchronized void raise(float key) {
    if (key > value) {
      value = key;
    }
  }
}
