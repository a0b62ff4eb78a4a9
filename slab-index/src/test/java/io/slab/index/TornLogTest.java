package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.copy.CopyRequest;
import io.slab.copy.IndexCopy;
import io.slab.error.CorruptException;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.testkit.index.LeavesDamage;
import io.slab.verify.Checker;
import io.slab.writer.NamespaceWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A last log object that is cut short: moved aside where that can happen, else corrupt. */
class TornLogTest {
  private static final String WAL = "ns/__default__/wal/";
  private static final IndexSpec SPEC =
      new IndexSpec("i", 2, Metric.DOTPRODUCT, VectorType.DENSE, null, 1);

  @TempDir Path folder;
  private LocalStore store;
  private Path last;
  private byte[] whole;

  @BeforeEach
  void fill() throws IOException {
    store = new LocalStore(folder.resolve("i"));
    try (SlabIndex index = SlabIndex.create(store, SPEC, false, Environment.system())) {
      write(index, "a");
      write(index, "b");
    }
    last = folder.resolve("i").resolve(store.list(WAL, null).getLast().name());
    whole = Files.readAllBytes(last);
  }

  private static void write(SlabIndex index, String id) {
    try (NamespaceWriter writer = index.writer("")) {
      VectorRecord record = new VectorRecord(id, new float[] {1, 2}, null, Metadata.EMPTY);
      writer.append(List.of(new WriteOp.Upsert(record)));
    }
  }

  private void mark() throws IOException {
    Files.writeString(folder.resolve("i/no-hard-links"), "");
  }

  private long count() {
    try (SlabIndex index = SlabIndex.open(store, Environment.system());
        Snapshot snapshot = index.snapshot("")) {
      return snapshot.count();
    }
  }

  @LeavesDamage
  @Test
  void isCorruptWhereObjectsAppearAsAWhole() throws IOException {
    Files.write(last, Arrays.copyOf(whole, whole.length - 1));
    assertThrows(CorruptException.class, this::count);
    assertEquals("errors", Checker.index(store, CheckLevel.CHECKSUMS).status());
    assertTrue(Files.exists(last));
  }

  @Test
  void isMovedAsideInAFolderWithoutHardLinks() throws IOException {
    mark();
    for (int length : new int[] {0, 1, 79, 90, whole.length - 1}) {
      Files.write(last, Arrays.copyOf(whole, length));
      CheckReport report = Checker.index(store, CheckLevel.CHECKSUMS);
      assertEquals("warnings", report.status(), report.problems().toString());
      assertEquals(1, count());
      assertTrue(Files.notExists(last));
      assertEquals("ok", Checker.index(store, CheckLevel.CHECKSUMS).status());
    }
    assertEquals(5, store.listTemporary(WAL).size());
    try (SlabIndex index = SlabIndex.open(store, Environment.system())) {
      write(index, "c");
    }
    assertTrue(Files.exists(last));
    assertEquals(2, count());
  }

  @Test
  void aCopyLeavesItOut() throws IOException {
    mark();
    Files.write(last, Arrays.copyOf(whole, 100));
    LocalStore to = new LocalStore(folder.resolve("copy"));
    new IndexCopy(store, to).run(new CopyRequest(null, 1, true, false), (name, done, all) -> {});
    assertEquals("ok", Checker.index(to, CheckLevel.CHECKSUMS).status());
    assertEquals(2, to.list(WAL, null).size());
  }

  @Test
  void anotherDamageOrAnotherPlaceIsCorrupt() throws IOException {
    mark();
    byte[] damaged = Arrays.copyOf(whole, whole.length - 40);
    damaged[3] ^= 1;
    Files.write(last, damaged);
    assertThrows(CorruptException.class, this::count);
    Files.write(last, whole);
    Path first = last.resolveSibling(store.list(WAL, null).get(1).fileName());
    byte[] before = Files.readAllBytes(first);
    Files.write(first, Arrays.copyOf(before, 90));
    assertThrows(CorruptException.class, this::count);
    Files.write(first, before);
    assertEquals(2, count());
  }
}
