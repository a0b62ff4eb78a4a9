package io.slab.writer;

import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.error.SlabException;
import io.slab.format.SlabInput;
import io.slab.format.SlabTombstones;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.IdRange;
import io.slab.manifest.LedgerRule;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ledger;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.namespace.LevelRules;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills an empty namespace with slabs that were built directly, without log and memtable
 * (spec/index.md, "Bulk load"). All rows appear at once, with the manifest that names the slabs, or
 * none does.
 *
 * <p>Three steps, which may run in different processes with what {@link BuiltSlabs} says between
 * them: {@link #begin} reserves the place of the rows in the order of writes (a WAL object without
 * records, which also tells other writers that such a manifest may come), {@link #build} writes
 * slabs, {@link #commit} names them in one manifest. {@link #run} does all three, and builds slabs
 * again that gc took meanwhile, or that others overtook with writes of which nothing is left. One
 * thread only.
 */
public final class BulkLoad {
  /** How often the slabs are built, when gc takes them or others write meanwhile. */
  private static final int MAX_BUILDS = 3;

  private final NamespaceHandle namespace;
  private final Reservations reservations;
  private final Ulid commit;

  public BulkLoad(NamespaceHandle namespace) {
    this.namespace = namespace;
    this.reservations = new Reservations(namespace);
    this.commit = namespace.environment().newId();
  }

  /**
   * What the manifest that makes the rows visible will say about itself: a caller that loses track
   * of the outcome finds the answer in the namespace's history.
   */
  public Ulid commit() {
    return commit;
  }

  /**
   * Builds and commits, creating the namespace where there is none.
   *
   * @param cancellation asked for each row of each pass; when it says so nothing of the load stays
   * @return null when the namespace is not empty, or was not any more at the end: then nothing of
   *     the load is in it and the rows may be written in the ordinary way
   * @throws io.slab.error.InvalidInputException for rows that break the rules of records, or are
   *     out of order; nothing of the load stays
   * @throws ConflictException when others wrote meanwhile, each time; the rows are not in
   * @throws io.slab.error.StoreException when the store failed; the rows are not in
   * @throws io.slab.error.OutcomeUnknownException when it is not known whether they are in
   */
  public BulkResult run(BulkRows rows, CancellationToken cancellation) {
    long start = System.nanoTime();
    BuiltSlabs order = begin();
    if (order == null) {
      return null;
    }
    long buildNanos = 0;
    CommitResult.State last = null;
    for (int build = 0; build < MAX_BUILDS; build++) {
      BuiltSlabs built = build(order, rows, cancellation);
      if (build == 0) {
        buildNanos = System.nanoTime() - start;
      }
      CommitResult result = commitOrDiscard(built);
      if (result.committed()) {
        long commitNanos = System.nanoTime() - start - buildNanos;
        return new BulkResult(
            result.manifest(), built.slabs(), built.lsn(), buildNanos, commitNanos);
      }
      discard(built.slabs());
      last = result.state();
      order = last == CommitResult.State.OVERTAKEN ? begin() : order;
      if (last == CommitResult.State.NOT_EMPTY || order == null) {
        return null;
      }
    }
    throw last == CommitResult.State.OVERTAKEN
        ? overtaken()
        : NamespaceHandle.condemned(MAX_BUILDS);
  }

  private ConflictException overtaken() {
    return new ConflictException(
        "others wrote to '%s' and deleted it again while the load was built, %d times"
            .formatted(namespace.names().namespace(), MAX_BUILDS),
        "no row was loaded; stop what else writes to the namespace, and load again",
        null);
  }

  /**
   * The first step: reserves, creating the namespace where there is none.
   *
   * @return an order to build slabs, or null when there is a record
   */
  public BuiltSlabs begin() {
    return begin(false);
  }

  /** As {@link #begin}, of a load that takes the place of all records. */
  public BuiltSlabs beginReplacing() {
    return begin(true);
  }

  private BuiltSlabs begin(boolean replacing) {
    for (int round = 0; round < BulkCommit.MAX_ROUNDS; round++) {
      NamespaceState state = reservations.open();
      try {
        if (!replacing && !Reservations.empty(state)) {
          return null;
        }
        if (reservations.reserve(state)) {
          return BuiltSlabs.bulk(
              commit,
              namespace.names().namespace(),
              state.manifest().id(),
              state.lastLsn(),
              state.lastCommit());
        }
      } finally {
        namespace.release(state);
      }
    }
    throw BulkCommit.lost();
  }

  /**
   * The second step: writes slabs. Several processes may each do this for rows of their own; {@link
   * BuiltSlabs#merge} puts their results together, and {@link #commit} refuses an id that two of
   * them have.
   *
   * @param cancellation asked for each row of each pass; when it says so no slab of this call stays
   * @throws io.slab.error.InvalidInputException for rows that break the rules of records, or are
   *     out of order; no slab of this call stays
   */
  public BuiltSlabs build(BuiltSlabs order, BulkRows rows, CancellationToken cancellation) {
    requireFor(
        namespace,
        order,
        order.operation().bringsRows() ? order.operation() : BuiltSlabs.Operation.BULK);
    TextStage text = TextStage.of(namespace) instanceof TextStage stage ? stage : null;
    if (text != null) {
      text.sample(rows);
    }
    LevelRules rules = LevelRules.of(namespace.requireNewest());
    int level = rules.levelFor(rows.rows());
    long parts = Math.max(1, Math.ceilDiv(rows.bytes(), rules.maxBytes(level)));
    List<RowRanges.Range> even = RowRanges.even(rows.rows(), parts);
    SlabInput all = rows.part(0, rows.rows(), order.lsn());
    SlabWriter writer = new SlabWriter(namespace);
    List<SlabEntry> slabs = new ArrayList<>();
    List<IdRange> ids = new ArrayList<>();
    try {
      byte[] before = null;
      for (RowRanges.Range range : RowRanges.cut(even, all, namespace.spec())) {
        SlabInput given = rows.part(range.from(), range.to(), order.lsn());
        SlabInput part = text == null ? given : text.input(given);
        CheckedInput checked = new CheckedInput(part, namespace.spec(), before);
        SlabEntry slab = writer.write(level, List.of(), SlabTombstones.NONE, checked, cancellation);
        slabs.add(slab);
        LedgerRule.require(
            what(order), List.of(slab), checked.ledger(), "that of the rows that came in");
        before = checked.lastId();
        ids.add(new IdRange(Utf8.string(checked.firstId()), Utf8.string(before)));
      }
      requireAll(rows, slabs);
    } catch (RuntimeException | Error e) {
      // Nothing was committed yet, so no manifest can refer to what was written.
      discard(slabs);
      throw e;
    }
    return order.with(slabs, ids, Ledger.EMPTY);
  }

  private static String what(BuiltSlabs order) {
    boolean append = order.operation() == BuiltSlabs.Operation.APPEND;
    return (append ? "an append to '" : "a bulk load of '") + order.namespace() + "'";
  }

  private static void requireAll(BulkRows rows, List<SlabEntry> slabs) {
    long written = slabs.stream().mapToLong(SlabEntry::rows).sum();
    if (written != rows.rows()) {
      throw new IllegalStateException(written + " rows of " + rows.rows() + " are in slabs");
    }
  }

  /**
   * The third step: commits what was built, here or elsewhere. Repeated with the same slabs it
   * gives the same answer, also when several processes do it at once.
   *
   * @throws io.slab.error.InvalidInputException when an id is in two slabs; the rows are not in
   * @throws io.slab.error.StoreException when the store failed; the rows are not in
   * @throws io.slab.error.OutcomeUnknownException when it is not known whether they are in
   */
  public CommitResult commit(BuiltSlabs built) {
    return commit(built, false);
  }

  /**
   * As {@link #commit}, but the rows take the place of all records that the namespace had when the
   * load began. Refused as overtaken when anything was written since.
   */
  public CommitResult commitReplacing(BuiltSlabs built) {
    return commit(built, true);
  }

  private CommitResult commit(BuiltSlabs built, boolean replacing) {
    requireOurs(built);
    return new BulkCommit(namespace, reservations, built, false, replacing).run();
  }

  private CommitResult commitOrDiscard(BuiltSlabs built) {
    BulkCommit last = new BulkCommit(namespace, reservations, built, true, false);
    try {
      return last.run();
    } catch (SlabException e) {
      if (last.settled()) {
        // Every attempt so far is proved lost.
        try {
          discard(built.slabs());
        } catch (SlabException again) {
          e.addSuppressed(again);
        }
      }
      throw e;
    }
  }

  private void requireOurs(BuiltSlabs built) {
    requireFor(namespace, built, BuiltSlabs.Operation.BULK);
  }

  static void requireFor(NamespaceHandle at, BuiltSlabs built, BuiltSlabs.Operation operation) {
    if (built.operation() != operation || !built.namespace().equals(at.names().namespace())) {
      throw new IllegalArgumentException(
          "slabs of a " + built.operation().label() + " in '" + built.namespace() + "'");
    }
  }

  /** For slabs that no manifest names and none ever will. */
  private void discard(List<SlabEntry> slabs) {
    slabs.forEach(slab -> namespace.store().delete(namespace.names().slab(slab.id())));
  }
}
