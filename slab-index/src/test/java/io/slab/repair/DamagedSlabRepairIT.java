package io.slab.repair;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.check.Severity;
import io.slab.compaction.CompactionRequest;
import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.index.SlabIndex;
import io.slab.manifest.NamespaceNames;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.repair.RepairStep.Remedy;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import io.slab.testkit.MemoryStore;
import io.slab.verify.Checker;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Slabs, deletion vectors and log objects of an index are damaged, and mended. */
class DamagedSlabRepairIT {
  private static final Environment ENVIRONMENT = Environment.system();
  private static final NamespaceNames NAMES = new NamespaceNames("");
  private static final IndexSpec SPEC =
      new IndexSpec("i", 3, Metric.COSINE, VectorType.DENSE, null, 1);

  private static WriteOp upsert(int number, int version) {
    Metadata fields =
        Metadata.of(
            Map.of("n", new MetaValue.Num(number % 7), "v", new MetaValue.Str("v" + version)));
    float[] values = {number, version, 1};
    return new WriteOp.Upsert(new VectorRecord("r" + number, values, null, fields));
  }

  private static MemoryStore made;

  private static synchronized MemoryStore index() {
    if (made == null) {
      made = makeIndex();
    }
    MemoryStore copy = copyOf(made);
    // As gc does later: what was flushed is in slabs alone.
    List<ObjectInfo> log = copy.list(NAMES.walFolder(), null);
    log.subList(0, log.size() - 1).forEach(object -> copy.delete(object.name()));
    return copy;
  }

  private static MemoryStore copyOf(MemoryStore of) {
    MemoryStore copy = new MemoryStore();
    for (String folder :
        List.of(
            "",
            "config/",
            NAMES.slabFolder(),
            NAMES.deletesFolder(),
            NAMES.walFolder(),
            NAMES.manifestFolder())) {
      for (ObjectInfo info : of.list(folder, null)) {
        copy.create(info.name(), of.read(info.name(), Integer.MAX_VALUE));
      }
    }
    return copy;
  }

