package io.slab.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.format.file.SectionKind;
import io.slab.index.SlabIndex;
import io.slab.manifest.IndexJson;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.manifest.SettingsLog;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.namespace.AsOf;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.PastStates;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.SlabSurgeon;
import io.slab.writer.Checkpoints;
import io.slab.writer.NamespaceWriter;
import io.slab.writer.Restore;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Repairs of what checkpoints alone keep, of settings, and of an index.json of any size. */
class KeptStatesRepairTest {
  private final MemoryStore store = new MemoryStore(() -> 1_000);
  private long seed = 1;

  private Environment environment() {
    return new Environment(() -> 1_000L, new SplittableRandom(seed++));
  }

  private NamespaceHandle handle(ObjectStore on) {
    return new NamespaceHandle(
        on, "ns", Oracle.SPEC, environment(), new FormatSlabs(), new Retry(1, 0));
  }

  private static void put(NamespaceHandle handle, boolean flush, String... ids) {
    try (NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (String id : ids) {
        writer.append(
            List.of(
                new WriteOp.Upsert(
                    new VectorRecord(id, new float[] {1, 2}, null, Metadata.EMPTY))));
      }
      if (flush) {
        writer.flush();
      }
    }
  }

  private NamespaceRepair repair(ObjectStore on) {
    return new NamespaceRepair(on, "ns", Oracle.SPEC, environment(), CancellationToken.NONE);
  }

  private void damage(String name, int at) {
    byte[] content = store.read(name, Integer.MAX_VALUE);
    content[at < 0 ? content.length + at : at] ^= 1;
    store.delete(name);
    store.create(name, content);
  }

  /** A checkpoint whose slab no manifest and no other checkpoint names; the name of that slab. */
  private String checkpoint(NamespaceHandle handle) {
    put(handle, true, "a", "b");
    new Checkpoints(handle).create("kept", 0);
    Ulid slab = handle.newest().slabs().getFirst().id();
    put(handle, true, "c");
    Compactor.of(handle).run(CompactionRequest.full(), () -> false, result -> {});
    return handle.names().slab(slab);
  }

  @Test
  void aDamagedSlabOfACheckpointIsNamedAndNotRestored() {
    try (NamespaceHandle handle = handle(store)) {
      String slab = checkpoint(handle);
      damage(slab, -40);
      try (NamespaceRepair repair = repair(store)) {
        RepairReport report = repair.examine();
        assertTrue(report.isWhole());
        assertEquals(1, report.notes().size(), report.notes()::toString);
        assertTrue(report.notes().getFirst().contains("checkpoint 'kept'"));
      }
      long before = handle.newest().id();
      var moment = new PastStates(handle).find(AsOf.checkpoint("kept"));
      CorruptException e =
          assertThrows(CorruptException.class, () -> new Restore(handle).run(moment));
      assertEquals(slab, e.resource());
      assertEquals(before, handle.newest().id());
    }
  }

  @Test
  void aBitInTheRowsIsFoundWhereEveryByteIsAskedFor() {
    try (NamespaceHandle handle = handle(store)) {
      String slab = checkpoint(handle);
      byte[] content = store.read(slab, Integer.MAX_VALUE);
      damage(slab, (int) rows(content));
      var moment = new PastStates(handle).find(AsOf.checkpoint("kept"));
      assertThrows(
          CorruptException.class, () -> new Restore(handle).run(moment, CheckLevel.CHECKSUMS));
      new Restore(handle).run(moment);
    }
  }

  /** Where the values lie, which opening a slab does not read. */
  private static long rows(byte[] slab) {
    return SlabSurgeon.sections(slab).stream()
        .filter(entry -> entry.kind() == SectionKind.RAW_VECTORS.code())
        .findFirst()
        .orElseThrow()
        .offset();
  }

  @Test
  void aLostManifestOfACheckpointIsNamed() {
    try (NamespaceHandle handle = handle(store)) {
      checkpoint(handle);
      long manifest = new Checkpoints(handle).list().getFirst().manifest();
      store.delete(handle.manifests().name(manifest));
      try (NamespaceRepair repair = repair(store)) {
        String note = repair.examine().notes().getFirst();
        assertTrue(note.contains("'kept'") && note.contains("delete it"), note);
      }
    }
  }

