package io.slab.ingest;

import io.slab.error.ConflictException;
import io.slab.format.SlabView;
import io.slab.index.SlabIndex;
import io.slab.memtable.MemRow;
import io.slab.model.Utf8;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.source.RowNumbers;
import java.util.Arrays;

/**
 * Refuses ids that were made up for rows when a namespace has records of these ids: they came from
 * other rows, which the user did not mean to replace. A user who gives the first number knows which
 * records are meant.
 */
public final class RowNumberCheck {
  private RowNumberCheck() {}

  /**
   * Looks for the ids in a namespace.
   *
   * @throws ConflictException when one is there
   */
  public static void requireFree(SlabIndex index, String namespace, RowNumbers.Range ids) {
    if (ids.said() || ids.rows() == 0) {
      return;
    }
    try (Snapshot snapshot = index.snapshot(namespace)) {
      String taken = find(snapshot, ids);
      if (taken != null) {
        throw new ConflictException(
            "the rows have no ids, and the id '"
                + taken
                + "' that one of them would get is there already in "
                + namespace
                + ": its record would be replaced",
            "--number-from "
                + (ids.first() + ids.rows())
                + " numbers on (or from where you say), --id-prefix TEXT makes other ids;"
                + " to replace these records, say --number-from "
                + ids.first());
      }
    }
  }

  private static String find(Snapshot snapshot, RowNumbers.Range ids) {
    byte[] first = Utf8.bytes(ids.id(0));
    byte[] last = Utf8.bytes(ids.id(ids.rows() - 1));
    for (MemRow row : snapshot.memtable()) {
      if (isOne(row.idBytes(), first, last)) {
        return Utf8.string(row.idBytes());
      }
    }
    for (LiveSlab slab : snapshot.slabs()) {
      SlabView view = slab.view();
      for (int rank = view.lowerBound(first); rank < view.rows(); rank++) {
        byte[] id = view.idAt(rank);
        if (Arrays.compareUnsigned(id, last) > 0) {
          break;
        }
        if (isOne(id, first, last)
            && (slab.dead() == null || !slab.dead().contains(view.rowAt(rank)))) {
          return Utf8.string(id);
        }
      }
    }
    return null;
  }

  /** True for an id between two others of the same form: digits where these have digits. */
  private static boolean isOne(byte[] id, byte[] first, byte[] last) {
    if (id.length != first.length
        || Arrays.compareUnsigned(id, first) < 0
        || Arrays.compareUnsigned(id, last) > 0) {
      return false;
    }
    // The prefix is the same by the order; what follows it must be a number.
    int at = id.length - 1;
    while (at >= 0 && id[at] >= '0' && id[at] <= '9') {
      at--;
    }
    int digits = first.length - 1;
    while (digits >= 0 && first[digits] >= '0' && first[digits] <= '9') {
      digits--;
    }
    return at <= digits;
  }
}
