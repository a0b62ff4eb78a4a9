package io.slab.copy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.Problem;
import io.slab.check.Severity;
import io.slab.compaction.CompactionRequest;
import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.error.NotFoundException;
import io.slab.error.SlabException;
import io.slab.gc.GcRequest;
import io.slab.index.SlabIndex;
import io.slab.memtable.MemRow;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.s3.S3Server;
import io.slab.verify.Checker;
import io.slab.writer.NamespaceWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies between stores: complete, an earlier state at every moment, never over anything else. */
class IndexCopyIT {
  private static final Environment ENVIRONMENT = Environment.system();
  private static final IndexSpec SPEC =
      new IndexSpec("i", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
  private static final CopyRequest ALL = new CopyRequest(null, 2, true, false);

  private static CopyResult copy(ObjectStore from, ObjectStore to) {
    return new IndexCopy(from, to).run(ALL, (namespace, done, all) -> {});
  }

  private static SlabIndex create(ObjectStore store) {
    return SlabIndex.create(store, SPEC, false, ENVIRONMENT);
  }

  private static void put(NamespaceWriter writer, int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      float[] values = {i, 1};
      batch.add(new WriteOp.Upsert(new VectorRecord("r" + i, values, null, Metadata.EMPTY)));
    }
    writer.append(batch);
  }

  /** An index with slabs, dead rows, a log and two namespaces. */
  private static void fill(ObjectStore store) {
    try (SlabIndex index = create(store);
        NamespaceWriter a = index.writer("");
        NamespaceWriter b = index.writer("B/c")) {
      put(a, 0, 40);
      a.flush();
      put(a, 20, 60);
      a.append(List.of(new WriteOp.DeleteId("r1")));
      a.flush();
      put(a, 55, 70);
      a.append(List.of(new WriteOp.DeleteId("r2")));
      put(b, 100, 103);
    }
  }

