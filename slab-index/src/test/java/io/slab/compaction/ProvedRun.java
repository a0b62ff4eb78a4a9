package io.slab.compaction;

import io.slab.compaction.CompactionRequest.Kind;
import io.slab.gc.GarbageCollector;
import io.slab.gc.GcRequest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.ProvedRecords;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.writer.BulkLoad;
import io.slab.writer.ListRows;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * A random history of a namespace, what it must hold, and slabs of writers that have not come to
 * their end. After each step slabs and log must prove what is there.
 */
abstract class ProvedRun {
  static final NamespaceNames NAMES = new NamespaceNames("ns");
  private static final GcRequest ALL = new GcRequest(0, 1, Integer.MAX_VALUE, false);

  final Random random;
  final StringBuilder story = new StringBuilder();
  private long now = 1;
  final MemoryStore store = new MemoryStore(() -> now);
  private final List<ObjectInfo> late = new ArrayList<>();
  private final List<byte[]> lateBytes = new ArrayList<>();
  Oracle oracle = new Oracle();
  private long seeds;

  ProvedRun(long seed) {
    random = new Random(seed);
    seeds = seed;
  }

  final NamespaceHandle handle(ObjectStore in) {
    Environment environment = new Environment(() -> 1_000L, new SplittableRandom(seeds++));
    return new NamespaceHandle(
        in, "ns", Oracle.SPEC, environment, new FormatSlabs(), new Retry(3, 0));
  }

