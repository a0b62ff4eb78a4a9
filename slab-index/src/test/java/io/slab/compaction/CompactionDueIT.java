package io.slab.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest.Kind;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.manifest.SlabEntryBuilder;
import io.slab.memtable.WriteOp;
import io.slab.model.Metadata;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.model.Vintage;
import io.slab.namespace.LevelRules;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Oracle;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Which slabs a compaction takes, by the thresholds, and how far the limits let it go. */
class CompactionDueIT extends CompactionFixture {
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