  @Test
  void whatIsNotKnownOfCheckpointsAfterALostManifestIsSaid() {
    try (NamespaceHandle handle = handle(store)) {
      checkpoint(handle);
      new Checkpoints(handle).create("late", 0);
      damage(handle.manifests().name(handle.newest().id()), 30);
      try (NamespaceRepair repair = repair(store)) {
        RepairReport report = repair.examine();
        assertFalse(report.isWhole());
        assertTrue(
            report.notes().stream().anyMatch(note -> note.startsWith("checkpoints made after")),
            report.notes()::toString);
      }
    }
  }

  /** Another writer commits between the two commits of a repair. */
  @Test
  void aRepairThatLosesItsSecondCommitSaysWhatItsFirstOneDid() {
    try (NamespaceHandle handle = handle(store)) {
      put(handle, true, "a", "b");
      put(handle, false, "c", "d");
      damage(handle.names().slab(handle.newest().slabs().getFirst().id()), 200);
      damage(handle.wal().name(4), 90);
      long second = handle.newest().id() + 2;
      ObjectStore raced =
          new FaultyStore(
              store,
              (call, operation, name) -> {
                if (operation == FaultyStore.Operation.CREATE
                    && name.equals(handle.manifests().name(second))) {
                  NamespaceManifest newest = handle.newest();
                  handle
                      .manifests()
                      .commit(
                          newest.next(
                              environment().newId(),
                              1_000,
                              "other",
                              Edit.unchanged(newest, "configure")));
                }
                return FaultyStore.Fault.NONE;
              });
      try (NamespaceRepair repair = repair(raced)) {
        repair.examine();
        ConflictException e = assertThrows(ConflictException.class, () -> repair.apply(true));
        assertTrue(e.getMessage().contains("manifest " + (second - 1)), e.getMessage());
        assertFalse(e.getMessage().contains("nothing is changed"), e.getMessage());
      }
    }
  }

  private void index() {
    IndexSpec spec = Oracle.SPEC;
    try (SlabIndex index = SlabIndex.create(store, spec, false, environment())) {
      try (NamespaceWriter writer = index.writer("ns")) {
        writer.append(
            List.of(
                new WriteOp.Upsert(
                    new VectorRecord("a", new float[] {1, 2}, null, Metadata.EMPTY))));
        writer.flush();
      }
    }
  }

  @Test
  void anIndexJsonOfAnySizeIsSetAside() {
    index();
    byte[] large = new byte[IndexJson.MAX_BYTES + 7];
    Arrays.fill(large, (byte) '{');
    store.delete(IndexJson.NAME);
    store.create(IndexJson.NAME, large);
    IndexJsonRepair repair = new IndexJsonRepair(store);
    repair.spec("anew", environment());
    repair.apply(environment());
    try (SlabIndex index = SlabIndex.open(store, environment())) {
      assertEquals("anew", index.spec().name());
      assertEquals(List.of("ns"), index.namespaces());
    }
    byte[] kept =
        store.list("", null).stream()
            .filter(object -> object.name().contains(".damaged-"))
            .map(object -> store.read(object.name(), Integer.MAX_VALUE))
            .findFirst()
            .orElseThrow();
    assertTrue(Arrays.equals(large, kept));
  }

  @Test
  void damagedSettingsAreReplacedByProtectedOnes() {
    index();
    try (SlabIndex index = SlabIndex.open(store, environment())) {
      index.configure(null, before -> "{\"tags\":{\"a\":\"b\"}}");
      index.setDeletionProtection(true);
    }
    long newest = new SettingsLog(store, Retry.NEVER).newest().id();
    damage(SettingsLog.name(newest), 40);
    assertThrows(DataException.class, () -> SlabIndex.open(store, environment()));
    SettingsRepair repair = new SettingsRepair(store);
    assertEquals(SettingsLog.name(newest), repair.step().object());
    assertTrue(repair.note().contains("none is named now"), repair.note());
    repair.apply(environment());
    try (SlabIndex index = SlabIndex.open(store, environment())) {
      assertTrue(index.deletionProtected());
      assertEquals("{\"tags\":{\"a\":\"b\"}}", index.service());
    }
    assertEquals(null, new SettingsRepair(store).step());
  }
}
