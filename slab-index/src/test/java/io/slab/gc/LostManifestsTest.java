package io.slab.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.check.Severity;
import io.slab.compaction.CompactionRequest;
import io.slab.copy.CopyRequest;
import io.slab.copy.IndexCopy;
import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.index.SlabIndex;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.FaultyStore.Operation;
import io.slab.testkit.MemoryStore;
import io.slab.verify.Checker;
import io.slab.writer.ListRows;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * A namespace whose manifests, or whose newest ones, are gone: no reader takes it for an empty one.
 */
class LostManifestsTest {
  private static final Environment ENVIRONMENT = Environment.system();
  private static final IndexSpec SPEC =
      new IndexSpec("i", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
  private static final String MANIFESTS = "ns/__default__/manifest/";
  private static final String SLABS = "ns/__default__/slabs/";
  private static final String WAL = "ns/__default__/wal/";
  private static final GcRequest ZERO_AGE = new GcRequest(0, 1, 1_000, false);

  private static List<WriteOp> upserts(int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Metadata fields = Metadata.of(Map.of("n", new MetaValue.Num(i)));
      batch.add(new WriteOp.Upsert(new VectorRecord("r" + i, new float[] {i, 1}, null, fields)));
    }
    return batch;
  }

  private static SlabIndex open(MemoryStore store) {
    return SlabIndex.open(store, ENVIRONMENT);
  }

  private static void append(MemoryStore store, int from, int to, boolean flush) {
    try (SlabIndex index = open(store);
        NamespaceWriter writer = index.writer("")) {
      writer.append(upserts(from, to));
      if (flush) {
        writer.flush();
      }
    }
  }

  private static MemoryStore index() {
    MemoryStore store = MemoryStore.aging();
    SlabIndex.create(store, SPEC, false, ENVIRONMENT).close();
    return store;
  }

  private static List<String> names(MemoryStore store, String folder) {
    return store.list(folder, null).stream().map(ObjectInfo::name).toList();
  }

  /** Every way in: each says that something is missing, and changes nothing. */
  private static void assertMissing(MemoryStore store) {
    List<String> before = everything(store);
    try (SlabIndex index = open(store)) {
      List<Executable> ways =
          List.of(
              () -> index.snapshot("").close(),
              () -> index.namespaces(),
              () -> index.namespaceExists(""),
              () -> index.createNamespace(""),
              () -> index.dropNamespace(""),
              () -> index.thresholds(""),
              () -> index.configure("", Map.of("level0Slabs", 5L)),
              () -> index.flushedLogObjects(""),
              () -> index.compactor("").run(CompactionRequest.full(), () -> false, r -> {}),
              () -> index.bulkLoad("").run(new ListRows(List.of()), () -> false),
              () -> index.collector("").run(ZERO_AGE),
              () -> write(index),
              () -> copy(store));
      for (int i = 0; i < ways.size(); i++) {
        MissingException e = assertThrows(MissingException.class, ways.get(i), "way " + i);
        assertTrue(e.resource().startsWith(MANIFESTS), e.getMessage());
      }
    }
    assertEquals(before, everything(store));
  }

  private static void write(SlabIndex index) {
    try (NamespaceWriter writer = index.writer("")) {
      writer.append(upserts(100, 101));
    }
  }

  private static void copy(MemoryStore from) {
    new IndexCopy(from, new MemoryStore())
        .run(new CopyRequest(null, 1, true, false), (namespace, done, all) -> {});
  }

  private static List<String> everything(MemoryStore store) {
    List<String> names = new ArrayList<>();
    for (String folder : List.of("", "config/", MANIFESTS, SLABS, WAL, "ns/__default__/deletes/")) {
      names.addAll(names(store, folder));
    }
    return names;
  }

  @Test
  void aNamespaceWithoutManifestsIsMissingAndNotEmpty() {
    MemoryStore store = index();
    append(store, 0, 30, true);
    append(store, 30, 35, false);
    names(store, MANIFESTS).forEach(store::delete);
    assertMissing(store);
    CheckReport report = Checker.index(store, CheckLevel.CHECKSUMS);
    assertEquals("errors", report.status());
    assertEquals(1, report.count(Severity.ERROR));
    assertTrue(report.recordsAtRisk() >= 35, "at risk: " + report.recordsAtRisk());
  }

