package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.PlainSlabs;
import io.slab.snapshot.SlabFiles;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespaceTest {
  private static final Retry NO_PAUSE = new Retry(3, 0);
  private long seeds = Seeds.of("NamespaceTest");

  private SlabFiles files = new PlainSlabs();

  private NamespaceHandle handle(ObjectStore store) {
    Environment environment = new Environment(() -> 1_000L, new SplittableRandom(seeds++));
    return new NamespaceHandle(store, "ns", Oracle.SPEC, environment, files, NO_PAUSE);
  }

  private void assertFresh(Oracle oracle, ObjectStore store) {
    try (NamespaceHandle fresh = handle(store);
        Snapshot snapshot = fresh.snapshot()) {
      oracle.assertSame(snapshot);
    }
  }

  private static WriteOp upsert(String id, float value) {
    return new WriteOp.Upsert(new VectorRecord(id, new float[] {value, 0}, null, Metadata.EMPTY));
  }

  private void interleave(ObjectStore store, int steps, long seed) {
    Random random = new Random(seed);
    Oracle oracle = new Oracle();
    List<NamespaceHandle> handles = new ArrayList<>();
    List<NamespaceWriter> writers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      handles.add(handle(store));
      writers.add(new NamespaceWriter(handles.get(i)));
    }
    for (int step = 0; step < steps; step++) {
      NamespaceWriter writer = writers.get(random.nextInt(3));
      if (random.nextInt(6) == 0) {
        writer.flush();
      } else {
        List<WriteOp> batch = Oracle.batch(random);
        oracle.apply(batch);
        writer.append(batch);
      }
      try (Snapshot own = writer.snapshot()) {
        oracle.assertSame(own);
      }
      assertFresh(oracle, store);
    }
    handles.forEach(NamespaceHandle::close);
  }

  @Test
  void severalWritersAgreeWithTheOracleInMemory() {
    for (int round = 0; round < 10; round++) {
      interleave(
          new MemoryStore(),
          100,
          Seeds.of("NamespaceTest.severalWritersAgreeWithTheOracleInMemory." + round));
    }
  }

  @Test
  void severalWritersAgreeWithTheOracleInRealSlabsOnDisk(@TempDir Path folder) {
    files = new FormatSlabs();
    interleave(
        new LocalStore(folder),
        100,
        Seeds.of("NamespaceTest.severalWritersAgreeWithTheOracleInRealSlabsOnDisk"));
  }

  @Test
  void anAmbiguousFailureOfAnyCallIsSortedOut() {
    long seed = Seeds.of("NamespaceTest.anAmbiguousFailureOfAnyCallIsSortedOut");
    for (Fault fault : List.of(Fault.BEFORE, Fault.AFTER)) {
      for (long at = 0; at < 70; at++) {
        long failing = at;
        MemoryStore memory = new MemoryStore();
        FaultyStore faulty =
            new FaultyStore(memory, (call, op, name) -> call == failing ? fault : Fault.NONE);
        Random random = new Random(seed);
        Oracle oracle = new Oracle();
        try (NamespaceHandle handle = handle(faulty);
            NamespaceWriter writer = new NamespaceWriter(handle)) {
          for (int step = 0; step < 8; step++) {
            List<WriteOp> batch = Oracle.batch(random);
            appendAgain(writer, batch);
            oracle.apply(batch);
            if (step % 3 == 2) {
              flushAgain(writer);
            }
          }
        }
        assertFresh(oracle, memory);
      }
    }
  }

  /**
   * A batch with a change of metadata is tried out before it is written, and slab reads are not
   * repeated by the library: such a failure means that nothing was written.
   */
  private static void appendAgain(NamespaceWriter writer, List<WriteOp> batch) {
    try {
      writer.append(batch);
    } catch (StoreException e) {
      assertTrue(e.getMessage().contains(".slab"), e::getMessage);
      writer.append(batch);
    }
  }

  /** Uploads and slab reads are not repeated by the library: the whole flush is, by its caller. */
  private static void flushAgain(NamespaceWriter writer) {
    try {
      writer.flush();
    } catch (StoreException e) {
      writer.flush();
    }
  }

  @Test
  void whenTheStoreStaysBadNothingIsClaimed() {
    for (long at = 0; at < 60; at++) {
      for (Fault fault : List.of(Fault.BEFORE, Fault.AFTER)) {
        long first = at;
        MemoryStore memory = new MemoryStore();
        boolean[] bad = {true};
        FaultyStore faulty =
            new FaultyStore(
                memory, (call, op, name) -> bad[0] && call >= first ? fault : Fault.NONE);
        Oracle oracle = new Oracle();
        Oracle maybe = null;
        Random random = new Random(at);
        try (NamespaceHandle handle = handle(faulty);
            NamespaceWriter writer = new NamespaceWriter(handle)) {
          for (int step = 0; step < 8 && maybe == null; step++) {
            List<WriteOp> batch = Oracle.batch(random);
            Oracle after = oracle.copy();
            after.apply(batch);
            try {
              writer.append(batch);
              oracle = after;
              if (step % 3 == 2) {
                writer.flush();
              }
            } catch (OutcomeUnknownException e) {
              maybe = after;
            } catch (SlabException e) {
              break;
            }
          }
          bad[0] = false;
        }
        assertOneOf(oracle, maybe, memory);
      }
    }
  }

  private void assertOneOf(Oracle certain, Oracle possible, ObjectStore store) {
    try {
      assertFresh(certain, store);
    } catch (AssertionError e) {
      if (possible == null) {
        throw e;
      }
      assertFresh(possible, store);
    }
  }

  @Test
  void aCrashAtAnyCallLosesNothingAcknowledgedAndShowsNoHalf() {
    long seed = Seeds.of("NamespaceTest.aCrashAtAnyCallLosesNothingAcknowledgedAndShowsNoHalf");
    for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
      for (long at = 0; at < 70; at++) {
        long crashing = at;
        MemoryStore memory = new MemoryStore();
        FaultyStore faulty =
            new FaultyStore(memory, (call, op, name) -> call == crashing ? fault : Fault.NONE);
        Random random = new Random(seed);
        Oracle oracle = new Oracle();
        Oracle after = oracle;
        NamespaceHandle handle = handle(faulty);
        try {
          NamespaceWriter writer = new NamespaceWriter(handle);
          for (int step = 0; step < 9; step++) {
            List<WriteOp> batch = Oracle.batch(random);
            after = oracle.copy();
            after.apply(batch);
            writer.append(batch);
            oracle = after;
            if (step % 3 == 2) {
              writer.flush();
            }
          }
        } catch (FaultyStore.Crash e) {
          // The process is gone; what it left on the store is all there is.
        }
        assertOneOf(oracle, after, memory);
        // A new process goes on from there.
        try (NamespaceHandle next = handle(memory);
            NamespaceWriter writer = new NamespaceWriter(next)) {
          writer.append(List.of(upsert("z", 1)));
          writer.flush();
          try (Snapshot snapshot = next.snapshot()) {
            assertEquals(0, snapshot.memtable().size());
            assertEquals(1, snapshot.find("z").values()[0]);
          }
        }
      }
    }
  }

  @Test
  void manyThreadsWriteAndFlushAtOnce(@TempDir Path folder) throws Exception {
    int threads = 4;
    int batches = 25;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int me = t;
        NamespaceHandle handle = handle(new LocalStore(folder));
        done.add(
            pool.submit(() -> {
              try (handle;
                  NamespaceWriter writer = new NamespaceWriter(handle)) {
                for (int b = 0; b < batches; b++) {
                  writer.append(List.of(upsert(me + "-" + b, b), upsert("shared", me)));
                  if (b % 7 == me) {
                    writer.flush();
                  }
                }
              }
            }));
      }
      for (Future<?> future : done) {
        future.get();
      }
    }
    try (NamespaceHandle fresh = handle(new LocalStore(folder));
        Snapshot snapshot = fresh.snapshot()) {
      assertEquals(threads * batches + 1, snapshot.count());
      assertEquals((long) threads * batches, snapshot.walApplied());
      for (int t = 0; t < threads; t++) {
        for (int b = 0; b < batches; b++) {
          assertEquals(b, snapshot.find(t + "-" + b).values()[0]);
        }
      }
    }
  }

  @Test
  void aFullMemtableFlushesByItself() {
    MemoryStore store = new MemoryStore();
    try (NamespaceHandle handle = handle(store);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int b = 0; b < 21; b++) {
        List<WriteOp> batch = new ArrayList<>();
        for (int i = 0; i < 999; i++) {
          batch.add(upsert("id" + (b * 999 + i), i));
        }
        writer.append(batch);
      }
      try (Snapshot snapshot = handle.snapshot()) {
        assertEquals(21 * 999, snapshot.count());
        assertEquals(2, snapshot.slabs().size());
        snapshot.slabs().forEach(slab -> assertTrue(slab.view().rows() <= 10_000));
        assertTrue(snapshot.memtable().size() <= 10_000);
      }
    }
  }

  @Test
  void aSnapshotDoesNotMove() {
    MemoryStore store = new MemoryStore();
    try (NamespaceHandle handle = handle(store);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(List.of(upsert("a", 1)));
      writer.flush();
      try (Snapshot before = handle.snapshot()) {
        writer.append(List.of(upsert("a", 2), upsert("b", 2)));
        writer.flush();
        assertEquals(1, before.count());
        assertEquals(1, before.find("a").values()[0]);
      }
    }
  }

  @Test
  void aDroppedNamespaceIsGoneUntilTheNextWrite() {
    MemoryStore store = new MemoryStore();
    try (NamespaceHandle handle = handle(store);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      assertFalse(handle.exists());
      writer.append(List.of(upsert("a", 1)));
      assertTrue(handle.exists());
      new NamespaceAdmin(handle).drop();
      assertFalse(handle.exists());
      assertEquals(0, handle.snapshot().count());
      writer.append(List.of(upsert("b", 1)));
      assertTrue(handle.exists());
      try (Snapshot snapshot = handle.snapshot()) {
        assertEquals(1, snapshot.count());
      }
      writer.flush();
      assertTrue(handle.exists());
      new NamespaceAdmin(handle).drop();
      assertTrue(new NamespaceAdmin(handle).create());
      assertFalse(new NamespaceAdmin(handle).create());
      assertEquals(0, handle.snapshot().count());
    }
  }

  @Test
  void badOperationsNeverReachTheWal() {
    MemoryStore store = new MemoryStore();
    try (NamespaceHandle handle = handle(store);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (WriteOp bad :
          List.<WriteOp>of(
              new WriteOp.DeleteByFilter("{\"a\":{\"$no\":1}}"),
              new WriteOp.DeleteId(""),
              new WriteOp.DeleteId("x".repeat(513)),
              new WriteOp.Upsert(new VectorRecord("a", new float[3], null, Metadata.EMPTY)),
              new WriteOp.Upsert(new VectorRecord("a", null, null, Metadata.EMPTY)))) {
        assertThrows(InvalidInputException.class, () -> writer.append(List.of(bad)));
      }
      assertThrows(InvalidInputException.class, () -> writer.append(List.of()));
      assertFalse(handle.exists());
    }
  }

  @Test
  void manyDeadRowsGoToAFileOfTheirOwn() {
    MemoryStore store = new MemoryStore();
    files = new FormatSlabs();
    int rows = 9_000;
    try (NamespaceHandle handle = handle(store);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int from = 0; from < rows; from += 1_000) {
        List<WriteOp> batch = new ArrayList<>();
        for (int i = from; i < from + 1_000; i++) {
          batch.add(upsert("id" + i, i));
        }
        writer.append(batch);
      }
      writer.flush();
      for (int step : new int[] {3, 2}) {
        List<WriteOp> batch = new ArrayList<>();
        for (int i = 0; i < rows; i += step) {
          batch.add(new WriteOp.DeleteId("id" + i));
          if (batch.size() == 1_000) {
            writer.append(batch);
            batch = new ArrayList<>();
          }
        }
        if (!batch.isEmpty()) {
          writer.append(batch);
        }
        writer.flush();
        try (NamespaceHandle fresh = handle(store);
            Snapshot snapshot = fresh.snapshot()) {
          assertEquals(step == 3 ? 6_000 : 3_000, snapshot.count());
          assertTrue(snapshot.slabs().getFirst().entry().deletes().file() != null);
        }
      }
      assertEquals(2, store.list("ns/ns/deletes/", null).size());
    }
  }
}
