package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.error.NotFoundException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.SlabException;
import io.slab.format.SlabInput;
import io.slab.manifest.NamespaceNames;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.NamespaceSeal;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.ProvedRecords;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.FaultyStore.Operation;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.Seeds;
import io.slab.verify.Checker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BulkLoadIT {
  private long seeds = Seeds.of("BulkLoadIT");

  private NamespaceHandle handle(ObjectStore store) {
    Environment environment = new Environment(() -> 1_000L, new SplittableRandom(seeds++));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new FormatSlabs(), new Retry(3, 0));
  }

  /** Rows {@code r000 ...}. */
  private static ListRows rows(int count) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Metadata fields = Metadata.of(Map.of("n", new MetaValue.Num(i)));
      records.add(new VectorRecord(String.format("r%03d", i), new float[] {i, 1}, null, fields));
    }
    return new ListRows(records);
  }

  private static List<WriteOp> upserts(ListRows rows) {
    return rows.records().stream().map(r -> (WriteOp) new WriteOp.Upsert(r)).toList();
  }

  private static BulkResult load(NamespaceHandle handle, ListRows rows) {
    return new BulkLoad(handle).run(rows, () -> false);
  }

  private static Oracle holding(ListRows rows) {
    Oracle oracle = new Oracle();
    oracle.apply(upserts(rows));
    return oracle;
  }

  private void assertFresh(Oracle oracle, ObjectStore store) {
    try (NamespaceHandle fresh = handle(store);
        Snapshot snapshot = fresh.snapshot()) {
      oracle.assertSame(snapshot);
    }
  }

  @Test
  void anEmptyNamespaceIsFilledWithOneSlabAndWritesGoOnTop(@TempDir Path folder) {
    LocalStore store = new LocalStore(folder);
    ListRows rows = rows(200);
    Oracle oracle = holding(rows);
    try (NamespaceHandle handle = handle(store);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      BulkResult result = load(handle, rows);
      assertEquals(1, result.slabs().size());
      assertEquals(200, result.rows());
      assertEquals(1, result.slabs().getFirst().level());
      assertFresh(oracle, store);
      Random random = new Random(1);
      for (int step = 0; step < 20; step++) {
        List<WriteOp> batch = new ArrayList<>(Oracle.batch(random));
        batch.add(new WriteOp.DeleteByPrefix("r" + (100 + step)));
        oracle.apply(batch);
        writer.append(batch);
        assertFresh(oracle, store);
      }
      writer.flush();
      assertFresh(oracle, store);
    }
    var report = Checker.index(store, CheckLevel.CHECKSUMS);
    assertTrue(
        report.problems().stream().noneMatch(p -> p.object().contains("ns/ns/")),
        () -> report.problems().toString());
  }

  @Test
  void theSizeCapSplitsTheRows() {
    MemoryStore store = new MemoryStore();
    ListRows rows = rows(100);
    try (NamespaceHandle handle = handle(store)) {
      BulkRows large =
          new BulkRows() {
            @Override
            public int rows() {
              return rows.rows();
            }

            @Override
            public long bytes() {
              return 25_000_000_000L;
            }

            @Override
            public SlabInput part(int from, int to, long lsn) {
              return rows.part(from, to, lsn);
            }
          };
      assertEquals(3, new BulkLoad(handle).run(large, () -> false).slabs().size());
    }
    assertFresh(holding(rows), store);
  }

  @Test
  void aNamespaceWithARecordIsLeftAlone() {
    MemoryStore store = new MemoryStore();
    Oracle oracle = new Oracle();
    List<WriteOp> one = upserts(rows(1));
    try (NamespaceHandle handle = handle(store);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(one);
      oracle.apply(one);
      assertNull(load(handle, rows(10)));
      writer.flush();
      assertNull(load(handle, rows(10)));
      assertFresh(oracle, store);
      assertEquals(1, store.list("ns/ns/slabs/", null).size());
      // Deleted to the last record it is empty again, flushed or not.
      writer.append(List.of(new WriteOp.DeleteByPrefix("r")));
      assertNotNull(load(handle, rows(10)));
    }
    assertFresh(holding(rows(10)), store);
  }

  @Test
  void aDroppedNamespaceComesBackWithTheRowsAlone() {
    MemoryStore store = new MemoryStore();
    try (NamespaceHandle handle = handle(store);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(List.of(new WriteOp.Upsert(rows(5).records().getLast())));
      new NamespaceAdmin(handle).drop();
      assertNotNull(load(handle, rows(3)));
      assertTrue(handle.exists());
    }
    assertFresh(holding(rows(3)), store);
  }

  @Test
  void aCancelledLoadLeavesNothing() {
    MemoryStore store = new MemoryStore();
    AtomicLong calls = new AtomicLong();
    try (NamespaceHandle handle = handle(store)) {
      assertThrows(
          CancellationException.class,
          () -> new BulkLoad(handle).run(rows(50), () -> calls.incrementAndGet() > 60));
      assertTrue(store.list("ns/ns/slabs/", null).isEmpty());
    }
    assertFresh(new Oracle(), store);
  }

  /** At every point at which the process may die: all rows are there or none, and work goes on. */
  @Test
  void aCrashAtAnyCallShowsAllRowsOrNone() {
    ListRows rows = rows(40);
    Oracle all = holding(rows);
    int completed = 0;
    for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
      for (long at = 0; at < 40; at++) {
        long crashing = at;
        MemoryStore memory = new MemoryStore();
        FaultyStore faulty =
            new FaultyStore(memory, (call, op, name) -> call == crashing ? fault : Fault.NONE);
        boolean acknowledged = false;
        try {
          acknowledged = load(handle(faulty), rows) != null;
          completed++;
        } catch (FaultyStore.Crash e) {
          // The process is gone; what it left on the store is all there is.
        }
        assertAllOrNone(all, acknowledged, memory);
        try (NamespaceHandle next = handle(memory)) {
          boolean there = count(memory) > 0;
          assertEquals(there, load(next, rows) == null, "the next run loads what is not there");
        }
        assertFresh(all, memory);
      }
    }
    assertTrue(completed > 0, "the calls of a whole run were not covered");
  }

  private long count(ObjectStore store) {
    try (NamespaceHandle fresh = handle(store);
        Snapshot snapshot = fresh.snapshot()) {
      return snapshot.count();
    }
  }

  private void assertAllOrNone(Oracle all, boolean acknowledged, ObjectStore store) {
    assertFresh(acknowledged || count(store) > 0 ? all : new Oracle(), store);
  }

  @Test
  void aFailureOfAnyCallIsSortedOutOrReported() {
    ListRows rows = rows(40);
    Oracle all = holding(rows);
    for (boolean stays : new boolean[] {false, true}) {
      for (Fault fault : List.of(Fault.BEFORE, Fault.AFTER)) {
        for (long at = 0; at < 40; at++) {
          long first = at;
          MemoryStore memory = new MemoryStore();
          FaultyStore faulty =
              new FaultyStore(
                  memory,
                  (call, op, name) ->
                      call == first || (stays && call > first) ? fault : Fault.NONE);
          boolean acknowledged = false;
          boolean unknown = false;
          try (NamespaceHandle handle = handle(faulty)) {
            acknowledged = load(handle, rows) != null;
          } catch (OutcomeUnknownException e) {
            unknown = true;
          } catch (SlabException e) {
            // Not in, as the contract says.
          }
          if (unknown) {
            assertAllOrNone(all, false, memory);
          } else {
            assertFresh(acknowledged ? all : new Oracle(), memory);
          }
        }
      }
    }
  }

  /** Another process acts just before a given call of the load, whichever that is. */
  @Test
  void whoeverActsInBetweenLosesNothing() {
    for (int act = 0; act < 7; act++) {
      for (long at = 0; at < 40; at++) {
        between(act, at);
      }
    }
  }

  private void between(int act, long at) {
    MemoryStore memory = new MemoryStore();
    ListRows rows = rows(40);
    List<WriteOp> mine =
        List.of(
            new WriteOp.Upsert(new VectorRecord("r007", new float[] {-1, 5}, null, Metadata.EMPTY)),
            new WriteOp.Upsert(new VectorRecord("z", new float[] {-2, 5}, null, Metadata.EMPTY)));
    NamespaceHandle other = handle(memory);
    NamespaceWriter writer = new NamespaceWriter(other);
    boolean[] acted = {false};
    FaultyStore watched =
        new FaultyStore(
            memory,
            (call, op, name) -> {
              if (call == at && op != Operation.DELETE) {
                acted[0] = true;
                act(act, other, writer, mine);
              }
              return Fault.NONE;
            });
    BulkResult result;
    try (NamespaceHandle handle = handle(watched)) {
      result = load(handle, rows);
    }
    if (!acted[0]) {
      act(act, other, writer, mine);
    }
    // From its next write on the other writer believes what a fresh reader finds.
    writer.append(List.of(new WriteOp.DeleteId("nothing")));
    try (Snapshot fresh = handle(memory).snapshot();
        Snapshot own = writer.snapshot()) {
      Oracle oracle = result == null ? new Oracle() : holding(rows);
      if (act <= 1) {
        oracle.apply(mine);
      } else if ((act == 2 || act == 4 || act == 6) && fresh.count() == 0) {
        // What deletes everything comes before the load or after it.
        oracle = new Oracle();
      }
      oracle.assertSame(fresh);
      oracle.assertSame(own);
      if (act != 4) {
        // The drop of a namespace leaves no trace before the next flush.
        oracle.assertSame(ProvedRecords.of(memory, new NamespaceNames("ns"), Oracle.SPEC));
      }
      assertFalse(result == null && act >= 2, "no process wrote a record that stayed");
    } finally {
      other.close();
    }
  }

  private static void act(
      int act, NamespaceHandle other, NamespaceWriter writer, List<WriteOp> mine) {
    switch (act) {
      case 0 -> writer.append(mine);
      case 1 -> {
        writer.append(mine);
        writer.flush();
      }
      case 2 -> writer.append(List.of(new WriteOp.DeleteAll()));
      case 6 -> {
        writer.append(mine);
        writer.append(List.of(new WriteOp.DeleteByPrefix("r"), new WriteOp.DeleteId("z")));
      }
      case 3 -> {
        writer.append(List.of(new WriteOp.DeleteId("nothing")));
        writer.flush();
      }
      case 4 -> {
        if (other.exists()) {
          new NamespaceAdmin(other).drop();
          new NamespaceAdmin(other).create();
        }
      }
      default -> new NamespaceAdmin(other).create();
    }
  }

  /** The index is dropped just before a given call of the load, whichever that is. */
  @Test
  void aDroppedIndexIsNotLoadedInto() {
    for (long at = 0; at < 40; at++) {
      long dropped = at;
      MemoryStore memory = new MemoryStore();
      boolean[] gone = {false};
      NamespaceHandle other = handle(memory);
      new NamespaceAdmin(other).create();
      FaultyStore watched =
          new FaultyStore(
              memory,
              (call, op, name) -> {
                if (call == dropped) {
                  gone[0] = true;
                  new NamespaceSeal(other)
                      .seal(new Environment(() -> 1, new SplittableRandom(7)).newId());
                }
                return Fault.NONE;
              });
      boolean loaded = false;
      try (NamespaceHandle handle =
          new NamespaceHandle(
              watched,
              "ns",
              Oracle.SPEC,
              new Environment(() -> 1_000L, new SplittableRandom(seeds++)),
              new FormatSlabs(),
              new Retry(3, 0),
              () -> requireThere(gone[0]))) {
        loaded = load(handle, rows(10)) != null;
      } catch (NotFoundException e) {
        assertTrue(gone[0]);
        assertTrue(memory.list("ns/ns/slabs/", null).isEmpty(), "call " + at);
      }
      // A load that was acknowledged came before the seal, and an undo brings its rows back.
      assertTrue(loaded || gone[0]);
      assertEquals(loaded ? 10 : 0, count(memory), "call " + at);
    }
  }

  private static void requireThere(boolean gone) {
    if (gone) {
      throw new NotFoundException("the index is gone");
    }
  }

  /** Loads and writers in many threads: each acknowledged write is there, one load at most. */
  @Test
  void loadsAndWritersAtOnce(@TempDir Path folder) throws Exception {
    for (int round = 0; round < 15; round++) {
      LocalStore store = new LocalStore(folder.resolve("r" + round));
      ListRows rows = rows(60);
      AtomicLong loaded = new AtomicLong();
      List<Thread> threads = new ArrayList<>();
      List<Throwable> failures = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        int me = t;
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  try (NamespaceHandle handle = handle(store)) {
                    if (me < 2) {
                      loaded.addAndGet(load(handle, rows) == null ? 0 : 1);
                    } else {
                      write(handle);
                    }
                  } catch (Throwable e) {
                    synchronized (failures) {
                      failures.add(e);
                    }
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), failures);
      assertTrue(loaded.get() <= 1);
      Oracle oracle = new Oracle();
      if (loaded.get() == 1) {
        oracle.apply(upserts(rows));
      }
      for (int b = 0; b < 12; b++) {
        oracle.apply(batch(b));
      }
      assertFresh(oracle, store);
    }
  }

  private static List<WriteOp> batch(int b) {
    VectorRecord fresh = new VectorRecord("w" + b, new float[] {b, 2}, null, Metadata.EMPTY);
    VectorRecord over =
        new VectorRecord(String.format("r%03d", b), new float[] {b, 3}, null, Metadata.EMPTY);
    return List.of(new WriteOp.Upsert(fresh), new WriteOp.Upsert(over));
  }

  private static void write(NamespaceHandle handle) throws InterruptedException {
    Thread.sleep(new Random().nextInt(40));
    try (NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int b = 0; b < 12; b++) {
        writer.append(batch(b));
        if (b % 4 == 3) {
          writer.flush();
        }
      }
    }
  }
}
