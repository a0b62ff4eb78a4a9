package io.slab.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.compaction.CompactionRequest.Kind;
import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.gc.GarbageCollector;
import io.slab.gc.GcRequest;
import io.slab.gc.GcResult;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.manifest.SlabEntryBuilder;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.model.Vintage;
import io.slab.namespace.LevelRules;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.Seeds;
import io.slab.verify.Checker;
import io.slab.writer.NamespaceWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

class CompactionIT {
  private final AtomicLong clock = new AtomicLong(1_000);
  private long seeds = Seeds.of("CompactionIT");

  private NamespaceHandle handle(ObjectStore store) {
    Environment environment = new Environment(clock::get, new SplittableRandom(seeds++));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new FormatSlabs(), new Retry(3, 0));
  }

  private static List<CompactionResult> compact(NamespaceHandle handle, Kind kind) {
    CompactionRequest request =
        new CompactionRequest(kind, 0, List.of(), Long.MAX_VALUE, Long.MAX_VALUE);
    return Compactor.of(handle).run(request, () -> false, result -> {});
  }

  private void assertFresh(Oracle oracle, ObjectStore store) {
    try (NamespaceHandle fresh = handle(store);
        Snapshot snapshot = fresh.snapshot()) {
      oracle.assertSame(snapshot);
    }
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

  @Test
  void planningFollowsTheThresholds() {
    List<SlabEntry> slabs = new ArrayList<>();
    LevelRules rules = new LevelRules(LevelRules.defaults());
    for (int i = 0; i < 9; i++) {
      slabs.add(entry(0, 10_000, 1 << 20));
    }
    CompactionRequest auto = CompactionRequest.auto();
    assertNull(new CompactionPlanner(rules, slabs).next(auto, e -> false));
    slabs.add(entry(0, 10_000, 1 << 20));
    CompactionPlan plan = new CompactionPlanner(rules, slabs).next(auto, e -> false);
    assertEquals(10, plan.inputs().size());
    assertEquals(1, plan.level());
    slabs.add(0, entry(2, 1_000_000, 1L << 30));
    slabs.add(1, entry(1, 600_000, 1L << 29));
    slabs.add(2, entry(1, 300_000, 1L << 29));
    plan = new CompactionPlanner(rules, slabs).next(auto, e -> false);
    assertEquals(slabs.subList(3, 13), plan.inputs());
    slabs.set(2, entry(1, 400_000, 1L << 29));
    slabs.subList(4, 13).clear();
    plan = new CompactionPlanner(rules, slabs).next(auto, e -> false);
    assertEquals(slabs.subList(1, 3), plan.inputs());
    assertEquals(2, plan.level());
    CompactionPlanner planner = new CompactionPlanner(rules, slabs);
    List<Ulid> gap = List.of(slabs.get(0).id(), slabs.get(2).id());
    CompactionRequest named =
        new CompactionRequest(Kind.SLABS, -1, gap, Long.MAX_VALUE, Long.MAX_VALUE);
    assertThrows(InvalidInputException.class, () -> planner.next(named, e -> false));
    CompactionRequest unknown =
        new CompactionRequest(Kind.SLABS, -1, List.of(Ulid.ZERO), Long.MAX_VALUE, Long.MAX_VALUE);
    assertThrows(NotFoundException.class, () -> planner.next(unknown, e -> false));
    assertNotNull(planner.next(CompactionRequest.full(), e -> false));
  }

  private SlabEntry spent(int level, int rows, int dead) {
    MutableRoaringBitmap bitmap = new MutableRoaringBitmap();
    bitmap.add(0L, dead);
    return entry(level, rows, 1 << 20)
        .withDeletes(
            dead == 0
                ? SlabDeletes.NONE
                : new SlabDeletes(dead, DeletionVector.encode(bitmap), null));
  }

  @Test
  void slabsOfDeletesAndOfDeadRowsGoTogether() {
    LevelRules rules = new LevelRules(LevelRules.defaults());
    CompactionRequest auto = CompactionRequest.auto();
    SlabEntry alive = spent(2, 1_000_000, 0);
    SlabEntry deletes = spent(2, 0, 0);
    SlabEntry other = spent(2, 0, 0);
    assertNull(new CompactionPlanner(rules, List.of(alive, deletes)).next(auto, e -> false));
    List<SlabEntry> slabs = List.of(alive, deletes, other, spent(2, 10, 0));
    CompactionPlan plan = new CompactionPlanner(rules, slabs).next(auto, e -> false);
    assertEquals(List.of(deletes, other), plan.inputs());
    assertEquals(2, plan.level());
    SlabEntry dead = spent(1, 100, 100);
    slabs = List.of(alive, dead, deletes, spent(2, 100, 30), spent(1, 100, 29));
    plan = new CompactionPlanner(rules, slabs).next(auto, e -> false);
    assertEquals(slabs.subList(1, 4), plan.inputs());
    assertEquals(2, plan.level());
    // A flush of deletes waits for the others of its level.
    slabs = List.of(alive, spent(0, 0, 0), spent(0, 0, 0));
    assertNull(new CompactionPlanner(rules, slabs).next(auto, e -> false));
    plan = new CompactionPlanner(rules, List.of(spent(0, 9, 9))).next(auto, e -> false);
    assertEquals(0, plan.level());
  }

  /** Each round replaces every record: what is left of earlier ones does not pile up. */
  @Test
  void aNamespaceThatIsOverwrittenAgainAndAgainStaysSmall() {
    MemoryStore memory = new MemoryStore(clock::get);
    Oracle oracle = new Oracle();
    try (NamespaceHandle handle = handle(memory);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int round = 0; round < 12; round++) {
        List<WriteOp> batch = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          float[] values = {i, round};
          batch.add(new WriteOp.Upsert(new VectorRecord("r" + i, values, null, Metadata.EMPTY)));
        }
        oracle.apply(batch);
        writer.append(batch);
        writer.flush();
        Compactor.of(handle).run(CompactionRequest.auto(), () -> false, r -> {});
      }
      assertTrue(handle.newest().slabs().size() <= 3, () -> handle.newest().slabs().toString());
    }
    assertFresh(oracle, memory);
  }

  @Test
  void aLimitOfBytesCutsWhatIsDueAndRefusesWhatWasAskedFor() {
    MemoryStore memory = new MemoryStore(clock::get);
    Oracle oracle = new Oracle();
    try (NamespaceHandle handle = handle(memory);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int i = 0; i < 6; i++) {
        float[] values = {i, 0};
        List<WriteOp> batch =
            List.of(new WriteOp.Upsert(new VectorRecord("r" + i, values, null, Metadata.EMPTY)));
        oracle.apply(batch);
        writer.append(batch);
        writer.flush();
      }
      new NamespaceAdmin(handle).configure(Map.of(LevelRules.slabs(0), 2L));
      List<SlabEntry> slabs = handle.manifests().newest().slabs();
      long three = slabs.subList(0, 3).stream().mapToLong(SlabEntry::bytes).sum();
      CompactionRequest request = CompactionRequest.auto().within(three + 1, Long.MAX_VALUE);
      List<CompactionResult> results = Compactor.of(handle).run(request, () -> false, r -> {});
      assertEquals(1, results.size());
      assertEquals(slabs.subList(0, 3), results.getFirst().plan().inputs());
      assertNull(Compactor.of(handle).plan(CompactionRequest.auto().within(1, Long.MAX_VALUE)));
      assertNull(Compactor.of(handle).plan(CompactionRequest.full().within(three, Long.MAX_VALUE)));
      assertNotNull(Compactor.of(handle).plan(CompactionRequest.full()));
    }
    assertFresh(oracle, memory);
  }

  private SlabEntry entry(int level, int rows, long bytes) {
    Ulid id = Ulid.of(1, 0, seeds++);
    return new SlabEntryBuilder(id)
        .rows(level, rows)
        .file(bytes, 0)
        .lsns(1, 2)
        .search("exact", Vintage.FIRST, List.of())
        .build();
  }
}
