package io.slab.memtable;

import io.slab.bytes.BytesOrder;
import io.slab.model.Utf8;
import java.util.Arrays;

/**
 * Ids numbered from 0 as they come, found by hashing, and sorted when their order is asked for. A
 * copy costs as much as copying a few arrays. One thread only.
 */
final class IdTable {
  private static final int FIRST_SLOTS = 32;

  private byte[][] ids = new byte[FIRST_SLOTS / 2][];

  /** Of each number the hash of its id. */
  private int[] hashes = new int[FIRST_SLOTS / 2];

  /** Number + 1 of the id of each slot, 0 where it is free; at least twice as many as ids. */
  private int[] slots = new int[FIRST_SLOTS];

  private int size;

  /** The first so many numbers in the order of their ids; never changed, so that copies share. */
  private int[] order = {};

  IdTable() {}

  IdTable(IdTable other) {
    ids = other.ids.clone();
    hashes = other.hashes.clone();
    slots = other.slots.clone();
    size = other.size;
    order = other.order;
  }

  int size() {
    return size;
  }

  byte[] id(int number) {
    return ids[number];
  }

  /** The number of an id, or -1. */
  int find(byte[] id) {
    return slots[slot(id, hash(id))] - 1;
  }

  /** The number of an id, a new one where it was not there: {@link #size} of before. */
  int add(byte[] id) {
    int hash = hash(id);
    int slot = slot(id, hash);
    if (slots[slot] != 0) {
      return slots[slot] - 1;
    }
    if (size == ids.length) {
      grow();
      slot = slot(id, hash);
    }
    ids[size] = id;
    hashes[size] = hash;
    slots[slot] = ++size;
    return size - 1;
  }

  private static int hash(byte[] id) {
    int hash = Arrays.hashCode(id) * 0x9E3779B9;
    return hash ^ hash >>> 15;
  }

  /** Where the id is, or would be. */
  private int slot(byte[] id, int hash) {
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] != 0
        && (hashes[slots[slot] - 1] != hash || !Arrays.equals(ids[slots[slot] - 1], id))) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    ids = Arrays.copyOf(ids, 2 * size);
    hashes = Arrays.copyOf(hashes, 2 * size);
    slots = new int[4 * size];
    int mask = slots.length - 1;
    for (int number = 0; number < size; number++) {
      int slot = hashes[number] & mask;
      while (slots[slot] != 0) {
        slot = slot + 1 & mask;
      }
      slots[slot] = number + 1;
    }
  }

  /** All numbers in unsigned order of their ids; not to be changed. */
  int[] order() {
    if (order.length < size) {
      int[] added = BytesOrder.of(ids, order.length, size);
      order = order.length == 0 ? added : merged(order, added);
    }
    return order;
  }

  private int[] merged(int[] sorted, int[] added) {
    int[] merged = new int[size];
    int next = 0;
    int other = 0;
    for (int out = 0; out < size; out++) {
      boolean old =
          other == added.length
              || next < sorted.length
                  && Utf8.compareBytes(ids[sorted[next]], ids[added[other]]) < 0;
      merged[out] = old ? sorted[next++] : added[other++];
    }
    return merged;
  }

  /** How many ids are less than a key. */
  int rank(byte[] key) {
    int[] sorted = order();
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = low + high >>> 1;
      if (Utf8.compareBytes(ids[sorted[middle]], key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
