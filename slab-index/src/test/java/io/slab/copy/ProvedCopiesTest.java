package io.slab.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.gc.GarbageCollector;
import io.slab.gc.GcRequest;
import io.slab.manifest.NamespaceNames;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.LevelRules;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.ProvedRecords;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.writer.BulkLoad;
import io.slab.writer.ListRows;
import io.slab.writer.NamespaceWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Slabs and log prove what lives also where another place keeps what gc took here: an earlier copy
 * that is brought up to date, and a volume that was away.
 */
class ProvedCopiesTest {
  private static final NamespaceNames NAMES = new NamespaceNames("ns");
  private static final GcRequest ALL = new GcRequest(0, 1, Integer.MAX_VALUE, false);
  private static final long HOURS = 2 * 60 * 60 * 1_000;

  private final MemoryStore from = new MemoryStore(this::now);
  private final MemoryStore to = new MemoryStore(this::now);
  private long now = HOURS;

  private long now() {
    return now;
  }

  private static NamespaceHandle handle(ObjectStore store) {
    return new NamespaceHandle(
        store,
        "ns",
        Oracle.SPEC,
        new Environment(() -> 1_000L, new SplittableRandom(7)),
        new FormatSlabs(),
        new Retry(3, 0));
  }

  private static VectorRecord record(String id, String color) {
    return new VectorRecord(
        id, new float[] {1, 2}, null, Metadata.of(Map.of("color", new MetaValue.Str(color))));
  }

  private static WriteOp upsert(String id, String color) {
    return new WriteOp.Upsert(record(id, color));
  }

  private static void write(NamespaceHandle handle, boolean flush, WriteOp... ops) {
    try (NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(List.of(ops));
      if (flush) {
        writer.flush();
      }
    }
  }

  private static void load(NamespaceHandle handle) {
    List<VectorRecord> records = List.of(record("a", "red"), record("b", "blue"));
    new BulkLoad(handle).run(new ListRows(records), () -> false);
  }

  private static void compact(NamespaceHandle handle) {
    Compactor.of(handle).run(CompactionRequest.full(), () -> false, result -> {});
  }

  private void collect(NamespaceHandle handle) {
    now += HOURS;
    GarbageCollector.of(handle).run(ALL);
  }

  private void copy() {
    CopyRequest request = new CopyRequest(null, 1, false, false);
    new NamespaceCopy(from, to, "ns", request, (name, done, all) -> {}).run();
  }

  private static void assertProved(ObjectStore store, String... ids) {
    assertEquals(Set.of(ids), ProvedRecords.of(store, NAMES, Oracle.SPEC).keySet());
    try (NamespaceHandle handle = handle(store);
        Snapshot snapshot = handle.snapshot()) {
      assertEquals(Set.of(ids), Oracle.read(snapshot).keySet());
    }
  }

  @Test
  void theCopyStillHasASlabOfABulkLoadThatGcTookHere() {
    NamespaceHandle handle = handle(from);
    load(handle);
    copy();
    write(handle, true, new WriteOp.DeleteId("a"));
    write(handle, true, upsert("d", "blue"));
    compact(handle);
    collect(handle);
    write(handle, true, upsert("c", "blue"));
    compact(handle);
    collect(handle);
    copy();
    assertProved(from, "b", "c", "d");
    assertProved(to, "b", "c", "d");
  }

  @Test
  void theCopyStillHasTheLogOfBeforeADrop() {
    NamespaceHandle handle = handle(from);
    write(handle, false, upsert("a", "red"));
    copy();
    new NamespaceAdmin(handle).drop();
    write(handle, true, upsert("b", "blue"));
    collect(handle);
    compact(handle);
    copy();
    assertProved(from, "b");
    assertProved(to, "b");
  }

  @Test
  void aSlabBehindALinkThatLeadsNowhereIsNotGone(@TempDir Path folder) throws IOException {
    Path root = Files.createDirectories(folder.resolve("index"));
    LocalStore store = new LocalStore(root);
    NamespaceHandle handle = handle(store);
    load(handle);
    Path slab = root.resolve(NAMES.slab(handle.requireNewest().slabs().getFirst().id()));
    write(handle, true, new WriteOp.DeleteId("a"));
    compact(handle);
    Path away = folder.resolve("away.slab");
    Path volume = folder.resolve("volume.slab");
    Files.move(slab, away);
    Files.createSymbolicLink(slab, volume);
    write(handle, true, upsert("c", "blue"));
    compact(handle);
    Files.move(away, volume);
    assertProved(store, "b", "c");
  }

  @Test
  void aSlabOfDeletesIsNotWrittenAgainWithoutEnd() {
    NamespaceHandle handle = handle(from);
    List<WriteOp> rows = new ArrayList<>();
    List<WriteOp> deletes = new ArrayList<>();
    Random random = new Random(3);
    byte[] bytes = new byte[150];
    for (int i = 0; i < 4_000; i++) {
      random.nextBytes(bytes);
      String id = Base64.getUrlEncoder().encodeToString(bytes);
      rows.add(upsert(id, "blue"));
      if (i < 800) {
        deletes.add(new WriteOp.DeleteId(id));
      }
    }
    for (int i = 0; i < rows.size(); i += 1_000) {
      write(handle, false, rows.subList(i, i + 1_000).toArray(WriteOp[]::new));
    }
    write(handle, true, upsert("last", "blue"));
    compact(handle);
    write(handle, true, deletes.toArray(WriteOp[]::new));
    write(handle, true, upsert("s1", "red"), upsert("s2", "red"));
    write(handle, true, new WriteOp.DeleteByFilter("{\"color\":\"red\"}"));
    new NamespaceAdmin(handle).configure(Map.of(LevelRules.MAX_BYTES, 100_000L));
    int[] count = {0};
    Compactor.of(handle).run(CompactionRequest.auto(), () -> count[0] > 20, result -> count[0]++);
    assertTrue(count[0] <= 20, count[0] + " compactions and no end");
  }
}
