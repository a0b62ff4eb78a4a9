package io.slab.compaction;

import io.slab.compaction.CompactionRequest.Kind;
import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.format.LedgerSum;
import io.slab.format.SlabCapacity;
import io.slab.format.SlabTombstones;
import io.slab.format.SlabView;
import io.slab.manifest.Appends;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.ColumnStatistics;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.LedgerRule;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ledger;
import io.slab.model.Ulid;
import io.slab.namespace.LevelRules;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.PooledSlab;
import io.slab.writer.CommitResult;
import io.slab.writer.RowRanges;
import io.slab.writer.SlabWriter;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * One compaction: merges neighbouring slabs into new ones, which {@link CompactionCommit} puts in
 * their place. Writers and readers go on meanwhile. It never deletes an input; that is gc's
 * business. One thread only.
 *
 * <p>Memory: 8 bytes a row for the order, what the builder holds, and for each id that is carried
 * as deleted its text and 20 bytes.
 */
final class Compaction {
  private final NamespaceHandle namespace;
  private final CompactionPlan plan;
  private final Kind kind;
  private final CancellationToken cancellation;
  private final List<SlabEntry> outputs = new ArrayList<>();

  /**
   * The inputs and, to be proved, the outputs: read from the store, even if they were read before.
   */
  private final List<PooledSlab> own = new ArrayList<>();

  /** Of the dead rows that were left out. */
  private Ledger dropped = Ledger.EMPTY;

  /**
   * @param kind of the request: a rebuild proves, before the commit, that the rows came through bit
   *     for bit
   */
  Compaction(
      NamespaceHandle namespace, CompactionPlan plan, Kind kind, CancellationToken cancellation) {
    this.namespace = namespace;
    this.plan = plan;
    this.kind = kind;
    this.cancellation = cancellation;
  }

  /**
   * Writes and commits.
   *
   * @param base the manifest that the plan was made from
   * @return null when gc took slabs of it meanwhile, the new ones before they could be named, or
   *     inputs that a newer manifest does not name; nothing is changed then
   * @throws ConflictException when another process compacted one of the inputs first
   */
  CompactionResult run(NamespaceManifest base) {
    long start = System.nanoTime();
    BuiltSlabs order;
    try {
      order = order(namespace, plan, base);
    } catch (MissingException e) {
      requireMoved(base.id(), e);
      return null;
    }
    BuiltSlabs built = build(order);
    if (built == null) {
      return null;
    }
    CommitResult result = new CompactionCommit(namespace, built, true).run();
    if (!result.committed()) {
      // No manifest names the outputs: every attempt so far was proved lost.
      discard();
      if (result.state() == CommitResult.State.INPUTS_TAKEN) {
        throw takenAway(null);
      }
      return null;
    }
    long gone = order.replaced().stream().mapToLong(input -> input.deletes().cardinality()).sum();
    return new CompactionResult(
        plan,
        result.manifest(),
        outputs,
        gone,
        SlabEntry.ledger(outputs),
        System.nanoTime() - start);
  }

  /** What another process has to know to do a plan's work: the inputs with their dead rows. */
  static BuiltSlabs order(NamespaceHandle namespace, CompactionPlan plan, NamespaceManifest base) {
    List<SlabEntry> inputs = new ArrayList<>();
    for (SlabEntry input : plan.inputs()) {
      MutableRoaringBitmap dead = namespace.dead(base, input);
      inputs.add(
          input.withDeletes(
              dead.isEmpty()
                  ? SlabDeletes.NONE
                  : new SlabDeletes(dead.getLongCardinality(), DeletionVector.encode(dead), null)));
    }
    return BuiltSlabs.compaction(
        namespace.environment().newId(),
        namespace.names().namespace(),
        base.id(),
        Math.min(base.lsnFlushed(), Appends.first(base) - 1),
        plan.level(),
        inputs);
  }

  /** Dead rows of an input that the outputs do not hold. */
  static MutableRoaringBitmap dropped(SlabEntry input) {
    SlabDeletes deletes = input.deletes();
    return deletes.cardinality() == 0
        ? new MutableRoaringBitmap()
        : DeletionVector.decode(
            "dead rows of slab " + input.id(),
            deletes.inline(),
            input.rows(),
            deletes.cardinality());
  }

  /**
   * Writes the outputs, and compares them with the inputs. When it fails nothing of them stays.
   *
   * @return null when inputs were collected that a newer manifest does not name any more
   */
  BuiltSlabs build(BuiltSlabs order) {
    try {
      CarriedDeletes.Inputs inputs = inputs(order);
      SlabTombstones deletes = carried(order, inputs);
      if (plan.rowsOut() > 0 || !deletes.isEmpty()) {
        writeOutputs(inputs.views(), inputs.dropped(), deletes);
      }
      if (plan.rowsOut() == 0) {
        // All rows are dead: no row is read.
        dropped = SlabEntry.ledger(order.replaced());
      }
      BuiltSlabs built = order.with(outputs, List.of(), dropped);
      built.requireConserved();
      return built;
    } catch (MissingException e) {
      discard();
      requireMoved(order.base(), e);
      return null;
    } catch (RuntimeException | Error e) {
      // Nothing was committed yet, so no manifest can refer to what was written.
      discard();
      throw e;
    } finally {
      own.forEach(PooledSlab::release);
    }
  }

