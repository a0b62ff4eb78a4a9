package io.slab.search;

import io.slab.model.Utf8;
import java.util.Comparator;

/**
 * A row of the answer.
 *
 * @param key larger is nearer
 */
record Hit(int source, int row, float key, byte[] id) {
  /** Nearest first, ties by id. */
  static final Comparator<Hit> ORDER =
      (a, b) -> a.key > b.key ? -1 : a.key < b.key ? 1 : Utf8.compareBytes(a.id, b.id);

  /** Source and row as one number, in the order in which they lie. */
  long ref() {
    return Candidates.ref(source, row);
  }
}
