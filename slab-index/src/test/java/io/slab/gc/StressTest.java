package io.slab.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.compaction.CompactionRequest;
import io.slab.compaction.CompactionRequest.Kind;
import io.slab.compaction.Compactor;
import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.error.StoreException;
import io.slab.index.SlabIndex;
import io.slab.manifest.IndexJson;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.Thresholds;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.Retry;
import io.slab.testkit.Breadth;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.Seeds;
import io.slab.verify.Checker;
import io.slab.writer.AppendQueue;
import io.slab.writer.Commit;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Writers and deleters (by id, prefix and filter), flushes, compactions, collections of zero age
 * and readers, all at once on one namespace, with nothing that keeps them apart. All that a reader
 * saw must be what the acknowledged batches up to the WAL object that its snapshot names make when
 * they are applied one after the other to a plain map: nothing lost, nothing resurrected, nothing
 * twice.
 *
 * <p>The threads run as the machine lets them, so a seed makes a failure likely to come again, not
 * certain.
 */
class StressTest {
  private static final int ROUNDS = Breadth.of(4, 200);
  private static final int WRITERS = 3;
  private static final int BATCHES = 60;

  /** What was acknowledged, and what was seen. */
  private record Batch(Commit commit, List<WriteOp> ops) {}

  private record Seen(long walApplied, Map<String, VectorRecord> records) {}

  private static final class Round {
    final Random seeds;
    final boolean queued;
    final MemoryStore store = MemoryStore.aging();

    final Queue<Batch> batches = new ConcurrentLinkedQueue<>();
    final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    final Queue<Throwable> troubles = new ConcurrentLinkedQueue<>();
    final AtomicBoolean stop = new AtomicBoolean();
    final AtomicInteger compactions = new AtomicInteger();
    final AtomicInteger collected = new AtomicInteger();
    final AtomicInteger flushes = new AtomicInteger();

    Round(long seed) {
      seeds = new Random(seed);
      // Every other round flushes by itself, in the background; then nothing is collected.
      queued = (seed & 1) == 1;
    }

    NamespaceHandle handle() {
      Environment environment =
          new Environment(System::currentTimeMillis, new Random(seeds.nextLong()));
      return new NamespaceHandle(
          store, "ns", Oracle.SPEC, environment, new FormatSlabs(), new Retry(3, 0));
    }

    private Thread start(String name, long seed, Work work) {
      return Thread.ofPlatform()
          .name(name)
          .start(() -> {
            try (NamespaceHandle handle = handle()) {
              work.run(handle, new Random(seed));
            } catch (Throwable e) {
              troubles.add(e);
              stop.set(true);
            }
          });
    }

    void run() throws InterruptedException {
      store.create(IndexJson.NAME, IndexJson.encode(Oracle.SPEC, new Ulid(1, 2)));
      try (NamespaceHandle handle = handle()) {
        new NamespaceAdmin(handle).create();
        new NamespaceAdmin(handle)
            .configure(
                Map.of(
                    "level0Slabs",
                    3L,
                    "level1Slabs",
                    3L,
                    "level2Slabs",
                    2L,
                    "topLevel",
                    3L,
                    Thresholds.MEMTABLE_RECORDS,
                    queued ? 30L : 10_000L));
      }
      List<Thread> writers = new ArrayList<>();
      List<Thread> others = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        writers.add(start("writer", seeds.nextLong(), queued ? this::queue : this::write));
      }
      for (int i = 0; i < 2; i++) {
        others.add(start("compactor", seeds.nextLong(), this::compact));
      }
      others.add(start("reader", seeds.nextLong(), this::read));
      if (!queued) {
        others.add(start("collector", seeds.nextLong(), this::collect));
      }
      for (Thread thread : writers) {
        thread.join();
      }
      stop.set(true);
      for (Thread thread : others) {
        thread.join();
      }
    }

    private void write(NamespaceHandle handle, Random random) {
      try (NamespaceWriter writer = new NamespaceWriter(handle)) {
        for (int i = 0; i < BATCHES && troubles.isEmpty(); i++) {
          List<WriteOp> ops = Oracle.batch(random);
          batches.add(new Batch(writer.append(ops), ops));
          if (random.nextInt(4) == 0) {
            flushes.addAndGet(writer.flush().slabs().size());
          }
        }
      }
    }

    private void queue(NamespaceHandle handle, Random random) {
      try (NamespaceWriter writer = new NamespaceWriter(handle);
          AppendQueue queue = writer.queue()) {
        for (int i = 0; i < BATCHES && troubles.isEmpty(); i++) {
          List<WriteOp> ops = Oracle.batch(random);
          var done = queue.append(ops, commit -> batches.add(new Batch(commit, ops)));
          if (random.nextInt(8) == 0) {
            done.join();
          }
        }
      }
    }

