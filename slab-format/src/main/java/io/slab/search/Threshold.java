package io.slab.search;

/**
 * What every thread may take for granted about one query: k rows with at least this key exist. Only
 * ever rises. A row whose key is certainly lower cannot be in the answer, and the order in which
 * threads see rows does not matter.
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
