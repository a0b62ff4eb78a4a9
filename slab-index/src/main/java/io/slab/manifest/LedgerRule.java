package io.slab.manifest;

import io.slab.error.CorruptException;
import io.slab.model.Ledger;
import java.util.List;

/** The rule that new slabs hold the rows that went into them, all and once and unchanged. */
public final class LedgerRule {
  private LedgerRule() {}

  /**
   * Compares, before a commit.
   *
   * @param work what made the slabs, and of what
   * @param slabs the new slabs
   * @param expected the ledger of what went in
   * @param of whose ledger that is
   * @throws CorruptException when they differ: nothing may be committed then
   */
  public static void require(String work, List<SlabEntry> slabs, Ledger expected, String of) {
    Ledger found = SlabEntry.ledger(slabs);
    if (!found.equals(expected)) {
      throw new CorruptException(
          work,
          -1,
          "new slabs with the ledger " + found,
          expected + ", " + of,
          "a row was lost, doubled or changed on the way; nothing was committed and no record is"
              + " lost: verify the index, then do it again, on another machine if it repeats");
    }
  }
}
