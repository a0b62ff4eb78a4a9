package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.error.StoreException;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.Thresholds;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.Retry;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.FaultyStore.Operation;
import io.slab.testkit.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads write at once; the store is held at the first object until all of them wait. */
class GroupCommitTest {
  private final MemoryStore memory = new MemoryStore();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicBoolean holding = new AtomicBoolean();
  private final CountDownLatch slabs = new CountDownLatch(1);
  private final AtomicBoolean holdingSlabs = new AtomicBoolean();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger logCreates = new AtomicInteger();

  private final NamespaceHandle namespace =
      new NamespaceHandle(
          new FaultyStore(memory, this::decide),
          "ns",
          Oracle.SPEC,
          new Environment(() -> 1_000L, new Random(3)),
          new FormatSlabs(),
          new Retry(1, 0));
  private final NamespaceWriter writer = new NamespaceWriter(namespace);
  private final GroupCommit commits = new GroupCommit(writer);

  @AfterEach
  void close() {
    commits.close();
    writer.close();
    namespace.close();
  }

  private Fault decide(long call, Operation operation, String name) {
    if (operation == Operation.COMMIT && holdingSlabs.get()) {
      await(slabs);
    }
    if (operation != Operation.CREATE || !name.endsWith(".wal")) {
      return Fault.NONE;
    }
    logCreates.incrementAndGet();
    if (holding.getAndSet(false)) {
      reached.countDown();
      await(gate);
    }
    return failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? Fault.BEFORE : Fault.NONE;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static WriteOp upsert(String id) {
    return new WriteOp.Upsert(new VectorRecord(id, new float[] {1, 0}, null, Metadata.EMPTY));
  }

  private FutureTask<Commit> start(WriteOp... batch) {
    FutureTask<Commit> task = new FutureTask<>(() -> commits.append(List.of(batch)));
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  /** One batch on its way, held by the store; those that start now wait behind it. */
  private FutureTask<Commit> hold() throws InterruptedException {
    holding.set(true);
    FutureTask<Commit> first = start(upsert("first"));
    reached.await();
    return first;
  }

  private void awaitWaiting(int batches) throws InterruptedException {
    while (commits.waiting() < batches) {
      Thread.sleep(1);
    }
  }

  private Set<String> ids() {
    Set<String> ids = new TreeSet<>();
    try (NamespaceHandle fresh =
            new NamespaceHandle(
                memory,
                "ns",
                Oracle.SPEC,
                new Environment(() -> 1_000L, new Random(4)),
                new FormatSlabs(),
                new Retry(1, 0));
        Snapshot snapshot = fresh.snapshot()) {
      snapshot.memtable().forEach(row -> ids.add(row.record().id()));
    }
    return ids;
  }

  @Test
  void batchesThatWaitShareAnObject() throws Exception {
    commits.append(List.of(upsert("zero")));
    int before = logCreates.get();
    FutureTask<Commit> first = hold();
    List<FutureTask<Commit>> rest = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rest.add(start(upsert("a" + i), upsert("b" + i)));
    }
    awaitWaiting(40);
    gate.countDown();
    Set<Long> lsns = new TreeSet<>();
    Set<Long> objects = new TreeSet<>();
    lsns.add(first.get().firstLsn());
    for (FutureTask<Commit> task : rest) {
      Commit commit = task.get();
      assertEquals(2, commit.operations());
      assertEquals(1, commit.lastLsn() - commit.firstLsn());
      assertTrue(lsns.add(commit.firstLsn()) && lsns.add(commit.lastLsn()));
      objects.add(commit.walSeq());
    }
    assertEquals(1, objects.size());
    assertEquals(2, logCreates.get() - before);
    assertEquals(82, ids().size());
  }

  @Test
  void aBatchThatCannotBeTakenFailsAlone() throws Exception {
    commits.append(List.of(upsert("zero")));
    FutureTask<Commit> first = hold();
    FutureTask<Commit> good = start(upsert("good"));
    FutureTask<Commit> unfit =
        start(new WriteOp.Upsert(new VectorRecord("x", new float[] {1}, null, Metadata.EMPTY)));
    // Refused only when it is tried out: together with what is there it becomes too large.
    Metadata half = Metadata.of(Map.of("a", new MetaValue.Str("x".repeat(30_000))));
    Metadata more = Metadata.of(Map.of("b", new MetaValue.Str("x".repeat(30_000))));
    FutureTask<Commit> base =
        start(new WriteOp.Upsert(new VectorRecord("big", new float[] {1, 1}, null, half)));
    awaitWaiting(2);
    FutureTask<Commit> tooLarge = start(new WriteOp.PartialUpdate("big", null, null, more));
    awaitWaiting(3);
    FutureTask<Commit> after = start(upsert("after"));
    awaitWaiting(4);
    gate.countDown();
    first.get();
    assertRefused(unfit);
    assertRefused(tooLarge);
    good.get();
    base.get();
    after.get();
    assertEquals(Set.of("zero", "first", "good", "big", "after"), ids());
  }

  private static void assertRefused(FutureTask<Commit> task) {
    ExecutionException e = assertThrows(ExecutionException.class, task::get);
    assertTrue(e.getCause() instanceof InvalidInputException, e.toString());
  }

  @Test
  void aFailureOfTheStoreFailsOneObjectOnly() throws Exception {
    commits.append(List.of(upsert("zero")));
    FutureTask<Commit> first = hold();
    FutureTask<Commit> second = start(upsert("second"));
    awaitWaiting(1);
    failures.set(1);
    gate.countDown();
    ExecutionException e = assertThrows(ExecutionException.class, first::get);
    assertTrue(e.getCause() instanceof StoreException, e.toString());
    second.get();
    commits.append(List.of(upsert("third")));
    assertEquals(Set.of("zero", "second", "third"), ids());
  }

  @Test
  void anInterruptedCallerTakesOnlyItsOwnBatchBack() throws Exception {
    commits.append(List.of(upsert("zero")));
    FutureTask<Commit> first = hold();
    FutureTask<Commit> kept = start(upsert("kept"));
    awaitWaiting(1);
    FutureTask<Commit> withdrawn = new FutureTask<>(() -> commits.append(List.of(upsert("no"))));
    Thread caller = Thread.ofPlatform().daemon().start(withdrawn);
    awaitWaiting(2);
    caller.interrupt();
    ExecutionException e = assertThrows(ExecutionException.class, withdrawn::get);
    assertTrue(e.getCause() instanceof CancellationException, e.toString());
    gate.countDown();
    first.get();
    kept.get();
    // On its way already: the outcome is waited for, and the interrupt is not lost.
    Thread.currentThread().interrupt();
    try {
      commits.append(List.of(upsert("maybe")));
    } catch (CancellationException early) {
      assertTrue(early.getMessage().contains("before"), early.getMessage());
    }
    assertTrue(Thread.interrupted());
    Set<String> ids = ids();
    ids.remove("maybe");
    assertEquals(Set.of("zero", "first", "kept"), ids);
  }

  @Test
  void closingWritesWhatWaitsAndTakesNothingMore() throws Exception {
    FutureTask<Commit> first = hold();
    FutureTask<Commit> second = start(upsert("second"));
    awaitWaiting(1);
    FutureTask<Void> close =
        new FutureTask<>(() -> {
          commits.close();
          return null;
        });
    Thread.ofPlatform().daemon().start(close);
    gate.countDown();
    first.get();
    second.get();
    close.get();
    assertThrows(IllegalStateException.class, () -> commits.append(List.of(upsert("third"))));
    assertEquals(Set.of("first", "second"), ids());
  }

  /** No slab can be finished; batches go on until as much again waits, and then wait too. */
  @Test
  void aFullMemtableIsFlushedBesideTheWriters() throws Exception {
    new NamespaceAdmin(namespace).create();
    new NamespaceAdmin(namespace).configure(Map.of(Thresholds.MEMTABLE_RECORDS, 10L));
    holdingSlabs.set(true);
    Set<String> written = new TreeSet<>();
    for (int i = 0; i < 20; i++) {
      commits.append(List.of(upsert("r" + i)));
      written.add("r" + i);
    }
    assertEquals(written, ids());
    try (Snapshot own = writer.snapshot()) {
      assertEquals(20, own.memtable().size());
    }
    FutureTask<Commit> late = start(upsert("late"));
    Thread.sleep(20);
    assertFalse(late.isDone(), "more than twice the memtable");
    slabs.countDown();
    late.get();
    commits.close();
    writer.flush();
    try (Snapshot own = writer.snapshot()) {
      assertEquals(21, own.count());
      assertEquals(0, own.memtable().size());
    }
  }
}