  /** A slab of 200 rows of which a later one replaces 20, deletes 10 and a filter others. */
  private static MemoryStore makeIndex() {
    MemoryStore store = new MemoryStore();
    try (SlabIndex index = SlabIndex.create(store, SPEC, false, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      append(writer, 0, 200, 1);
      writer.flush();
      append(writer, 20, 40, 2);
      List<WriteOp> deletes = new ArrayList<>();
      for (int i = 50; i < 60; i++) {
        deletes.add(new WriteOp.DeleteId("r" + i));
      }
      deletes.add(new WriteOp.DeleteByFilter("{\"n\":3}"));
      writer.append(deletes);
      writer.flush();
    }
    return store;
  }

  private static void append(NamespaceWriter writer, int from, int to, int version) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      batch.add(upsert(i, version));
    }
    writer.append(batch);
  }

  private static Map<String, VectorRecord> records(MemoryStore store) {
    try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT);
        Snapshot snapshot = index.snapshot("")) {
      return Oracle.read(snapshot);
    }
  }

  private static void flip(MemoryStore store, String name, long at) {
    byte[] bytes = store.read(name, Integer.MAX_VALUE);
    bytes[(int) at] ^= 0x20;
    store.delete(name);
    store.create(name, bytes);
  }

  private static RepairReport repair(MemoryStore store, boolean apply, boolean mayResurrect) {
    try (NamespaceRepair repair =
        new NamespaceRepair(store, "", SPEC, ENVIRONMENT, CancellationToken.NONE)) {
      RepairReport report = repair.examine();
      return apply ? repair.apply(mayResurrect) : report;
    }
  }

  private static void assertVerified(MemoryStore store, String what) {
    CheckReport report = Checker.index(store, CheckLevel.CHECKSUMS);
    assertEquals(0, report.count(Severity.ERROR), () -> what + ": " + report.problems());
  }

  private static List<DirectoryEntry> sections(MemoryStore store, String slab) {
    try (SlabFile file = SlabFile.open(store.open(slab))) {
      return file.entries().stream().filter(entry -> entry.storedLength() > 0).toList();
    }
  }

  private static Set<String> ids(RepairReport report) {
    Set<String> ids = new TreeSet<>();
    report.lost().stream().filter(loss -> loss.id() != null).forEach(loss -> ids.add(loss.id()));
    return ids;
  }

  @Test
  void everySectionOfEverySlabIsMendedAndEveryLossNamed() {
    MemoryStore first = index();
    List<String> slabs =
        first.list(NAMES.slabFolder(), null).stream().map(ObjectInfo::name).toList();
    for (int number = 0; number < slabs.size(); number++) {
      int count = sections(first, slabs.get(number)).size();
      for (int section = 0; section < count; section++) {
        mend(number, section);
      }
    }
  }

  private static void mend(int number, int section) {
    MemoryStore store = index();
    Map<String, VectorRecord> before = records(store);
    String slab = store.list(NAMES.slabFolder(), null).get(number).name();
    DirectoryEntry entry = sections(store, slab).get(section);
    String what = "slab " + number + " " + entry.label();
    flip(store, slab, entry.offset() + entry.storedLength() / 2);
    int objects = store.list(NAMES.slabFolder(), null).size();
    RepairReport foreseen = repair(store, false, false);
    assertEquals(objects, store.list(NAMES.slabFolder(), null).size(), what);
    RepairReport done = repair(store, true, false);
    assertEquals(foreseen.lost(), done.lost(), what);
    assertEquals(foreseen.steps(), done.steps(), what);
    assertVerified(store, what);
    Map<String, VectorRecord> after = records(store);
    assertEquals(before.size(), after.size() + done.recordsLost(), what);
    after.forEach((id, record) -> {
      assertArrayEquals(before.get(id).values(), record.values(), what);
      assertEquals(before.get(id).metadata(), record.metadata(), what);
    });
    boolean harmless = entry.knownKind().derived() || entry.kindName().contains("TOMBSTONE");
    assertEquals(harmless, done.recordsLost() == 0, what);
    if (entry.knownKind() != SectionKind.ID_BLOCKS) {
      Set<String> gone = new HashSet<>(before.keySet());
      gone.removeAll(after.keySet());
      assertEquals(new TreeSet<>(gone), ids(done), what);
    }
    assertFalse(done.quarantined().isEmpty(), what);
    // What the new slab carries keeps the dead dead, also when the manifests are lost afterwards.
    for (String folder : List.of(NAMES.manifestFolder(), NAMES.deletesFolder())) {
      store.list(folder, null).stream().map(ObjectInfo::name).forEach(store::delete);
    }
    RepairReport again = repair(store, true, false);
    assertEquals(after.keySet(), records(store).keySet(), what + " " + again.steps());
  }

  @Test
  void whatTheLogStillHasIsNotLost() {
    index();
    for (SectionKind kind : List.of(SectionKind.RAW_VECTORS, SectionKind.META_ROWS)) {
      MemoryStore store = copyOf(made);
      Map<String, VectorRecord> before = records(store);
      String slab = store.list(NAMES.slabFolder(), null).getFirst().name();
      for (DirectoryEntry entry : sections(store, slab)) {
        if (entry.knownKind() == kind) {
          flip(store, slab, entry.offset() + 3);
        }
      }
      RepairReport done = repair(store, true, false);
      assertEquals(List.of(), done.lost());
      assertFalse(done.notes().isEmpty());
      assertVerified(store, "log");
      for (int again = 0; again < 2; again++) {
        Map<String, VectorRecord> after = records(store);
        assertEquals(before.keySet(), after.keySet());
        after.forEach((id, r) -> assertArrayEquals(before.get(id).values(), r.values(), id));
        for (String folder : List.of(NAMES.manifestFolder(), NAMES.deletesFolder())) {
          store.list(folder, null).stream().map(ObjectInfo::name).forEach(store::delete);
        }
        repair(store, true, false);
      }
    }
  }

  @Test
  void manifestsAndASlabAreLostAtOnce() {
    index();
    MemoryStore store = copyOf(made);
    Map<String, VectorRecord> before = records(store);
    String slab = store.list(NAMES.slabFolder(), null).getFirst().name();
    for (DirectoryEntry entry : sections(store, slab)) {
      if (entry.knownKind() == SectionKind.RAW_VECTORS) {
        flip(store, slab, entry.offset() + 3);
      }
    }
    store.list(NAMES.manifestFolder(), null).stream().map(ObjectInfo::name).forEach(store::delete);
    RepairReport done = repair(store, true, false);
    assertEquals(List.of(), done.lost());
    assertEquals(before.keySet(), records(store).keySet());
    assertVerified(store, "both");
  }

  @Test
  void aSlabThatIsGoneIsNamedNoMore() {
    MemoryStore store = index();
    ObjectInfo slab = store.list(NAMES.slabFolder(), null).getFirst();
    store.delete(slab.name());
    RepairReport done = repair(store, true, false);
    assertEquals(Remedy.LEAVE_OUT, done.steps().getFirst().remedy());
    assertEquals(slab.name(), done.lost().getFirst().object());
    assertVerified(store, "gone");
    assertEquals(20 - 3, records(store).size());
  }

  @Test
  void aLostDeletionVectorIsFoundOut() {
    MemoryStore store = new MemoryStore();
    Set<String> expected = new LinkedHashSet<>();
    try (SlabIndex index = SlabIndex.create(store, SPEC, false, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      for (int from = 0; from < 9_000; from += 1_000) {
        append(writer, from, from + 1_000, 1);
      }
      writer.flush();
      // Too many dead rows, and too far apart, for a manifest.
      List<WriteOp> deletes = new ArrayList<>();
      for (int i = 0; i < 9_000; i++) {
        if (i * 7919 % 10 < 5) {
          deletes.add(new WriteOp.DeleteId("r" + i));
        } else {
          expected.add("r" + i);
        }
        if (deletes.size() == 1_000) {
          writer.append(deletes);
          deletes.clear();
        }
      }
      writer.append(deletes);
      writer.flush();
    }
    List<ObjectInfo> vectors = store.list(NAMES.deletesFolder(), null);
    assertEquals(1, vectors.size());
    store.delete(vectors.getFirst().name());
    RepairReport done = repair(store, true, false);
    assertEquals(Remedy.RECOVER, done.steps().getFirst().remedy());
    assertEquals(new TreeSet<>(expected), new TreeSet<>(records(store).keySet()));
    assertVerified(store, "deletion vector");
  }

  @Test
  void aDamagedLogObjectCostsItsDamagedOperationsAlone() {
    MemoryStore store = index();
    try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      append(writer, 300, 310, 1);
      append(writer, 310, 312, 1);
    }
    Map<String, VectorRecord> before = records(store);
    List<ObjectInfo> log = store.list(NAMES.walFolder(), null);
    String damaged = log.get(log.size() - 2).name();
    byte[] bytes = store.read(damaged, Integer.MAX_VALUE);
    flip(store, damaged, bytes.length / 2);
    RepairReport foreseen = repair(store, false, false);
    assertEquals(1, foreseen.lost().size());
    assertEquals(foreseen.lost().getFirst().lsnFrom(), foreseen.lost().getFirst().lsnTo());
    assertTrue(foreseen.resurrected().contains("r0"));
    assertFalse(foreseen.resurrected().contains("r311"));
    assertThrows(ConflictException.class, () -> repair(store, true, false));
    repair(store, true, true);
    assertEquals(before.size() - 1, records(store).size());
    assertVerified(store, "log");
  }

  @Test
  void aHoleInTheLogIsNamed() {
    MemoryStore store = index();
    try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      append(writer, 300, 310, 1);
      append(writer, 310, 312, 1);
    }
    Map<String, VectorRecord> before = records(store);
    List<ObjectInfo> log = store.list(NAMES.walFolder(), null);
    store.delete(log.get(log.size() - 2).name());
    RepairReport done = repair(store, true, true);
    assertEquals(1, done.lost().size());
    assertEquals(before.size() - 10, records(store).size());
    assertVerified(store, "hole");
    try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      append(writer, 300, 310, 1);
      writer.flush();
    }
    assertEquals(before.keySet(), records(store).keySet());
  }

  @Test
  void theEndOfTheLogIsMadeAnew() {
    MemoryStore store = index();
    Map<String, VectorRecord> before = records(store);
    store.list(NAMES.walFolder(), null).forEach(object -> store.delete(object.name()));
    assertThrows(ConflictException.class, () -> repair(store, true, false));
    assertEquals(-1, repair(store, true, true).lost().getFirst().lsnTo());
    assertVerified(store, "end of the log");
    assertEquals(before.keySet(), records(store).keySet());
    try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      append(writer, 500, 501, 1);
    }
    assertEquals(before.size() + 1, records(store).size());
  }

  @Test
  void rebuildHealsDerivedSections() {
    MemoryStore store = index();
    Map<String, VectorRecord> before = records(store);
    String slab = store.list(NAMES.slabFolder(), null).getFirst().name();
    for (DirectoryEntry entry : sections(store, slab)) {
      if (entry.knownKind() == SectionKind.INVERSE_NORMS) {
        flip(store, slab, entry.offset());
      }
    }
    try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT)) {
      assertNotNull(index.compactor("").plan(CompactionRequest.rebuild()));
      assertEquals(
          1, index.compactor("").run(CompactionRequest.rebuild(), () -> false, r -> {}).size());
      assertEquals(
          0, index.compactor("").run(CompactionRequest.rebuild(), () -> false, r -> {}).size());
    }
    assertEquals(before.keySet(), records(store).keySet());
  }
}