  /** Every record of a namespace. */
  private static Map<String, Float> records(ObjectStore store, String namespace) {
    Map<String, Float> found = new TreeMap<>();
    try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT);
        Snapshot snapshot = index.snapshot(namespace)) {
      for (LiveSlab slab : snapshot.slabs()) {
        for (int row = 0; row < slab.view().rows(); row++) {
          if (!slab.dead().contains(row)) {
            VectorRecord record = slab.view().record(row);
            found.put(record.id(), record.values()[0]);
          }
        }
      }
      for (MemRow row : snapshot.memtable()) {
        found.put(row.record().id(), row.record().values()[0]);
      }
    }
    return found;
  }

  private static void assertSame(ObjectStore from, ObjectStore to) {
    for (String namespace : List.of("", "B/c")) {
      assertEquals(records(from, namespace), records(to, namespace));
    }
    assertEquals("ok", Checker.index(to, CheckLevel.CHECKSUMS, "").status());
    assertEquals(List.of(), compared(from, to));
    assertEquals(List.of(), compared(to, from));
  }

  /** What a quick comparison finds. */
  private static List<Problem> compared(ObjectStore from, ObjectStore to) {
    return Checker.index(from, to, CheckLevel.QUICK, "").problems();
  }

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
  void aCrashAtAnyCallLeavesAnEarlierStateAndTheRestIsCopiedAfterwards() {
    MemoryStore old = new MemoryStore();
    fill(old);
    MemoryStore from = new MemoryStore();
    copy(old, from);
    Map<String, Float> before = records(from, "");
    try (SlabIndex index = SlabIndex.open(from, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      put(writer, 70, 75);
      writer.flush();
      put(writer, 80, 82);
      put(writer, 90, 92);
    }
    int crashes = 0;
    for (boolean earlier : new boolean[] {false, true}) {
      boolean done = false;
      for (int at = 0; !done; at++) {
        MemoryStore to = new MemoryStore();
        if (earlier) {
          copy(old, to);
        }
        int crashing = at;
        FaultyStore faulty =
            new FaultyStore(
                to, (call, op, name) -> call == crashing ? Fault.CRASH_AFTER : Fault.NONE);
        try {
          new IndexCopy(from, faulty)
              .run(new CopyRequest(null, 1, true, false), (namespace, bytes, all) -> {});
          done = true;
        } catch (FaultyStore.Crash e) {
          crashes++;
        }
        boolean index = to.list("", null).stream().anyMatch(o -> o.name().equals("index.json"));
        assertTrue(index || !earlier);
        if (index) {
          assertTrue(records(to, "").keySet().containsAll(before.keySet()), "call " + at);
          // Slabs that nothing names yet are worth a warning.
          assertEquals(0, Checker.index(to, CheckLevel.CHECKSUMS, "").count(Severity.ERROR));
        }
        copy(from, to);
        assertSame(from, to);
      }
    }
    System.out.println(crashes + " crashes");
    assertTrue(crashes > 20);
  }

  @Test
  void gcAtTheDestinationDoesNotKeepLaterCopiesOut() {
    MemoryStore from = MemoryStore.aging();
    fill(from);
    MemoryStore to = MemoryStore.aging();
    copy(from, to);
    GcRequest zeroAge = new GcRequest(0, 1, 1_000, false);
    for (int night = 0; night < 4; night++) {
      // What an interrupted copy leaves.
      to.create("ns/__default__/slabs/" + ENVIRONMENT.newId() + ".slab", orphan(from));
      try (SlabIndex backup = SlabIndex.open(to, ENVIRONMENT)) {
        assertTrue(backup.collector("").run(zeroAge).removed().size() > 0);
      }
      assertEquals(0, copy(from, to).namespaces().getFirst().copied());
      assertSame(from, to);
      try (SlabIndex index = SlabIndex.open(from, ENVIRONMENT);
          NamespaceWriter writer = index.writer("")) {
        put(writer, 200 + night, 205 + night);
        writer.flush();
      }
      copy(from, to);
      assertSame(from, to);
    }
    // A backup that another process wrote to is still none.
    try (SlabIndex backup = SlabIndex.open(to, ENVIRONMENT);
        NamespaceWriter writer = backup.writer("")) {
      put(writer, 1, 2);
      writer.flush();
      backup.collector("").run(zeroAge);
    }
    assertThrows(ConflictException.class, () -> copy(from, to));
  }

  private static byte[] orphan(ObjectStore store) {
    return store.read(store.list("ns/__default__/slabs/", null).getFirst().name(), 1 << 20);
  }

  @Test
  void aDamagedSlabIsNotCopiedAndNothingThatNamesIt() {
    MemoryStore from = new MemoryStore();
    fill(from);
    String name = from.list("ns/__default__/slabs/", null).getFirst().name();
    byte[] bytes = from.read(name, 1 << 20);
    bytes[5000] ^= 1;
    from.delete(name);
    from.create(name, bytes);
    MemoryStore to = new MemoryStore();
    assertThrows(CorruptException.class, () -> copy(from, to));
    assertEquals(List.of(), to.list("", null));
    assertTrue(
        to.list("ns/__default__/slabs/", null).stream().noneMatch(o -> o.name().equals(name)));
    assertEquals(List.of(), to.list("ns/__default__/manifest/", null));
  }

  @Test
  void aDamagedIndexJsonIsNotCopied() {
    MemoryStore from = new MemoryStore();
    fill(from);
    MemoryStore before = new MemoryStore();
    copy(from, before);
    byte[] bytes = from.read("index.json", 1 << 20);
    bytes[bytes.length / 2] ^= 1;
    from.delete("index.json");
    from.create("index.json", bytes);
    MemoryStore to = new MemoryStore();
    assertThrows(CorruptException.class, () -> copy(from, to));
    assertEquals(List.of(), to.list("", null));
    assertThrows(CorruptException.class, () -> copy(from, before));
    SlabIndex.open(before, ENVIRONMENT).close();
  }

  @Test
  void halfASlabThatAnotherToolLeftIsReplaced() {
    MemoryStore from = new MemoryStore();
    fill(from);
    MemoryStore to = new MemoryStore();
    ObjectInfo slab = from.list("ns/__default__/slabs/", null).getFirst();
    byte[] bytes = from.read(slab.name(), 1 << 20);
    to.create(slab.name(), java.util.Arrays.copyOf(bytes, bytes.length / 2));
    copy(from, to);
    assertSame(from, to);
    bytes[5000] ^= 1;
    to.delete(slab.name());
    to.create(slab.name(), bytes);
    copy(from, to);
    assertSame(from, to);
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

  private static void put(ObjectStore to, String name, byte[] content) {
    try (ObjectUpload upload = to.upload(name)) {
      upload.write(MemorySegment.ofArray(content));
      upload.commit();
    }
  }

  private static void each(
      ObjectStore store, String folder, java.util.function.Consumer<String> action) {
    store.list(folder, null).forEach(object -> action.accept(object.name()));
    store.listFolders(folder).forEach(name -> each(store, folder + name + "/", action));
  }

  @Test
  void anotherIndexIsNeverWrittenOver() {
    MemoryStore from = new MemoryStore();
    fill(from);
    MemoryStore to = new MemoryStore();
    SlabIndex.create(
            to,
            new IndexSpec("other", 3, Metric.COSINE, VectorType.DENSE, null, 2),
            false,
            ENVIRONMENT)
        .close();
    SlabException e = assertThrows(ConflictException.class, () -> copy(from, to));
    assertTrue(e.getMessage().contains("another index"), e.getMessage());
    assertThrows(NotFoundException.class, () -> copy(new MemoryStore(), to));
  }
}
