package io.slab.check;

import io.slab.format.LedgerSum;
import io.slab.format.section.RowLsnReader;
import io.slab.format.section.StringBlocksReader;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;

/**
 * Adds up the ledger of a slab's rows from its sections, in the order in which these are checked,
 * ids first. Holds 8 bytes a row. One thread only.
 */
final class LedgerCheck {
  private final LedgerSum sum = new LedgerSum();

  /** Of each row, for its other parts; empty where the ids could not be read. */
  private long[] keys = {};

  /** Ids and LSNs of all rows, both found right. */
  void ids(StringBlocksReader ids, RowLsnReader lsns) {
    long[] found = new long[ids.items()];
    for (int rank = 0; rank < found.length; rank++) {
      int row = ids.number(rank);
      found[row] = sum.id(ids.get(rank), lsns.lsn(row));
    }
    keys = found;
  }

  void dense(int row, float[] values) {
    if (row < keys.length) {
      sum.dense(keys[row], values);
    }
  }

  void sparse(int row, SparseVector values) {
    if (row < keys.length) {
      sum.sparse(keys[row], values);
    }
  }

  void metadata(int row, Metadata metadata) {
    if (row < keys.length) {
      sum.metadata(keys[row], metadata);
    }
  }

  /**
   * What is wrong with what the slab says about its rows, all of which were added; null for
   * nothing.
   */
  String problem(String claimed) {
    String found = sum.ledger().toString();
    return found.equals(claimed)
        ? null
        : "ledger %s, its rows have %s: who wrote it lost, doubled or changed a row"
            .formatted(claimed, found);
  }
}
