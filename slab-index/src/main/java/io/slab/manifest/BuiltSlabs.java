package io.slab.manifest;

import io.slab.error.CorruptException;
import io.slab.error.OutcomeUnknownException;
import io.slab.model.Ledger;
import io.slab.model.Ulid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Slabs that were built and that no manifest names yet, with all that it takes to commit them from
 * another process (spec/index.md, "Built slabs"). Without slabs it is the order to build them.
 *
 * @param operation what the commit will be
 * @param commit tells this commit from every other: committed once, it is found in the history
 * @param namespace where the slabs are
 * @param base the newest manifest when the work began
 * @param level of the slabs of a compaction; of rows that are new 0, their number decides
 * @param lsn of all rows that are new; of a compaction the largest that the base manifest flushed:
 *     its rows are those that were alive then
 * @param reservation commit id of the log object that reserved the LSN; of a compaction null
 * @param slabs what was built, oldest first
 * @param ids of new rows the ids of each of the slabs, in their order; of a compaction empty
 * @param replaced the inputs of a compaction in the order of the base manifest, with the dead rows
 *     that the slabs do not hold (inline)
 * @param dropped of a compaction the ledger of these dead rows, as the builder of the slabs read
 *     them; of an order and of a bulk load that of no row
 */
public record BuiltSlabs(
    Operation operation,
    Ulid commit,
    String namespace,
    long base,
    int level,
    long lsn,
    Ulid reservation,
    List<SlabEntry> slabs,
    List<IdRange> ids,
    List<SlabEntry> replaced,
    Ledger dropped) {
  /** What made the slabs; the label is the operation of the manifest. */
  public enum Operation {
    /** Rows for an empty namespace. */
    BULK("bulk"),
    /** Rows beside those that a namespace has; the manifest's operation also says which LSN. */
    APPEND("append"),
    /** Rows of other slabs, which are replaced. */
    COMPACT("compact");

    private final String label;

    Operation(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }

    /** True for rows that no slab had before: they have the LSN of a reservation. */
    public boolean bringsRows() {
      return this != COMPACT;
    }
  }

  public BuiltSlabs {
    slabs = List.copyOf(slabs);
    ids = List.copyOf(ids);
    replaced = List.copyOf(replaced);
    if ((operation == Operation.COMPACT) == replaced.isEmpty()) {
      throw new IllegalArgumentException("a compaction replaces slabs, and nothing else does");
    }
    if (operation.bringsRows() != (reservation != null)) {
      throw new IllegalArgumentException("new rows have a reservation, and nothing else has");
    }
    if (ids.size() != (operation.bringsRows() ? slabs.size() : 0)) {
      throw new IllegalArgumentException(ids.size() + " ranges of ids, " + slabs.size() + " slabs");
    }
    Set<Ulid> names = new HashSet<>();
    for (SlabEntry slab : slabs) {
      requireNew(slab, names);
    }
    for (SlabEntry slab : replaced) {
      requireNew(slab, names);
      if (slab.deletes().file() != null) {
        throw new IllegalArgumentException("dead rows of slab " + slab.id() + " in a file");
      }
    }
  }

  private static void requireNew(SlabEntry slab, Set<Ulid> names) {
    if (!names.add(slab.id())) {
      throw new IllegalArgumentException("the slab " + slab.id() + " twice");
    }
  }

  /** The order to fill an empty namespace. */
  public static BuiltSlabs bulk(
      Ulid commit, String namespace, long base, long lsn, Ulid reservation) {
    return new BuiltSlabs(
        Operation.BULK,
        commit,
        namespace,
        base,
        0,
        lsn,
        reservation,
        List.of(),
        List.of(),
        List.of(),
        Ledger.EMPTY);
  }

  /** The order to add rows to those that a namespace has. */
  public static BuiltSlabs append(
      Ulid commit, String namespace, long base, long lsn, Ulid reservation) {
    return new BuiltSlabs(
        Operation.APPEND,
        commit,
        namespace,
        base,
        0,
        lsn,
        reservation,
        List.of(),
        List.of(),
        List.of(),
        Ledger.EMPTY);
  }

  /** The order to merge slabs. */
  public static BuiltSlabs compaction(
      Ulid commit, String namespace, long base, long lsn, int level, List<SlabEntry> inputs) {
    return new BuiltSlabs(
        Operation.COMPACT,
        commit,
        namespace,
        base,
        level,
        lsn,
        null,
        List.of(),
        List.of(),
        inputs,
        Ledger.EMPTY);
  }

  /** The order alone. */
  public BuiltSlabs order() {
    return with(List.of(), List.of(), Ledger.EMPTY);
  }

  /**
   * The same order with these slabs.
   *
   * @param ranges of new rows the ids of each slab; of a compaction none
   * @param dead the ledger of the dead rows of a compaction; of new rows that of no row
   */
  public BuiltSlabs with(List<SlabEntry> built, List<IdRange> ranges, Ledger dead) {
    return new BuiltSlabs(
        operation, commit, namespace, base, level, lsn, reservation, built, ranges, replaced, dead);
  }

  /**
   * Compares the slabs of a compaction, of a bulk load nothing, with what they replace.
   *
   * @throws CorruptException when a row was lost, doubled or changed on the way
   */
  public void requireConserved() {
    if (operation == Operation.COMPACT) {
      String inputs =
          String.join(", ", replaced.stream().map(slab -> slab.id().toString()).toList());
      LedgerRule.require(
          "the compaction of the slabs " + inputs + " in '" + namespace + "'",
          slabs,
          SlabEntry.ledger(replaced).minus(dropped),
          "that of their live rows");
    }
  }

  /**
   * What several builders made of one order.
   *
   * @throws IllegalArgumentException when the orders differ, or a slab occurs twice
   */
  public static BuiltSlabs merge(List<BuiltSlabs> parts) {
    BuiltSlabs order = parts.getFirst().order();
    List<SlabEntry> all = new ArrayList<>();
    List<IdRange> ranges = new ArrayList<>();
    Ledger dropped = Ledger.EMPTY;
    for (BuiltSlabs part : parts) {
      boolean same =
          part.operation == order.operation
              && part.commit.equals(order.commit)
              && part.namespace.equals(order.namespace)
              && part.base == order.base
              && part.lsn == order.lsn;
      if (!same) {
        throw new IllegalArgumentException(
            "slabs built for the commits " + order.commit + " and " + part.commit);
      }
      all.addAll(part.slabs);
      ranges.addAll(part.ids);
      dropped = dropped.plus(part.dropped);
    }
    return order.with(all, ranges, dropped);
  }

  /**
   * Number of the manifest that committed these slabs, or 0 when it is proved that none did so far.
   *
   * @throws OutcomeUnknownException when the history does not reach back far enough
   */
  public long committedIn(NamespaceManifest newest) {
    for (NamespaceManifest.Change change : newest.history()) {
      if (change.commit().equals(commit)) {
        return change.id();
      }
    }
    boolean reaches = newest.history().getFirst().id() <= base + 1;
    // A manifest that commits these slabs names no input, and no later one does.
    boolean before = newest.slabs().stream().anyMatch(this::replaces);
    if (reaches || before) {
      return 0;
    }
    throw new OutcomeUnknownException(
        "cannot tell whether the slabs of commit "
            + commit
            + " were committed to '"
            + namespace
            + "': its history begins with manifest "
            + newest.history().getFirst().id(),
        "look at the data; if the records are not there, build them again");
  }

  private boolean replaces(SlabEntry slab) {
    return replaced.stream().anyMatch(input -> input.id().equals(slab.id()));
  }
}
