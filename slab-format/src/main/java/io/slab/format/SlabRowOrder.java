package io.slab.format;

import io.slab.bytes.LittleEndian;
import io.slab.error.WorkPhase;
import io.slab.model.IndexSpec;
import io.slab.model.RecordRules;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * The order that the rows of a slab have, and passes over them in it: that of their ids, or the one
 * that an index over their vectors wants. One thread only.
 */
final class SlabRowOrder {
  private final IndexSpec spec;
  private final SlabInput input;
  private final VectorIndexer.Build asked;

  /** The rows, while their order is found; null where rows keep the order of their ids. */
  private final RowSpool spool;

  /** Ranks of the ids of the rows; null where rows keep the order of their ids. */
  private int[] order;

  private int[] rowOf;

  /**
   * @param index null for none
   * @param spool null where rows keep the order of their ids
   */
  SlabRowOrder(IndexSpec spec, SlabInput input, VectorIndexer.Build index, RowSpool spool) {
    this.spec = spec;
    this.input = input;
    this.asked = index;
    this.spool = spool;
  }

  /**
   * Builds the index and finds the order.
   *
   * @return the index; null for none, or when a vector is met that no index can hold
   */
  VectorIndexer.Build find() {
    if (asked == null) {
      return null;
    }
    if (spool == null) {
      return buildInOrder() ? asked : null;
    }
    if (!spool.isFinite()) {
      // Let in by an older writer: it would spoil what an index says about all other rows.
      return null;
    }
    asked.build(spool.vectors(), input.work());
    order = asked.order();
    if (order != null) {
      rowOf = new int[order.length];
      for (int row = 0; row < order.length; row++) {
        rowOf[order[row]] = row;
      }
    }
    return asked;
  }

  /** Builds an index that leaves the rows in id order, over a copy of the vectors in memory. */
  private boolean buildInOrder() {
    // Not left to the collector of garbage: flushes may follow each other quickly.
    try (Arena arena = Arena.ofShared()) {
      MemorySegment vectors = arena.allocate(4L * spec.dimension() * input.rows(), 64);
      boolean isFinite = copyVectors(vectors);
      if (isFinite) {
        asked.build(vectors, input.work());
      }
      return isFinite;
    }
  }

  /** False when one of the numbers is not finite. */
  private boolean copyVectors(MemorySegment vectors) {
    int dimension = spec.dimension();
    boolean[] finite = {true};
    each(
        "reading vectors",
        (cursor, row) -> {
          float[] values = cursor.values();
          if (values == null || values.length != dimension) {
            throw new IllegalArgumentException(
                "row " + row + " lacks the " + dimension + " values of this index");
          }
          finite[0] &= RecordRules.isFinite(values);
          MemorySegment.copy(
              values, 0, vectors, LittleEndian.FLOAT, 4L * dimension * row, dimension);
        });
    return finite[0];
  }

  /**
   * A pass in the order of the slab that must show as many rows as the first one.
   *
   * @param name of the pass, for people
   */
  void each(String name, ObjIntConsumer<SlabInput.Cursor> action) {
    WorkPhase phase = new WorkPhase(input.work(), name, "records", input.rows());
    try (SlabInput.Cursor cursor = spool == null ? input.open() : spool.open(order)) {
      for (int row = 0; row < input.rows(); row++) {
        if (!cursor.next()) {
          throw new IllegalArgumentException("a later pass ends at row " + row);
        }
        action.accept(cursor, row);
        phase.add(1);
      }
    }
  }

  /** Names of the fields by which the waiting rows code their metadata; null where none wait. */
  List<String> spooledFields() {
    return spool == null ? null : spool.fields();
  }

  /** The row of each rank; null where rows keep the order of their ids. */
  int[] rowOf() {
    return rowOf;
  }

  /** What the row has of an array by rank. */
  long of(long[] byRank, int row) {
    return byRank[order == null ? row : order[row]];
  }

  /** An array by rank in the order of the rows. */
  long[] ordered(long[] byRank) {
    if (order == null) {
      return byRank;
    }
    long[] byRow = new long[order.length];
    for (int row = 0; row < order.length; row++) {
      byRow[row] = byRank[order[row]];
    }
    return byRow;
  }

  /** An array by rank in the order of the rows. */
  int[] ordered(int[] byRank) {
    if (order == null) {
      return byRank;
    }
    int[] byRow = new int[order.length];
    for (int row = 0; row < order.length; row++) {
      byRow[row] = byRank[order[row]];
    }
    return byRow;
  }
}
