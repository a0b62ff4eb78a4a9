package io.slab.copy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.Problem;
import io.slab.check.Severity;
import io.slab.compaction.CompactionRequest;
import io.slab.error.ConflictException;
import io.slab.error.NotFoundException;
import io.slab.gc.GcRequest;
import io.slab.index.SlabIndex;
import io.slab.memtable.WriteOp;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.s3.S3Server;
import io.slab.writer.NamespaceWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies between stores: complete, an earlier state at every moment, never over anything else. */
class IndexCopyIT extends IndexCopyFixture {
  private static void write(ObjectStore store, WriteOp op, boolean flush) {
    try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      writer.append(List.of(op));
      if (flush) {
        writer.flush();
      }
    }
  }

  /** Records are compared, wherever they lie, and no live row of a slab is read for it. */
  @Test
  void aComparisonFindsOtherRecordsAndNothingElse() {
    MemoryStore from = new MemoryStore();
    fill(from);
    MemoryStore to = new MemoryStore();
    copy(from, to);
    try (SlabIndex index = SlabIndex.open(to, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      writer.flush();
      index.compactor("").run(CompactionRequest.full(), () -> false, result -> {});
    }
    assertSame(from, to);
    write(from, new WriteOp.DeleteId("r5"), true);
    Problem behind = compared(from, to).getFirst();
    assertEquals(Severity.WARNING, behind.severity(), behind.toString());
    assertEquals("ns/__default__/", behind.object());
    assertTrue(behind.problem().contains("67 here, 68 there"), behind.toString());
    // The same number of records, and of the log's objects.
    write(to, new WriteOp.DeleteId("r6"), false);
    Problem other = compared(from, to).getFirst();
    assertEquals(Severity.ERROR, other.severity(), other.toString());
    assertTrue(other.problem().contains("though both end with log object"), other.toString());
  }

  @Test
  void fromADiskToS3AndBack(@TempDir Path folder) {
    LocalStore disk = new LocalStore(folder.resolve("a"));
    fill(disk);
    ObjectStore bucket = S3Server.newStore();
    CopyResult there = copy(disk, bucket);
    assertEquals(2, there.namespaces().size());
    assertSame(disk, bucket);
    LocalStore back = new LocalStore(folder.resolve("b"));
    copy(bucket, back);
    assertSame(disk, back);
    CopyResult again = copy(bucket, back);
    assertEquals(0, again.copied());
    assertTrue(again.present() > 5);
  }

  @Test
  void aCopyCanBeWrittenTo() {
    MemoryStore from = new MemoryStore();
    fill(from);
    MemoryStore to = new MemoryStore();
    copy(from, to);
    try (SlabIndex index = SlabIndex.open(to, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      put(writer, 200, 210);
      writer.flush();
    }
    assertEquals(records(from, "").size() + 10, records(to, "").size());
    assertThrows(ConflictException.class, () -> copy(from, to));
  }

  @Test
  void anEarlierCopyIsBroughtUpToDate() {
    MemoryStore from = new MemoryStore();
    fill(from);
    MemoryStore to = new MemoryStore();
    copy(from, to);
    try (SlabIndex index = SlabIndex.open(from, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      put(writer, 10, 30);
      assertEquals(1, copy(from, to).copied());
      assertSame(from, to);
      writer.flush();
      index.compactor("").run(CompactionRequest.full(), () -> false, done -> {});
      put(writer, 300, 310);
      writer.flush();
      put(writer, 400, 402);
      index.collector("").run(new GcRequest(0, 1, 1000, false));
    }
    copy(from, to);
    assertSame(from, to);
  }

  @Test
  void onlyTheNamespaceThatWasAskedFor() {
    MemoryStore from = new MemoryStore();
    fill(from);
    MemoryStore to = new MemoryStore();
    create(to).close();
    CopyRequest one = new CopyRequest("B/c", 1, true, false);
    new IndexCopy(from, to).run(one, (namespace, done, all) -> {});
    assertEquals(records(from, "B/c"), records(to, "B/c"));
    assertEquals(Map.of(), records(to, ""));
    CopyRequest none = new CopyRequest("nope", 1, true, false);
    IndexCopy copy = new IndexCopy(from, to);
    assertThrows(NotFoundException.class, () -> copy.run(none, (namespace, done, all) -> {}));
  }

  @Test
  void progressOfEachNamespaceEndsWithAllOfItsBytes() {
    MemoryStore from = new MemoryStore();
    fill(from);
    for (boolean verify : new boolean[] {true, false}) {
      MemoryStore to = new MemoryStore();
      for (int round = 0; round < 2; round++) {
        Map<String, Long> left = new HashMap<>();
        CopyResult result =
            new IndexCopy(from, to)
                .run(
                    new CopyRequest(null, 2, verify, false),
                    (name, done, all) -> {
                      assertTrue(done <= all, done + " of " + all);
                      left.put(name, all - done);
                    });
        assertEquals(result.namespaces().size(), left.size());
        left.forEach((name, bytes) -> assertEquals(0L, bytes, name));
      }
    }
  }

  @Test
  void aDryRunChangesNothingAndCountsWhatWouldBe() {
    MemoryStore from = new MemoryStore();
    fill(from);
    MemoryStore to = new MemoryStore();
    CopyResult plan =
        new IndexCopy(from, to)
            .run(new CopyRequest(null, 1, true, true), (namespace, done, all) -> {});
    assertEquals(List.of(), to.listFolders(""));
    assertEquals(plan.copied(), copy(from, to).copied());
  }

  @Test
  void whileOthersWriteFlushCompactAndCollect() throws Exception {
    MemoryStore from = new MemoryStore();
    fill(from);
    AtomicBoolean stop = new AtomicBoolean();
    Thread writing =
        Thread.ofPlatform()
            .start(() -> {
              try (SlabIndex index = SlabIndex.open(from, ENVIRONMENT);
                  NamespaceWriter writer = index.writer("")) {
                for (int i = 1000; !stop.get(); i++) {
                  put(writer, i, i + 1);
                  if (i % 7 == 0) {
                    writer.flush();
                  }
                  if (i % 20 == 0) {
                    index.compactor("").run(CompactionRequest.full(), () -> false, done -> {});
                    writer.refresh();
                  }
                }
              }
            });
    MemoryStore to = new MemoryStore();
    try {
      for (int i = 0; i < 15; i++) {
        int least = records(from, "").size();
        copy(from, to);
        int copied = records(to, "").size();
        assertTrue(copied >= least, "what was acknowledged before is in the copy");
      }
    } finally {
      stop.set(true);
      writing.join();
    }
    copy(from, to);
    assertSame(from, to);
  }

  @Test
  void filesThatAnotherToolCopiesAreAnIndexToo(@TempDir Path folder) {
    LocalStore disk = new LocalStore(folder);
    fill(disk);
    ObjectStore bucket = S3Server.newStore();
    each(disk, "", name -> put(bucket, name, disk.read(name, 1 << 24)));
    assertSame(disk, bucket);
    MemoryStore back = new MemoryStore();
    each(bucket, "", name -> back.create(name, bucket.read(name, 1 << 24)));
    assertSame(disk, back);
    String slab = disk.list("ns/__default__/slabs/", null).getFirst().name();
    assertArrayEquals(disk.read(slab, 1 << 24), back.read(slab, 1 << 24));
  }

  private static void each(
      ObjectStore store, String folder, java.util.function.Consumer<String> action) {
    store.list(folder, null).forEach(object -> action.accept(object.name()));
    store.listFolders(folder).forEach(name -> each(store, folder + name + "/", action));
  }
}