  @Test
  void aLogObjectAloneIsEnoughAndTheAnchorIsNot() {
    MemoryStore store = index();
    append(store, 0, 3, false);
    names(store, MANIFESTS).forEach(store::delete);
    store.delete(WAL + "00000000000000000000.wal");
    assertMissing(store);
    store.delete(WAL + "00000000000000000001.wal");
    try (SlabIndex index = open(store);
        Snapshot snapshot = index.snapshot("")) {
      assertFalse(snapshot.exists());
    }
    // What a creation leaves that died after its first step.
    append(store, 0, 3, false);
    names(store, MANIFESTS).forEach(store::delete);
    store.delete(WAL + "00000000000000000001.wal");
    assertEquals(List.of(WAL + "00000000000000000000.wal"), names(store, WAL));
    append(store, 0, 3, true);
    assertEquals("ok", Checker.index(store, CheckLevel.CHECKSUMS).status());
  }

  /**
   * The first slab of a namespace is uploaded when its manifest 1 is there, by every way to make
   * it.
   */
  @Test
  void aBuildInProgressIsNeverTakenForALoss() {
    for (boolean bulk : new boolean[] {false, true}) {
      MemoryStore store = index();
      AtomicInteger uploads = new AtomicInteger();
      FaultyStore watched =
          new FaultyStore(
              store,
              (call, operation, name) -> {
                if (operation == Operation.COMMIT) {
                  uploads.incrementAndGet();
                  assertFalse(names(store, MANIFESTS).isEmpty());
                }
                return Fault.NONE;
              });
      try (SlabIndex index = SlabIndex.open(watched, ENVIRONMENT)) {
        List<VectorRecord> records =
            upserts(0, 20).stream().map(op -> ((WriteOp.Upsert) op).record()).toList();
        if (bulk) {
          index.bulkLoad("").run(new ListRows(records), () -> false);
        } else {
          try (NamespaceWriter writer = index.writer("")) {
            writer.append(upserts(0, 20));
            writer.flush();
          }
        }
      }
      assertEquals(1, uploads.get());
    }
  }

  @Test
  void aLostNewestManifestStopsGc() {
    MemoryStore store = index();
    append(store, 0, 10, true);
    byte[] older = store.read(names(store, MANIFESTS).getLast(), 1 << 20);
    String olderName = names(store, MANIFESTS).getLast();
    append(store, 10, 20, true);
    try (SlabIndex index = open(store)) {
      index.collector("").run(ZERO_AGE);
    }
    // The newest manifest is lost and an older one is back, as from a backup of yesterday.
    names(store, MANIFESTS).forEach(store::delete);
    store.create(olderName, older);
    names(store, WAL).forEach(store::delete);
    List<String> slabs = names(store, SLABS);
    try (SlabIndex index = open(store)) {
      MissingException e =
          assertThrows(MissingException.class, () -> index.collector("").run(ZERO_AGE));
      assertTrue(e.getMessage().contains("neither flushed"), e.getMessage());
    }
    assertEquals(slabs, names(store, SLABS));
    CheckReport report = Checker.index(store, CheckLevel.CHECKSUMS);
    assertTrue(report.recordsAtRisk() >= 10);
    assertTrue(
        report.problems().stream().anyMatch(p -> p.problem().contains("holds writes")),
        report.problems()::toString);
  }

  @Test
  void whatALostCompactionLeftIsGarbageThoughItsSourcesAreGone() {
    MemoryStore store = index();
    append(store, 0, 10, true);
    append(store, 10, 20, true);
    try (SlabIndex index = open(store)) {
      index.compactor("").run(CompactionRequest.full(), () -> false, r -> {});
      index.collector("").run(ZERO_AGE);
      String slab = names(store, SLABS).getFirst();
      byte[] content = store.read(slab, 1 << 20);
      String orphan = SLABS + ENVIRONMENT.newId() + ".slab";
      store.create(orphan, content);
      index.collector("").run(ZERO_AGE);
      assertEquals(List.of(slab), names(store, SLABS));
    }
    assertEquals("ok", Checker.index(store, CheckLevel.CHECKSUMS).status());
  }

