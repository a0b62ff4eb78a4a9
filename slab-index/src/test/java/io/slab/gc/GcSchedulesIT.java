package io.slab.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.StoreException;
import io.slab.manifest.ManifestLog;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.PlainSlabs;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.Breadth;
import io.slab.testkit.LongTest;
import io.slab.testkit.MemoryStore;
import io.slab.writer.BulkLoad;
import io.slab.writer.ListRows;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Collectors of zero age beside writers that may sleep for ever between any two calls, in every
 * order of their calls: the production code, not a model of it. At every moment each file that the
 * newest manifest names is there, and in the end the namespace holds what was acknowledged.
 */
class GcSchedulesIT {
  /** How many times a process is suspended or a call fails. */
  private static final int TURNS = 2;

  private static final NamespaceNames NAMES = new NamespaceNames("ns");
  private static final GcRequest ZERO_AGE = new GcRequest(0, 1, 1_000, false);

  private static NamespaceHandle handle(ObjectStore store, long seed) {
    Environment environment = new Environment(() -> 1_000L, new SplittableRandom(seed));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new PlainSlabs(), new Retry(1, 0));
  }

  private static List<WriteOp> upserts(int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Metadata fields = Metadata.of(Map.of("n", new MetaValue.Num(i)));
      batch.add(new WriteOp.Upsert(new VectorRecord("r" + i, new float[] {i, 1}, null, fields)));
    }
    return batch;
  }

  /** Every object of a store, to begin again from. */
  private static Map<String, byte[]> image(MemoryStore store) {
    Map<String, byte[]> image = new LinkedHashMap<>();
    for (String folder :
        List.of(
            NAMES.slabFolder(), NAMES.deletesFolder(), NAMES.walFolder(), NAMES.manifestFolder())) {
      store.list(folder, null).forEach(o -> image.put(o.name(), store.read(o.name(), o.size())));
    }
    return image;
  }

  private static MemoryStore store(Map<String, byte[]> image) {
    MemoryStore store = MemoryStore.aging();
    image.forEach(store::create);
    return store;
  }

  /** What the newest manifest names is there. */
  private static void allThere(MemoryStore store) {
    NamespaceManifest newest = new ManifestLog(store, NAMES, Retry.NEVER).newestThere();
    Set<String> missing = new TreeSet<>();
    for (SlabEntry slab : newest.slabs()) {
      missing.add(NAMES.slab(slab.id()));
      if (slab.deletes().file() != null) {
        missing.add(NAMES.deletesFolder() + slab.deletes().file());
      }
    }
    store.list(NAMES.slabFolder(), null).forEach(o -> missing.remove(o.name()));
    store.list(NAMES.deletesFolder(), null).forEach(o -> missing.remove(o.name()));
    assertEquals(Set.of(), missing);
  }

  private static void holds(Oracle oracle, MemoryStore store) {
    try (NamespaceHandle handle = handle(store, 99);
        Snapshot snapshot = handle.snapshot()) {
      oracle.assertSame(snapshot);
    }
  }

  private static Schedules.Work collector(long seed) {
    return store -> {
      try (NamespaceHandle handle = handle(store, seed)) {
        GarbageCollector.of(handle).run(ZERO_AGE);
      } catch (StoreException | OutcomeUnknownException e) {
        // A call of its own failed: what it did up to then must not have harmed anybody.
      }
    };
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
            GcSchedulesIT::allThere,
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
            GcSchedulesIT::allThere,
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
            GcSchedulesIT::allThere,
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
            GcSchedulesIT::allThere,
            store -> holds(loaded, store));
    report("a bulk load", schedules.explore(TURNS), start);
  }
}
