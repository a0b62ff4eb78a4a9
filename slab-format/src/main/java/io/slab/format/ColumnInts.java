package io.slab.format;

import io.slab.bytes.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A growing array of ints that leaves memory, piece by piece, where it gets long. First all are
 * added, then they are read. One thread only.
 */
final class ColumnInts {
  /** Ints of a piece. */
  static final int PIECE = 1 << 14;

  /** So many stay in memory: a megabyte. */
  static final int MOST_IN_MEMORY = 1 << 18;

  private final ColumnSpill spill;

  /** Pieces that are full and in memory; they follow those that are not. */
  private final List<int[]> inMemory = new ArrayList<>();

  /** Where the pieces before begin. */
  private long[] places = {};

  private int[] last = new int[8];
  private int inLast;

  /**
   * @param spill where to; null to stay in memory
   */
  ColumnInts(ColumnSpill spill) {
    this.spill = spill;
  }

  void add(int value) {
    if (inLast == last.length) {
      if (last.length < PIECE) {
        last = Arrays.copyOf(last, 2 * inLast);
      } else {
        closePiece();
      }
    }
    last[inLast++] = value;
  }

  private void closePiece() {
    inMemory.add(last);
    last = new int[PIECE];
    inLast = 0;
    if (size() > Integer.MAX_VALUE - 2 * PIECE) {
      throw new IllegalArgumentException("a column of more than " + size() + " values");
    }
    if (spill != null && inMemory.size() >= MOST_IN_MEMORY / PIECE) {
      int from = places.length;
      places = Arrays.copyOf(places, from + inMemory.size());
      for (int i = 0; i < inMemory.size(); i++) {
        places[from + i] = spill.add(inMemory.get(i));
      }
      inMemory.clear();
    }
  }

  int size() {
    return (places.length + inMemory.size()) * PIECE + inLast;
  }

  int get(int index) {
    int piece = index / PIECE;
    int at = index % PIECE;
    if (piece < places.length) {
      return spill.numbers().get(LittleEndian.INT, places[piece] + 4L * at);
    }
    int kept = piece - places.length;
    return kept < inMemory.size() ? inMemory.get(kept)[at] : last[at];
  }

  int[] toArray() {
    int[] all = new int[size()];
    int size = 0;
    for (long place : places) {
      MemorySegment.copy(spill.numbers(), LittleEndian.INT, place, all, size, PIECE);
      size += PIECE;
    }
    for (int[] piece : inMemory) {
      System.arraycopy(piece, 0, all, size, PIECE);
      size += PIECE;
    }
    System.arraycopy(last, 0, all, size, inLast);
    return all;
  }
}
