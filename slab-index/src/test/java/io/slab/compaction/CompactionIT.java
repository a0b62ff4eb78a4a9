package io.slab.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.compaction.CompactionRequest.Kind;
import io.slab.error.ConflictException;
import io.slab.gc.GarbageCollector;
import io.slab.gc.GcRequest;
import io.slab.gc.GcResult;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.Ulid;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.Seeds;
import io.slab.verify.Checker;
import io.slab.writer.NamespaceWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionIT extends CompactionFixture {
  private static List<CompactionResult> compact(NamespaceHandle handle, Kind kind) {
    CompactionRequest request =
        new CompactionRequest(kind, 0, List.of(), Long.MAX_VALUE, Long.MAX_VALUE);
    return Compactor.of(handle).run(request, () -> false, result -> {});
  }

  /**
   * Random writes, flushes, compactions of every kind and collections; the oracle is compared after
   * each step.
   */
  private void interleave(ObjectStore store, int steps, long seed) {
    Random random = new Random(seed);
    Oracle oracle = new Oracle();
    try (NamespaceHandle one = handle(store);
        NamespaceHandle two = handle(store)) {
      List<NamespaceWriter> writers = List.of(new NamespaceWriter(one), new NamespaceWriter(two));
      for (int step = 0; step < steps; step++) {
        clock.addAndGet(3_000_000);
        NamespaceWriter writer = writers.get(random.nextInt(2));
        switch (random.nextInt(8)) {
          case 0, 1 -> writer.flush();
          case 2 -> compact(random.nextBoolean() ? one : two, Kind.FULL);
          case 3 -> compactSome(two, random);
          case 4 ->
              GarbageCollector.of(one)
                  .run(new GcRequest(random.nextInt(9_000_000), 1, 1000, false));
          default -> {
            List<WriteOp> batch = Oracle.batch(random);
            oracle.apply(batch);
            writer.append(batch);
          }
        }
        writer.refresh();
        try (Snapshot own = writer.snapshot()) {
          oracle.assertSame(own);
        }
        assertFresh(oracle, store);
      }
    }
  }

  private static void compactSome(NamespaceHandle handle, Random random) {
    try (Snapshot snapshot = handle.snapshot()) {
      if (snapshot.manifest() == null || snapshot.manifest().slabs().isEmpty()) {
        return;
      }
      List<SlabEntry> slabs = snapshot.manifest().slabs();
      int from = random.nextInt(slabs.size());
      int to = from + 1 + random.nextInt(slabs.size() - from);
      List<Ulid> chosen = slabs.subList(from, to).stream().map(SlabEntry::id).toList();
      CompactionRequest request =
          new CompactionRequest(Kind.SLABS, -1, chosen, Long.MAX_VALUE, Long.MAX_VALUE);
      assertEquals(1, Compactor.of(handle).run(request, () -> false, result -> {}).size());
    }
  }

  @Test
  void nothingIsLostOrResurrectedInMemory() {
    for (int round = 0; round < 15; round++) {
      interleave(
          new MemoryStore(clock::get),
          60,
          Seeds.of("CompactionIT.nothingIsLostOrResurrectedInMemory." + round));
    }
  }

  @Test
  void nothingIsLostOrResurrectedOnDisk(@TempDir Path folder) {
    LocalStore store = new LocalStore(folder);
    interleave(store, 60, Seeds.of("CompactionIT.nothingIsLostOrResurrectedOnDisk"));
    var report = Checker.index(store, CheckLevel.CHECKSUMS);
    assertTrue(
        report.problems().stream()
            .noneMatch(p -> p.object().endsWith(".slab") || p.object().endsWith(".wal")),
        () -> report.problems().toString());
  }

  /** Writers and deleters go on while compactions run in another thread. */
  @Test
  void writersGoOnMeanwhile() throws Exception {
    for (int round = 0; round < 8; round++) {
      long seed = Seeds.of("CompactionIT.writersGoOnMeanwhile." + round);
      MemoryStore store = new MemoryStore(clock::get);
      Random random = new Random(seed);
      Oracle oracle = new Oracle();
      AtomicBoolean stop = new AtomicBoolean();
      AtomicLong committed = new AtomicLong();
      try (NamespaceHandle mine = handle(store);
          NamespaceHandle theirs = handle(store);
          NamespaceWriter writer = new NamespaceWriter(mine)) {
        writer.append(List.of(new WriteOp.DeleteAll()));
        Thread compactor =
            Thread.ofPlatform()
                .start(() -> {
                  while (!stop.get()) {
                    try {
                      committed.addAndGet(compact(theirs, Kind.FULL).size());
                    } catch (ConflictException e) {
                      // A slab without a live row left the manifest: the next round plans anew.
                    }
                  }
                });
        for (int step = 0; step < 150; step++) {
          List<WriteOp> batch = Oracle.batch(random);
          oracle.apply(batch);
          writer.append(batch);
          if (step % 4 == 3) {
            writer.flush();
          }
        }
        stop.set(true);
        compactor.join();
      }
      System.out.println("compactions meanwhile: " + committed);
      assertFresh(oracle, store);
    }
  }

  @Test
  void deathsDuringACompactionAreCarriedOver() {
    MemoryStore memory = new MemoryStore(clock::get);
    Random random = new Random(5);
    Oracle oracle = new Oracle();
    try (NamespaceHandle handle = handle(memory);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int i = 0; i < 6; i++) {
        List<WriteOp> batch = Oracle.batch(random);
        oracle.apply(batch);
        writer.append(batch);
        writer.flush();
      }
      // Just before the compaction lists manifests to commit, another process deletes and flushes.
      boolean[] fired = {false};
      FaultyStore hooked =
          new FaultyStore(
              memory,
              (call, op, name) -> {
                if (!fired[0] && op == FaultyStore.Operation.CREATE && name.contains("manifest/")) {
                  fired[0] = true;
                  List<WriteOp> late = new ArrayList<>();
                  oracle.ids().stream().limit(3).forEach(id -> late.add(new WriteOp.DeleteId(id)));
                  oracle.apply(late);
                  writer.append(late);
                  writer.flush();
                }
                return Fault.NONE;
              });
      try (NamespaceHandle compacting = handle(hooked)) {
        List<CompactionResult> results = compact(compacting, Kind.FULL);
        assertEquals(1, results.size());
        assertTrue(fired[0]);
      }
    }
    assertFresh(oracle, memory);
  }

  @Test
  void theSlowerOfTwoCompactionsGivesUp() {
    MemoryStore memory = new MemoryStore(clock::get);
    Oracle oracle = fill(memory, 5);
    boolean[] fired = {false};
    FaultyStore hooked =
        new FaultyStore(
            memory,
            (call, op, name) -> {
              if (!fired[0] && op == FaultyStore.Operation.CREATE && name.contains("manifest/")) {
                fired[0] = true;
                try (NamespaceHandle faster = handle(memory)) {
                  assertEquals(1, compact(faster, Kind.FULL).size());
                }
              }
              return Fault.NONE;
            });
    try (NamespaceHandle slower = handle(hooked)) {
      assertThrows(ConflictException.class, () -> compact(slower, Kind.FULL));
    }
    assertFresh(oracle, memory);
    assertEquals(1 + 5, memory.list("ns/ns/slabs/", null).size(), "the loser's file is gone");
  }

  private Oracle fill(ObjectStore store, int flushes) {
    Oracle oracle = new Oracle();
    Random random = new Random(11);
    try (NamespaceHandle handle = handle(store);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      while (flushes > 0) {
        List<WriteOp> batch = Oracle.batch(random);
        oracle.apply(batch);
        writer.append(batch);
        flushes -= writer.flush().slabs().isEmpty() ? 0 : 1;
      }
    }
    return oracle;
  }

  @Test
  void aFailureOrCrashAtAnyCallLosesNothing() {
    for (Fault fault : List.of(Fault.BEFORE, Fault.AFTER, Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
      for (long at = 0; at < 40; at++) {
        long failing = at;
        MemoryStore memory = new MemoryStore(clock::get);
        Oracle oracle = fill(memory, 3);
        FaultyStore faulty =
            new FaultyStore(memory, (call, op, name) -> call == failing ? fault : Fault.NONE);
        try (NamespaceHandle handle = handle(faulty)) {
          compact(handle, Kind.FULL);
        } catch (RuntimeException | FaultyStore.Crash e) {
          // After any of them the data must be as it was.
        }
        assertFresh(oracle, memory);
        try (NamespaceHandle next = handle(memory)) {
          compact(next, Kind.FULL);
          clock.addAndGet(1_000_000);
          GarbageCollector.of(next).run(new GcRequest(1_000, 1, 1_000, false));
        }
        assertFresh(oracle, memory);
        assertTrue(memory.list("ns/ns/slabs/", null).size() <= 1);
      }
    }
  }

  @Test
  void cancellingLeavesNothing() {
    MemoryStore memory = new MemoryStore(clock::get);
    Oracle oracle = fill(memory, 3);
    int before = memory.list("ns/ns/slabs/", null).size();
    try (NamespaceHandle handle = handle(memory)) {
      assertThrows(
          CancellationException.class,
          () -> Compactor.of(handle).run(CompactionRequest.full(), () -> true, r -> {}));
    }
    assertEquals(before, memory.list("ns/ns/slabs/", null).size());
    assertFresh(oracle, memory);
  }

  @Test
  void collectingKeepsWhatIsYoungOrInUse() {
    MemoryStore memory = new MemoryStore(clock::get);
    Oracle oracle = fill(memory, 4);
    try (NamespaceHandle handle = handle(memory);
        Snapshot pinned = handle.snapshot()) {
      compact(handle, Kind.FULL);
      assertEquals(0, GarbageCollector.of(handle).run(GcRequest.standard()).removed().size());
      oracle.assertSame(pinned);
      clock.addAndGet(GcRequest.DEFAULT_MIN_AGE_MILLIS + 1);
      GcResult dry =
          GarbageCollector.of(handle)
              .run(new GcRequest(GcRequest.DEFAULT_MIN_AGE_MILLIS, 1, 1_000, true));
      GcResult wet = GarbageCollector.of(handle).run(GcRequest.standard());
      assertEquals(dry.removed(), wet.removed());
      assertEquals(1, memory.list("ns/ns/slabs/", null).size());
      assertEquals(1, memory.list("ns/ns/wal/", null).size());
      // The collector's own two, and the one before them: a reader may have begun with it just now.
      assertEquals(3, memory.list("ns/ns/manifest/", null).size());
      clock.addAndGet(GcRequest.DEFAULT_MIN_AGE_MILLIS + 1);
      assertEquals(2, GarbageCollector.of(handle).run(GcRequest.standard()).removed().size());
      assertEquals(1, memory.list("ns/ns/manifest/", null).size());
      assertTrue(memory.list("ns/ns/deletes/", null).isEmpty());
    }
    assertFresh(oracle, memory);
    try (NamespaceHandle handle = handle(memory);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      List<WriteOp> batch = Oracle.batch(new Random(3));
      oracle.apply(batch);
      writer.append(batch);
      writer.flush();
    }
    assertFresh(oracle, memory);
  }

  @Test
  void interruptedWritesAreSweptFromDisk(@TempDir Path folder) throws Exception {
    LocalStore store = new LocalStore(folder);
    fill(store, 1);
    Path left = folder.resolve("ns/ns/slabs/.tmp-00000000-0000-0000-0000-000000000000");
    java.nio.file.Files.write(left, new byte[100]);
    try (NamespaceHandle handle = handle(store)) {
      assertEquals(0, GarbageCollector.of(handle).run(GcRequest.standard()).removed().size());
      assertTrue(java.nio.file.Files.exists(left));
      GarbageCollector.of(handle).run(new GcRequest(0, 1, 1_000, false));
      assertTrue(java.nio.file.Files.notExists(left));
    }
  }
}