  private CarriedDeletes.Inputs inputs(BuiltSlabs order) {
    List<SlabView> views = new ArrayList<>();
    for (SlabEntry entry : order.replaced()) {
      views.add(open(entry));
    }
    List<MutableRoaringBitmap> dead = order.replaced().stream().map(Compaction::dropped).toList();
    return new CarriedDeletes.Inputs(order.replaced(), views, dead);
  }

  private SlabTombstones carried(BuiltSlabs order, CarriedDeletes.Inputs inputs) {
    return CarriedDeletes.of(namespace, inputs, order.lsn(), kind == Kind.ALONE, cancellation);
  }

  /** The deletes that the outputs would carry; writes nothing. */
  SlabTombstones carried(NamespaceManifest base) {
    try {
      BuiltSlabs order = order(namespace, plan, base);
      return carried(order, inputs(order));
    } finally {
      own.forEach(PooledSlab::release);
    }
  }

  /** Goes on only where a newer manifest explains that an input is gone. */
  private void requireMoved(long base, MissingException e) {
    NamespaceManifest newest = namespace.requireNewest();
    if (newest.id() == base) {
      throw e;
    }
    if (CompactionCommit.survivors(plan.inputs(), base, newest) == null) {
      throw takenAway(e);
    }
  }

  private void discard() {
    outputs.forEach(slab -> namespace.store().delete(namespace.names().slab(slab.id())));
  }

  static ConflictException takenAway(MissingException cause) {
    return new ConflictException(
        "another process compacted the same slabs first", "nothing is lost; look at stats", cause);
  }

  private SlabView open(SlabEntry entry) {
    PooledSlab slab = namespace.pool().unmapped(entry);
    own.add(slab);
    return slab;
  }

  private void writeOutputs(
      List<SlabView> views, List<MutableRoaringBitmap> dead, SlabTombstones deletes) {
    MergedRows rows = MergedRows.of(views, dead, cancellation);
    writeOutputs(rows, views, deletes);
    dropped = plan.rowsOut() > 0 ? rows.dropped() : dropped;
  }

  private void writeOutputs(MergedRows rows, List<SlabView> views, SlabTombstones deletes) {
    List<Ulid> sources = plan.inputs().stream().map(SlabEntry::id).toList();
    SlabWriter writer = new SlabWriter(namespace);
    for (RowRanges.Range range : ranges(rows, views)) {
      boolean whole = range.rows() == rows.rows();
      MergedRows part = whole ? rows : rows.part(range.from(), range.to());
      SlabTombstones carried =
          deletes.part(
              range.from() == 0 ? null : rows.id(range.from()),
              range.to() == rows.rows() ? null : rows.id(range.to()));
      outputs.add(writer.write(plan.level(), sources, carried, part, cancellation));
    }
    if (kind == Kind.REBUILD) {
      prove();
    }
  }

  /** The rows of each output; one without rows where no row lives. */
  private List<RowRanges.Range> ranges(MergedRows rows, List<SlabView> views) {
    if (rows.rows() == 0) {
      return List.of(new RowRanges.Range(0, 0));
    }
    long cap = LevelRules.of(namespace.requireNewest()).maxBytes(plan.level());
    long parts = Math.max(1, Math.ceilDiv(plan.bytesOut(), cap));
    List<RowRanges.Range> ranges = RowRanges.even(rows.rows(), parts);
    return fitsOneSlab(views) ? ranges : RowRanges.cut(ranges, rows, namespace.spec());
  }

  /**
   * True when the statistics of the inputs prove that all their columns fit one slab, so that no
   * pass over the metadata is needed to find out.
   */
  private boolean fitsOneSlab(List<SlabView> views) {
    SlabCapacity capacity = new SlabCapacity(namespace.spec());
    for (int i = 0; i < views.size(); i++) {
      SlabEntry input = plan.inputs().get(i);
      boolean hasFields = input.rows() > 0 && !views.get(i).fieldNames().isEmpty();
      if (hasFields && input.columns().isEmpty()) {
        return false;
      }
      for (ColumnStatistics column : input.columns()) {
        if (!capacity.add(column.sample())) {
          return false;
        }
      }
    }
    return true;
  }

  /** Reads the new slabs back, and compares them with what they say that they hold. */
  private void prove() {
    for (SlabEntry output : outputs) {
      List<MutableRoaringBitmap> none = List.of(new MutableRoaringBitmap());
      MergedRows read = MergedRows.of(List.of(open(output)), none, cancellation);
      LedgerRule.require(
          "the rebuild of the slabs " + plan.inputs().stream().map(SlabEntry::id).toList(),
          List.of(output),
          LedgerSum.of(read),
          "that of the rows that slab " + output.id() + " gives back");
    }
  }
}
