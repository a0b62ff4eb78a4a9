package io.slab.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.manifest.NamespaceNames;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.AsOf;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.PastStates;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.Seeds;
import io.slab.writer.BulkLoad;
import io.slab.writer.Checkpoints;
import io.slab.writer.ListRows;
import io.slab.writer.NamespaceWriter;
import io.slab.writer.Restore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Manifests are lost after random histories: slabs and log bring the records back, no more. */
class LostManifestRepairTest {
  private static final NamespaceNames NAMES = new NamespaceNames("ns");

  private long seeds = Seeds.of("LostManifestRepairTest");

  private final class Run {
    private final Random random;
    private final MemoryStore store = new MemoryStore();
    private final StringBuilder story = new StringBuilder();
    private Oracle oracle = new Oracle();

    /** What a checkpoint holds, by the number in its name. */
    private final List<Oracle> checkpoints = new ArrayList<>();

    Run(long seed) {
      random = new Random(seed);
    }

    private Environment environment() {
      return new Environment(() -> 1_000L, new SplittableRandom(seeds++));
    }

    private NamespaceHandle handle() {
      return new NamespaceHandle(
          store, "ns", Oracle.SPEC, environment(), new FormatSlabs(), new Retry(3, 0));
    }

    private void steps(int count) {
      for (int i = 0; i < count; i++) {
        switch (random.nextInt(15)) {
          case 0, 1, 2, 3, 4 -> append();
          case 5, 6, 7 -> flush();
          case 8, 9 -> compact();
          case 10 -> trimLog();
          case 11, 12 -> checkpoint();
          case 13 -> restore();
          default -> drop();
        }
      }
    }

    private void append() {
      List<WriteOp> batch = Oracle.batch(random);
      story.append(" append").append(batch);
      oracle.apply(batch);
      try (NamespaceHandle handle = handle();
          NamespaceWriter writer = new NamespaceWriter(handle)) {
        writer.append(batch);
      }
    }

    private void flush() {
      story.append(" flush");
      try (NamespaceHandle handle = handle();
          NamespaceWriter writer = new NamespaceWriter(handle)) {
        writer.flush();
      }
    }

    private void compact() {
      try (NamespaceHandle handle = handle()) {
        if (handle.newest() == null || handle.newest().slabs().isEmpty()) {
          return;
        }
        story.append(" compact");
        Compactor.of(handle).run(CompactionRequest.full(), () -> false, result -> {});
      }
    }

    private void trimLog() {
      story.append(" trim");
      try (NamespaceHandle handle = handle()) {
        if (handle.newest() != null) {
          long flushed = handle.newest().walFlushedThrough();
          handle.wal().listAfter(-1).stream()
              .filter(number -> number < flushed)
              .forEach(number -> store.delete(handle.wal().name(number)));
        }
      }
    }

    private void checkpoint() {
      String name = "c" + checkpoints.size();
      story.append(" checkpoint ").append(name);
      try (NamespaceHandle handle = handle()) {
        if (handle.newest() != null) {
          new Checkpoints(handle).create(name, 0);
          checkpoints.add(oracle.copy());
        }
      }
    }

    private void restore() {
      if (checkpoints.isEmpty()) {
        return;
      }
      int which = random.nextInt(checkpoints.size());
      story.append(" restore c" + which);
      try (NamespaceHandle handle = handle()) {
        new Restore(handle).run(new PastStates(handle).find(AsOf.parse("c" + which)));
      }
      oracle = checkpoints.get(which).copy();
    }

    /** What proves a drop is the first flush after it. */
    private void drop() {
      try (NamespaceHandle handle = handle()) {
        if (!handle.exists()) {
          return;
        }
        story.append(" drop");
        new NamespaceAdmin(handle).drop();
        oracle = new Oracle();
      }
      append();
      flush();
    }

    private RepairReport repair(boolean mayResurrect) {
      try (NamespaceRepair repair =
          new NamespaceRepair(store, "ns", Oracle.SPEC, environment(), CancellationToken.NONE)) {
        repair.examine();
        return repair.apply(mayResurrect);
      }
    }

    private void check() {
      try (NamespaceHandle handle = handle();
          Snapshot snapshot = handle.snapshot()) {
        oracle.assertSame(snapshot);
      } catch (AssertionError e) {
        throw new AssertionError(story.toString(), e);
      }
    }

    private void loseManifests() {
      for (String folder : List.of(NAMES.manifestFolder(), NAMES.deletesFolder())) {
        store.list(folder, null).stream().map(ObjectInfo::name).forEach(store::delete);
      }
      checkpoints.clear();
      story.append(" LOST");
    }
  }

  @Test
  void theRecordsComeBackAndNoneThatWasDeleted() {
    for (int round = 0; round < 12; round++) {
      Run run = new Run(Seeds.of("LostManifestRepairTest.records." + round));
      run.append();
      run.steps(16);
      for (int again = 0; again < 2; again++) {
        run.loseManifests();
        RepairReport report = run.repair(false);
        assertEquals(List.of(), report.lost(), run.story.toString());
        run.check();
        run.steps(6);
        run.check();
      }
    }
  }

  @Test
  void theNewestManifestIsDamaged() {
    for (int round = 0; round < 4; round++) {
      Run run = new Run(Seeds.of("LostManifestRepairTest.damaged." + round));
      run.append();
      run.flush();
      run.steps(12);
      ObjectInfo newest = run.store.list(NAMES.manifestFolder(), null).getLast();
      byte[] bytes = run.store.read(newest.name(), Integer.MAX_VALUE);
      bytes[bytes.length / 2] ^= 1;
      run.store.delete(newest.name());
      run.store.create(newest.name(), bytes);
      RepairReport report = run.repair(false);
      assertEquals(newest.name(), report.steps().getFirst().object());
      assertFalse(report.quarantined().isEmpty());
      run.check();
      run.steps(4);
      run.check();
    }
  }

  @Test
  void aBulkLoadThatMayNeverHaveBeenCommittedIsAskedFor() {
    Run run = new Run(1);
    List<VectorRecord> records = new ArrayList<>();
    for (String id : new TreeSet<>(List.of("a1", "b2", "c3"))) {
      records.add(new VectorRecord(id, new float[] {1, 2}, null, Metadata.EMPTY));
    }
    try (NamespaceHandle handle = run.handle()) {
      new BulkLoad(handle).run(new ListRows(records), () -> false);
    }
    run.oracle.apply(records.stream().<WriteOp>map(WriteOp.Upsert::new).toList());
    run.loseManifests();
    ConflictException e = assertThrows(ConflictException.class, () -> run.repair(false));
    assertTrue(e.getMessage().contains("a1"), e.getMessage());
    assertThrows(MissingException.class, run::check);
    assertEquals(List.of("a1", "b2", "c3"), run.repair(true).resurrected());
    run.check();
  }

  @Test
  void aWholeNamespaceIsLeftAlone() {
    Run run = new Run(2);
    run.append();
    run.flush();
    int manifests = run.store.list(NAMES.manifestFolder(), null).size();
    RepairReport report = run.repair(false);
    assertTrue(report.isWhole());
    assertEquals(manifests, run.store.list(NAMES.manifestFolder(), null).size());
  }
}
