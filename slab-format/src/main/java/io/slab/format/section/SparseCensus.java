package io.slab.format.section;

import io.slab.model.SparseVector;
import java.util.Arrays;

/**
 * Counts in how many rows each dimension occurs: an open hash table of two ints a slot, at most
 * half full. Up to 2^29 dimensions. One thread only.
 */
public final class SparseCensus {
  private int[] dimensions = new int[1 << 10];
  private int[] counts = new int[1 << 10];
  private int size;
  private long total;

  /** Counts a row; null counts nothing. */
  public void add(SparseVector sparse) {
    if (sparse == null) {
      return;
    }
    for (int dimension : sparse.indices()) {
      if (2 * size >= dimensions.length) {
        grow();
      }
      int slot = slot(dimensions, counts, dimension);
      size += counts[slot] == 0 ? 1 : 0;
      dimensions[slot] = dimension;
      counts[slot]++;
    }
    total += sparse.size();
  }

  private static int slot(int[] dimensions, int[] counts, int dimension) {
    int mask = dimensions.length - 1;
    int hash = dimension * 0x9E3779B9;
    int slot = (hash ^ hash >>> 15) & mask;
    while (counts[slot] != 0 && dimensions[slot] != dimension) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    int length = Math.multiplyExact(dimensions.length, 2);
    int[] newDimensions = new int[length];
    int[] newCounts = new int[length];
    for (int i = 0; i < dimensions.length; i++) {
      if (counts[i] > 0) {
        int slot = slot(newDimensions, newCounts, dimensions[i]);
        newDimensions[slot] = dimensions[i];
        newCounts[slot] = counts[i];
      }
    }
    dimensions = newDimensions;
    counts = newCounts;
  }

  /** True while no row had an entry. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** Entries counted. */
  long total() {
    return total;
  }

  /** Number of different dimensions. */
  int size() {
    return size;
  }

  /** All dimensions, ascending unsigned. */
  int[] sorted() {
    int[] sorted = new int[size];
    int at = 0;
    for (int i = 0; i < dimensions.length; i++) {
      if (counts[i] > 0) {
        // Flipping the top bit makes the signed order of sort the unsigned one.
        sorted[at++] = dimensions[i] ^ Integer.MIN_VALUE;
      }
    }
    Arrays.sort(sorted);
    for (int i = 0; i < size; i++) {
      sorted[i] ^= Integer.MIN_VALUE;
    }
    return sorted;
  }

  /** Rows that have a dimension. */
  int count(int dimension) {
    return counts[slot(dimensions, counts, dimension)];
  }

  /** Replaces each dimension's count by its place among {@link #sorted}; counts are gone then. */
  void rank(int[] sorted) {
    for (int i = 0; i < sorted.length; i++) {
      // Plus one, because zero marks a free slot.
      counts[slot(dimensions, counts, sorted[i])] = i + 1;
    }
  }

  /** The place of a dimension after {@link #rank}; -1 when it was never counted. */
  int rankOf(int dimension) {
    return counts[slot(dimensions, counts, dimension)] - 1;
  }
}
