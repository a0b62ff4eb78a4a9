package io.slab.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.compaction.CompactionRequest.Kind;
import io.slab.format.SlabReader;
import io.slab.format.SlabTombstones;
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
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.ProvedRecords;
import io.slab.snapshot.Snapshot;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** A namespace in memory whose slabs carry deletes, and a clock. */
abstract class CarriedDeletesFixture {
  static final NamespaceNames NAMES = new NamespaceNames("ns");
  static final GcRequest ALL = new GcRequest(0, 1, Integer.MAX_VALUE, false);
  static final String RED = "{\"color\":\"red\"}";
  static final long HOURS = 2 * 60 * 60 * 1_000;

  long now = HOURS;
  final MemoryStore store = new MemoryStore(() -> now);
  final NamespaceHandle handle =
      new NamespaceHandle(
          store,
          "ns",
          Oracle.SPEC,
          new Environment(() -> 1_000L, new SplittableRandom(7)),
          new FormatSlabs(),
          new Retry(3, 0));

  static WriteOp upsert(String id, String color) {
    Metadata metadata = Metadata.of(Map.of("color", new MetaValue.Str(color)));
    return new WriteOp.Upsert(new VectorRecord(id, new float[] {1, 2}, null, metadata));
  }

  void append(WriteOp... ops) {
    try (NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(List.of(ops));
    }
  }

  void flush(WriteOp... ops) {
    try (NamespaceWriter writer = new NamespaceWriter(handle)) {
      if (ops.length > 0) {
        writer.append(List.of(ops));
      }
      writer.flush();
    }
  }

  List<SlabEntry> named() {
    return handle.requireNewest().slabs();
  }

  SlabTombstones carried(SlabEntry entry) {
    try (SlabReader slab = SlabReader.open(store.open(NAMES.slab(entry.id())))) {
      SlabTombstones found = slab.tombstones();
      return new SlabTombstones(List.copyOf(found.ids()), found.ranges(), found.asOf());
    }
  }

  void compact(Ulid... slabs) {
    CompactionRequest some =
        new CompactionRequest(Kind.SLABS, -1, List.of(slabs), Long.MAX_VALUE, Long.MAX_VALUE);
    Compactor.of(handle)
        .run(slabs.length == 0 ? CompactionRequest.full() : some, () -> false, result -> {});
  }

  /** Log objects go when they are older than an hour. */
  void collect() {
    now += HOURS;
    GarbageCollector.of(handle).run(ALL);
  }

  void assertRecords(String... ids) {
    try (Snapshot snapshot = handle.snapshot()) {
      assertEquals(Set.of(ids), Oracle.read(snapshot).keySet());
    }
    assertEquals(Set.of(ids), ProvedRecords.of(store, NAMES, Oracle.SPEC).keySet());
  }

  static long lsn(long object, int record) {
    return (object << 20) + record;
  }
}