    private void compact(NamespaceHandle handle, Random random) {
      while (!stop.get()) {
        Kind kind = random.nextInt(3) == 0 ? Kind.FULL : Kind.AUTO;
        CompactionRequest request =
            new CompactionRequest(kind, -1, List.of(), Long.MAX_VALUE, Long.MAX_VALUE);
        try {
          Compactor.of(handle).run(request, () -> false, r -> compactions.incrementAndGet());
        } catch (ConflictException e) {
          // The other compactor was faster: the next round plans anew.
        } catch (StoreException e) {
          // The collector took the new slabs each time.
          assertEquals(StoreException.Kind.TEMPORARY, e.kind());
        }
      }
    }

    private void collect(NamespaceHandle handle, Random random) throws InterruptedException {
      while (!stop.get()) {
        GcRequest request = new GcRequest(0, 1, 1_000, false);
        collected.addAndGet(GarbageCollector.of(handle).run(request).removed().size());
        Thread.sleep(random.nextInt(5));
      }
    }

    private void read(NamespaceHandle handle, Random random) throws InterruptedException {
      while (!stop.get()) {
        try (Snapshot snapshot = handle.snapshot()) {
          seen.add(new Seen(snapshot.walApplied(), Oracle.read(snapshot)));
        } catch (MissingException e) {
          // The collector passed us: a real reader refreshes, as the next turn does.
        }
        Thread.sleep(random.nextInt(3));
      }
    }
  }

  /** One of the threads. */
  private interface Work {
    void run(NamespaceHandle handle, Random random) throws Exception;
  }

  @Test
  void nothingIsLostOrResurrected() throws Exception {
    long first = Seeds.of("StressTest.nothingIsLostOrResurrected");
    int compactions = 0;
    int snapshots = 0;
    int collected = 0;
    for (long seed = first; seed < first + ROUNDS; seed++) {
      Round round = new Round(seed);
      try {
        round.run();
        assertEquals(List.of(), List.copyOf(round.troubles));
        assertAsAcknowledged(round);
        assertAfterwards(round);
      } catch (Throwable e) {
        round.troubles.forEach(e::addSuppressed);
        throw new AssertionError("-Dslab.seed=" + seed, e);
      }
      compactions += round.compactions.get();
      snapshots += round.seen.size();
      collected += round.collected.get();
    }
    System.out.printf(
        "stress: seeds %d to %d, %d batches a seed, %d compactions, %d snapshots compared, %d objects"
            + " collected%n",
        first, first + ROUNDS - 1, WRITERS * BATCHES, compactions, snapshots, collected);
    assertTrue(compactions > 0 && snapshots > 0);
  }

  /** Applies the batches in the order of their LSNs and compares at every snapshot. */
  private static void assertAsAcknowledged(Round round) {
    List<Batch> batches = new ArrayList<>(round.batches);
    batches.sort((a, b) -> Long.compare(a.commit.firstLsn(), b.commit.firstLsn()));
    assertEquals(WRITERS * BATCHES, batches.size());
    List<Seen> seen = new ArrayList<>(round.seen);
    seen.sort((a, b) -> Long.compare(a.walApplied, b.walApplied));
    Oracle oracle = new Oracle();
    int applied = 0;
    for (Seen snapshot : seen) {
      while (applied < batches.size()
          && batches.get(applied).commit.walSeq() <= snapshot.walApplied) {
        oracle.apply(batches.get(applied++).ops);
      }
      oracle.assertSame(snapshot.records);
    }
    while (applied < batches.size()) {
      oracle.apply(batches.get(applied++).ops);
    }
    try (NamespaceHandle handle = round.handle()) {
      try (Snapshot snapshot = handle.snapshot()) {
        oracle.assertSame(snapshot);
      }
      Compactor.of(handle).run(CompactionRequest.full(), () -> false, r -> {});
      GarbageCollector.of(handle).run(new GcRequest(0, 1, 1_000, false));
      try (Snapshot snapshot = handle.snapshot()) {
        oracle.assertSame(snapshot);
      }
    }
  }

  /** What is left is intact by the checker, and opens as an index. */
  private static void assertAfterwards(Round round) {
    var report = Checker.index(round.store, CheckLevel.CHECKSUMS);
    assertEquals(List.of(), report.problems());
    Environment environment = new Environment(System::currentTimeMillis, new Random(1));
    try (SlabIndex index = SlabIndex.open(round.store, environment)) {
      assertEquals(List.of("ns"), index.namespaces());
    }
  }
}
