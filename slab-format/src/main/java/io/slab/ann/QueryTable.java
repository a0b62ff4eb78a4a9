package io.slab.ann;

/**
 * The tables of one query: 16 entries per group, such that the inner product of the query with a
 * code's direction is about {@code sum * step + bias}. One table serves all cells. One thread only.
 */
final class QueryTable {
  /** Four entries are added in eight bits. */
  private static final int MAX_ENTRY = 63;

  final byte[] entries;

  /** The products themselves, 16 per group: for the few codes that are looked at again. */
  final float[] products;

  float step;
  float bias;

  QueryTable(int groups) {
    this.entries = new byte[16 * groups];
    this.products = new float[16 * groups];
  }

  /** Largest entry, so that four fit 8 bits and all groups 16 bits. */
  static int maxEntry(int groups) {
    return Math.min(MAX_ENTRY, 65_535 / groups);
  }
}
