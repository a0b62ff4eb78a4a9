package io.slab.source.json;

/**
 * Tells whether the members of an object are vectors by id: lists of numbers, all of one length,
 * under names that are no part of a record. One list alone could be anything. One thread only.
 */
final class BareVectors {
  /** So many of them need no more proof. */
  private static final int ENOUGH = 100;

  private int count;
  private int dimension;
  private boolean others;

  /**
   * Another member.
   *
   * @param numbers how many stand in its list; 0 or less for one that is no list of numbers
   */
  void add(int numbers) {
    others |= numbers <= 0 || count > 0 && numbers != dimension;
    dimension = numbers;
    count++;
  }

  /** True when all members so far are vectors. */
  boolean are() {
    return !others && count > 1;
  }

  /** True when that is so of enough members to look no further. */
  boolean surely() {
    return !others && count >= ENOUGH;
  }
}