  @Test
  void nothingIsDeletedWhileANamedFileIsMissing() {
    MemoryStore store = index();
    append(store, 0, 10, true);
    append(store, 10, 20, true);
    String first = names(store, SLABS).getFirst();
    byte[] content = store.read(first, 1 << 20);
    String orphan = SLABS + ENVIRONMENT.newId() + ".slab";
    store.create(orphan, content);
    store.delete(first);
    List<String> before = everything(store);
    try (SlabIndex index = open(store)) {
      MissingException e =
          assertThrows(MissingException.class, () -> index.collector("").run(ZERO_AGE));
      assertEquals(first, e.resource());
      assertEquals(before, everything(store));
      store.create(first, content);
      assertTrue(index.collector("").run(ZERO_AGE).removed().size() > 1);
    }
    assertFalse(names(store, SLABS).contains(orphan));
  }

  /** What the file manager of a desktop leaves, and what a creation that was killed left. */
  @Test
  void strangersProveNothingAndStay() {
    MemoryStore store = index();
    String stranger = SLABS + ".DS_Store";
    store.create(stranger, new byte[10]);
    store.create(WAL + "notes.txt", new byte[10]);
    try (SlabIndex index = open(store);
        Snapshot snapshot = index.snapshot("")) {
      assertFalse(snapshot.exists());
    }
    append(store, 0, 10, true);
    store.create(SLABS + "copy of a.slab", new byte[10]);
    try (SlabIndex index = open(store)) {
      index.collector("").run(ZERO_AGE);
      try (Snapshot snapshot = index.snapshot("")) {
        assertEquals(10, snapshot.count());
      }
    }
    assertTrue(names(store, SLABS).contains(stranger));
    assertEquals(0, Checker.index(store, CheckLevel.CHECKSUMS).count(Severity.ERROR));
  }

  @Test
  void aSlabThatCannotBeReadStays() {
    MemoryStore store = index();
    append(store, 0, 10, true);
    String orphan = SLABS + ENVIRONMENT.newId() + ".slab";
    store.create(orphan, new byte[500]);
    try (SlabIndex index = open(store)) {
      GcResult result = index.collector("").run(ZERO_AGE);
      assertEquals(orphan, result.failed().getFirst().name());
    }
    assertTrue(names(store, SLABS).contains(orphan));
    assertThrows(CorruptException.class, () -> new FormatSlabs().lsns(store.open(orphan)));
  }

  @Test
  void whatCouldNotBeDeletedStaysCondemnedAndTheNextRunTakesIt() {
    MemoryStore store = index();
    append(store, 0, 10, true);
    String orphan = SLABS + ENVIRONMENT.newId() + ".slab";
    store.create(orphan, store.read(names(store, SLABS).getFirst(), 1 << 20));
    FaultyStore broken =
        new FaultyStore(
            store,
            (call, operation, name) ->
                operation == Operation.DELETE && name.equals(orphan) ? Fault.BEFORE : Fault.NONE);
    try (SlabIndex index = SlabIndex.open(broken, ENVIRONMENT);
        Snapshot snapshot = index.snapshot("")) {
      assertEquals(List.of(), snapshot.manifest().condemned());
      assertEquals(1, index.collector("").run(ZERO_AGE).failed().size());
    }
    try (SlabIndex index = open(store)) {
      try (Snapshot snapshot = index.snapshot("")) {
        assertEquals(
            List.of(orphan.substring("ns/__default__/".length())), snapshot.manifest().condemned());
      }
      // At any age: every writer has seen it.
      GcResult result = index.collector("").run(GcRequest.standard());
      assertEquals(List.of(orphan), result.removed().stream().map(GcResult.Item::name).toList());
      try (Snapshot snapshot = index.snapshot("")) {
        assertEquals(List.of(), snapshot.manifest().condemned());
      }
    }
    assertFalse(names(store, SLABS).contains(orphan));
  }
}