  final void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step(random.nextInt(100));
      check();
    }
  }

  /** Does one thing. */
  abstract void step(int kind);

  /** Looks at what else must hold. */
  void check(NamespaceHandle handle) {}

  /** A batch was acknowledged, up to an LSN. */
  void written(long lsn) {}

  /** The same with what was in it. */
  void written(long lsn, List<WriteOp> batch) {
    written(lsn);
  }

  /** All is deleted by a drop. */
  void dropped() {}

  /** An empty namespace was loaded, with an LSN above all others so far. */
  void loaded(long lsn, List<WriteOp> batch) {}

  /** What must prove the records: all that there is. */
  MemoryStore proving() {
    return store;
  }

  final void append() {
    List<WriteOp> batch = random.nextInt(3) == 0 ? Oracle.batch(random) : narrow();
    story.append(" append").append(batch);
    oracle.apply(batch);
    try (NamespaceHandle handle = handle(store);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      written(writer.append(batch).lastLsn(), batch);
    }
  }

  /** Few ids and values, so that a filter meets one version of a record and not the other. */
  final List<WriteOp> narrow() {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      String id = "a" + random.nextInt(5);
      Metadata n = Metadata.of(Map.of("n", new MetaValue.Num(random.nextInt(3))));
      String filter = "{\"n\":" + random.nextInt(3) + "}";
      batch.add(
          switch (random.nextInt(8)) {
            case 0, 1 -> new WriteOp.DeleteByFilter(filter);
            case 2 -> new WriteOp.PartialUpdate(id, null, null, n);
            case 3 -> new WriteOp.UpdateByFilter(filter, n);
            default -> new WriteOp.Upsert(new VectorRecord(id, new float[] {i, 2}, null, n));
          });
    }
    return batch;
  }

  final void flush(ObjectStore in) {
    story.append(" flush");
    try (NamespaceHandle handle = handle(in);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.flush();
    }
  }

  final void compact(ObjectStore in, boolean auto) {
    try (NamespaceHandle handle = handle(in)) {
      if (handle.newest() == null || handle.newest().slabs().isEmpty()) {
        return;
      }
      List<Ulid> ids = handle.newest().slabs().stream().map(SlabEntry::id).toList();
      int from = random.nextInt(ids.size());
      int to = from + 1 + random.nextInt(ids.size() - from);
      CompactionRequest some =
          new CompactionRequest(
              Kind.SLABS, -1, ids.subList(from, to), Long.MAX_VALUE, Long.MAX_VALUE);
      CompactionRequest request =
          switch (random.nextInt(4)) {
            case 0 -> CompactionRequest.full();
            case 1 -> auto ? CompactionRequest.auto() : some;
            default -> some;
          };
      story.append(" compact ").append(request.kind()).append(from).append('-').append(to);
      Compactor.of(handle).run(request, () -> false, result -> {});
    }
  }

  /** Log objects go when they are older than an hour. */
  final void collect() {
    now += 3_600_000L * random.nextInt(3);
    story.append(" gc");
    try (NamespaceHandle handle = handle(store)) {
      GarbageCollector.of(handle).run(ALL);
    }
  }

  /** As by a gc that could delete nothing but log objects. */
  final void trimLog() {
    story.append(" trim");
    try (NamespaceHandle handle = handle(store)) {
      if (handle.newest() != null) {
        long flushed = handle.newest().walFlushedThrough();
        handle.wal().listAfter(-1).stream()
            .filter(number -> number < flushed)
            .forEach(number -> store.delete(handle.wal().name(number)));
      }
    }
  }

  /** Another writer begins with what is there now, writes its slabs, and sleeps. */
  final void stall() {
    story.append(" stall(");
    MemoryStore copy = copy();
    if (random.nextBoolean()) {
      flush(copy);
    } else {
      // One alone: the next would begin with what this one never commits.
      compact(copy, false);
    }
    story.append(')');
    for (ObjectInfo info : copy.list(NAMES.slabFolder(), null)) {
      if (!exists(info.name())) {
        late.add(info);
        lateBytes.add(copy.read(info.name(), Integer.MAX_VALUE));
      }
    }
  }

  final boolean exists(String name) {
    return store.list(NAMES.slabFolder(), null).stream().anyMatch(i -> i.name().equals(name));
  }

  final MemoryStore copy() {
    MemoryStore copy = new MemoryStore();
    for (String folder :
        List.of(
            NAMES.slabFolder(), NAMES.deletesFolder(), NAMES.walFolder(), NAMES.manifestFolder())) {
      for (ObjectInfo info : store.list(folder, null)) {
        copy.create(info.name(), store.read(info.name(), Integer.MAX_VALUE));
      }
    }
    return copy;
  }

  /** The slabs of a writer that slept appear; its manifest number is taken. */
  final void land() {
    if (!late.isEmpty()) {
      int i = random.nextInt(late.size());
      story.append(" land ").append(late.get(i).fileName());
      store.create(late.remove(i).name(), lateBytes.remove(i));
    }
  }

  final void load() {
    List<VectorRecord> records = new ArrayList<>();
    for (String id : new TreeSet<>(List.of("a1", "b2", "b11", "c" + random.nextInt(9)))) {
      float[] values = {random.nextInt(9), 1};
      records.add(new VectorRecord(id, values, null, Metadata.EMPTY));
    }
    try (NamespaceHandle handle = handle(store)) {
      if (new BulkLoad(handle).run(new ListRows(records), () -> false) != null) {
        story.append(" load").append(records);
        List<WriteOp> batch = records.stream().<WriteOp>map(WriteOp.Upsert::new).toList();
        oracle.apply(batch);
        loaded(handle.newest().lsnFlushed(), batch);
      }
    }
  }

  /** Its trace is in the first slab after it, so something is written and flushed at once. */
  final void drop() {
    try (NamespaceHandle handle = handle(store)) {
      if (!handle.exists()) {
        return;
      }
      story.append(" drop");
      new NamespaceAdmin(handle).drop();
      oracle = new Oracle();
      dropped();
    }
    append();
    flush(store);
  }

  private void check() {
    try (NamespaceHandle handle = handle(store);
        Snapshot snapshot = handle.snapshot()) {
      oracle.assertSame(snapshot);
      check(handle);
      oracle.assertSame(ProvedRecords.of(proving(), NAMES, Oracle.SPEC));
    } catch (AssertionError e) {
      throw new AssertionError(story.toString(), e);
    }
  }
}
