package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.format.SlabInput;
import io.slab.memtable.WriteOp;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Oracle;
import io.slab.store.LocalStore;
import io.slab.testkit.MemoryStore;
import io.slab.verify.Checker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BulkLoadIT extends BulkLoadFixture {
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
