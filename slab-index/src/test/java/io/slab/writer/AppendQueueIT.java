package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.StoreException;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.Thresholds;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.FaultyStore.Operation;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AppendQueueIT {
  private long seeds = Seeds.of("AppendQueueIT");

  private NamespaceHandle handle(ObjectStore store) {
    // A generator that several threads may ask.
    Environment environment = new Environment(() -> 1_000L, new Random(seeds++));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new FormatSlabs(), new Retry(3, 0));
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

  private static List<WriteOp> numbered(int batch, int size) {
    List<WriteOp> ops = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      ops.add(upsert(batch + "-" + i, batch));
    }
    return ops;
  }

  /** Pauses at creates, so that batches pile up and flushes take their time. */
  private static FaultyStore slow(ObjectStore inner, long seed) {
    Random random = new Random(seed);
    return new FaultyStore(
        inner,
        (call, op, name) -> {
          if (op == Operation.CREATE || op == Operation.COMMIT) {
            pause(random.nextInt(3));
          }
          return Fault.NONE;
        });
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyBatchInOrderWhileItFlushes() {
    for (int round = 0; round < 12; round++) {
      long seed = Seeds.of("AppendQueueIT.everyBatchInOrderWhileItFlushes." + round);
      Random random = new Random(seed);
      MemoryStore store = new MemoryStore(() -> 1_000L);
      Oracle oracle = new Oracle();
      List<Long> lsns = new ArrayList<>();
      try (NamespaceHandle handle = handle(slow(store, seed))) {
        new NamespaceAdmin(handle).create();
        new NamespaceAdmin(handle)
            .configure(Map.of(Thresholds.MEMTABLE_RECORDS, 5L + random.nextInt(12)));
        try (NamespaceWriter writer = new NamespaceWriter(handle)) {
          try (AppendQueue queue = writer.queue()) {
            for (int step = 0; step < 200; step++) {
              List<WriteOp> batch = Oracle.batch(random);
              oracle.apply(batch);
              var unused = queue.append(batch, commit -> lsns.add(commit.firstLsn()));
              if (random.nextInt(60) == 0) {
                writer.flush();
              }
            }
          }
          try (Snapshot own = writer.snapshot()) {
            oracle.assertSame(own);
          }
        }
        assertFresh(oracle, store);
        assertEquals(200, lsns.size());
        assertEquals(lsns.stream().sorted().toList(), lsns);
        try (Snapshot snapshot = handle.snapshot()) {
          assertTrue(snapshot.manifest().id() > 3, "it flushed meanwhile");
        }
      }
    }
  }

  @Test
  void batchesThatWaitAreCommittedTogether() {
    MemoryStore store = new MemoryStore(() -> 1_000L);
    CountDownLatch go = new CountDownLatch(1);
    FaultyStore held =
        new FaultyStore(
            store,
            (call, op, name) -> {
              if (op == Operation.CREATE && name.endsWith("1.wal")) {
                try {
                  go.await();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              }
              return Fault.NONE;
            });
    List<CompletableFuture<Commit>> commits = new ArrayList<>();
    try (NamespaceHandle handle = handle(held);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      try (AppendQueue queue = writer.queue()) {
        for (int i = 0; i < 50; i++) {
          commits.add(queue.append(numbered(i, 10), commit -> {}));
        }
        assertFalse(commits.get(1).isDone());
        go.countDown();
      }
      long objects = commits.stream().map(c -> c.join().walSeq()).distinct().count();
      assertTrue(objects <= 3, objects + " objects");
      try (Snapshot snapshot = handle.snapshot()) {
        assertEquals(500, snapshot.count());
        for (int i = 0; i < 50; i++) {
          assertEquals(9 + commits.get(i).join().firstLsn(), commits.get(i).join().lastLsn());
        }
      }
    }
  }

  @Test
  void severalQueuesBesideACompactor() throws Exception {
    long seed = Seeds.of("AppendQueueIT.severalQueuesBesideACompactor");
    MemoryStore store = new MemoryStore(System::currentTimeMillis);
    int writers = 3;
    int batches = 120;
    AtomicReference<Throwable> trouble = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    try (NamespaceHandle first = handle(store)) {
      new NamespaceAdmin(first).create();
      new NamespaceAdmin(first).configure(Map.of(Thresholds.MEMTABLE_RECORDS, 60L));
    }
    for (int w = 0; w < writers; w++) {
      int me = w;
      NamespaceHandle handle = handle(slow(store, seed + w));
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try (handle;
                    NamespaceWriter writer = new NamespaceWriter(handle);
                    AppendQueue queue = writer.queue()) {
                  List<CompletableFuture<Commit>> commits = new ArrayList<>();
                  for (int b = 0; b < batches; b++) {
                    commits.add(
                        queue.append(
                            List.of(upsert(me + "-" + b, b), upsert("w" + me, b)), c -> {}));
                  }
                  commits.forEach(CompletableFuture::join);
                } catch (Throwable e) {
                  trouble.set(e);
                }
              }));
    }
    try (NamespaceHandle other = handle(store)) {
      while (threads.stream().anyMatch(Thread::isAlive)) {
        try {
          Compactor.of(other).run(CompactionRequest.full(), () -> false, r -> {});
        } catch (ConflictException e) {
          // A slab without a live row left the manifest: the next round plans anew.
        }
        pause(5);
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (trouble.get() != null) {
      throw new AssertionError("seed " + seed, trouble.get());
    }
    try (NamespaceHandle fresh = handle(store);
        Snapshot snapshot = fresh.snapshot()) {
      assertEquals(writers * (batches + 1L), snapshot.count());
      for (int w = 0; w < writers; w++) {
        assertEquals(batches - 1, snapshot.find("w" + w).values()[0]);
      }
    }
  }

  @Test
  void afterAFailureNothingMoreIsWrittenAndEarlierBatchesStay() {
    for (int at = 0; at < 60; at++) {
      int failing = at;
      AtomicInteger creates = new AtomicInteger();
      MemoryStore store = new MemoryStore(() -> 1_000L);
      FaultyStore faulty =
          new FaultyStore(
              store,
              (call, op, name) -> {
                boolean wal = op == Operation.CREATE && name.contains("/wal/");
                return wal && creates.getAndIncrement() >= failing ? Fault.BEFORE : Fault.NONE;
              });
      List<CompletableFuture<Commit>> commits = new ArrayList<>();
      try (NamespaceHandle handle = handle(faulty);
          NamespaceWriter writer = new NamespaceWriter(handle);
          AppendQueue queue = writer.queue()) {
        for (int i = 0; i < 20; i++) {
          commits.add(queue.append(numbered(i, 3), commit -> {}));
        }
      }
      int acknowledged = 0;
      while (acknowledged < 20 && !commits.get(acknowledged).isCompletedExceptionally()) {
        acknowledged++;
      }
      for (int i = acknowledged; i < 20; i++) {
        CompletionException e = assertThrows(CompletionException.class, commits.get(i)::join);
        assertTrue(
            e.getCause() instanceof StoreException || e.getCause() instanceof RuntimeException);
      }
      try (NamespaceHandle fresh = handle(store);
          Snapshot snapshot = fresh.snapshot()) {
        assertEquals(3L * acknowledged, snapshot.count());
      }
    }
  }

  /** The log takes everything while no slab can be written; it is said before it grows for ever. */
  @Test
  void aFlushThatFailsInTheBackgroundIsReportedByALaterBatch() {
    MemoryStore store = new MemoryStore(() -> 1_000L);
    FaultyStore full =
        new FaultyStore(
            store, (call, op, name) -> op == Operation.COMMIT ? Fault.BEFORE : Fault.NONE);
    List<CompletableFuture<Commit>> commits = new ArrayList<>();
    try (NamespaceHandle handle = handle(full)) {
      new NamespaceAdmin(handle).create();
      new NamespaceAdmin(handle).configure(Map.of(Thresholds.MEMTABLE_RECORDS, 50L));
      try (NamespaceWriter writer = new NamespaceWriter(handle);
          AppendQueue queue = writer.queue()) {
        for (int i = 0; i < 100; i++) {
          CompletableFuture<Commit> commit = queue.append(numbered(i, 10), c -> {});
          commits.add(commit);
          commit.exceptionally(e -> null).join();
        }
      }
    }
    long acknowledged = commits.stream().filter(c -> !c.isCompletedExceptionally()).count();
    assertTrue(acknowledged >= 5 && acknowledged <= 20, acknowledged + " batches");
    assertThrows(CompletionException.class, commits.getLast()::join);
    try (NamespaceHandle fresh = handle(store);
        Snapshot snapshot = fresh.snapshot()) {
      assertEquals(10 * acknowledged, snapshot.count());
      assertNotNull(snapshot.find("0-0"));
    }
  }

  @Test
  void aBatchThatDoesNotFitTheIndexIsRefusedAtOnce() {
    MemoryStore store = new MemoryStore(() -> 1_000L);
    try (NamespaceHandle handle = handle(store);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      try (AppendQueue queue = writer.queue()) {
        assertThrows(
            InvalidInputException.class,
            () -> queue.append(List.of(new WriteOp.DeleteId("")), c -> {}));
        assertEquals(1, queue.append(List.of(upsert("a", 1)), c -> {}).join().operations());
      }
      try (Snapshot snapshot = writer.snapshot()) {
        assertEquals(1, snapshot.count());
      }
    }
  }

  /** A listener that is told of a batch stops the queue by failing. */
  @Test
  void whatTheListenerThrowsStopsTheQueue() {
    MemoryStore store = new MemoryStore(() -> 1_000L);
    try (NamespaceHandle handle = handle(store);
        NamespaceWriter writer = new NamespaceWriter(handle);
        AppendQueue queue = writer.queue()) {
      IllegalStateException gone = new IllegalStateException("the reader is gone");
      CompletableFuture<Commit> commit =
          queue.append(
              List.of(upsert("a", 1)),
              c -> {
                throw gone;
              });
      assertEquals(gone, assertThrows(CompletionException.class, commit::join).getCause());
      assertTrue(queue.append(List.of(upsert("b", 1)), c -> {}).isCompletedExceptionally());
    }
  }
}
