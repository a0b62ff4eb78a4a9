package io.slab.gc;

import static io.slab.gc.ScheduledNamespace.collector;
import static io.slab.gc.ScheduledNamespace.handle;
import static io.slab.gc.ScheduledNamespace.image;
import static io.slab.gc.ScheduledNamespace.store;
import static io.slab.gc.ScheduledNamespace.upserts;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.StoreException;
import io.slab.memtable.WriteOp;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.testkit.Breadth;
import io.slab.testkit.LongTest;
import io.slab.testkit.MemoryStore;
import io.slab.writer.BulkLoad;
import io.slab.writer.ListRows;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Collectors of zero age beside writers that may sleep for ever between any two calls, in every
 * order of their calls: the production code, not a model of it. At every moment each file that the
 * newest manifest names is there, and in the end the namespace holds what was acknowledged.
 */
class GcSchedulesIT {
  /** How many times a process is suspended or a call fails. */
  private static final int TURNS = 2;

  private static void holds(Oracle oracle, MemoryStore store) {
    try (NamespaceHandle handle = handle(store, 99);
        Snapshot snapshot = handle.snapshot()) {
      oracle.assertSame(snapshot);
    }
  }

  private static Schedules.Work compaction(long seed) {
    return store -> {
      try (NamespaceHandle handle = handle(store, seed)) {
        Compactor.of(handle).run(CompactionRequest.full(), () -> false, r -> {});
      } catch (ConflictException | StoreException | OutcomeUnknownException e) {
        // It gave up, or a call of its own failed: nothing is changed, or all of it.
      }
    };
  }

  private static void report(String what, long runs, long start) {
    System.out.printf(
        "gc beside %s: %,d orders with up to %d turns in %d ms%n",
        what, runs, TURNS, (System.nanoTime() - start) / 1_000_000);
    assertTrue(runs > 100);
  }

  /** Three slabs of level 0, and some dead rows. */
  private Oracle fill(MemoryStore store) {
    Oracle oracle = new Oracle();
    try (NamespaceHandle handle = handle(store, 1);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int i = 0; i < 3; i++) {
        List<WriteOp> batch = upserts(3 * i, 3 * i + 5);
        oracle.apply(batch);
        writer.append(batch);
        writer.flush();
      }
    }
    return oracle;
  }

  @Test
  void aSuspendedCompactionNamesNothingThatACollectorTook() {
    besideACompaction(List.of(compaction(2), collector(3)));
  }

  @LongTest
  @Test
  void aSuspendedCompactionNamesNothingThatOneOfTwoCollectorsTook() {
    besideACompaction(List.of(compaction(2), collector(3), collector(4)));
  }

  private void besideACompaction(List<Schedules.Work> works) {
    MemoryStore first = MemoryStore.aging();
    Oracle oracle = fill(first);
    Map<String, byte[]> image = image(first);
    long start = System.nanoTime();
    Schedules schedules =
        new Schedules(
            () -> store(image),
            works,
            true,
            false,
            ScheduledNamespace::allThere,
            store -> holds(oracle, store));
    report("a compaction", schedules.explore(TURNS), start);
  }

  /** As on a store behind a network: what failed may take effect later. */
  @Test
  void aCommitThatLandsLateNamesNothingThatACollectorTook() {
    MemoryStore first = MemoryStore.aging();
    Oracle oracle = fill(first);
    Map<String, byte[]> image = image(first);
    long start = System.nanoTime();
    Schedules schedules =
        new Schedules(
            () -> store(image),
            List.of(compaction(2), collector(3)),
            true,
            true,
            ScheduledNamespace::allThere,
            store -> holds(oracle, store));
    report("a compaction whose requests land late", schedules.explore(TURNS), start);
  }

  @Test
  void aSuspendedFlushNamesNothingThatACollectorTook() {
    MemoryStore first = MemoryStore.aging();
    Oracle before = fill(first);
    Map<String, byte[]> image = image(first);
    List<WriteOp> batch = upserts(4, 12);
    Oracle after = before.copy();
    after.apply(batch);
    Schedules.Work flush =
        store -> {
          try (NamespaceHandle handle = handle(store, 2);
              NamespaceWriter writer = new NamespaceWriter(handle)) {
            writer.append(batch);
            writer.flush();
          } catch (MissingException e) {
            // A slab of its state was compacted and collected twice meanwhile.
          }
        };
    long start = System.nanoTime();
    Schedules schedules =
        new Schedules(
            () -> store(image),
            Breadth.isLong()
                ? List.of(flush, collector(3), compaction(4))
                : List.of(flush, collector(3)),
            false,
            false,
            ScheduledNamespace::allThere,
            store -> holds(after, store));
    report("a flush", schedules.explore(TURNS), start);
  }

  @Test
  void aSuspendedBulkLoadNamesNothingThatACollectorTook() {
    MemoryStore first = MemoryStore.aging();
    try (NamespaceHandle handle = handle(first, 1)) {
      new NamespaceAdmin(handle).create();
    }
    Map<String, byte[]> image = image(first);
    ListRows rows =
        new ListRows(upserts(0, 9).stream().map(op -> ((WriteOp.Upsert) op).record()).toList());
    Oracle loaded = new Oracle();
    loaded.apply(upserts(0, 9));
    Schedules.Work load =
        store -> {
          try (NamespaceHandle handle = handle(store, 2)) {
            new BulkLoad(handle).run(rows, () -> false);
          }
        };
    long start = System.nanoTime();
    Schedules schedules =
        new Schedules(
            () -> store(image),
            List.of(load, collector(3), collector(4)),
            false,
            false,
            ScheduledNamespace::allThere,
            store -> holds(loaded, store));
    report("a bulk load", schedules.explore(TURNS), start);
  }
}
