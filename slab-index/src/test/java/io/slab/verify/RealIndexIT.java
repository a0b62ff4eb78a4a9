package io.slab.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.index.SlabIndex;
import io.slab.inspect.RowInfo;
import io.slab.inspect.SlabInspector;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.objects.NamespaceInfo;
import io.slab.objects.ObjectInspector;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.Seeds;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** Verification, inspection and filters over an index that the real writers made. */
class RealIndexIT {
  private static final String[] WORDS = {"a", "b", "c", "", "é", "1"};

  private final Random random;

  RealIndexIT() {
    long seed = Seeds.of("RealIndexIT");
    random = new Random(seed);
  }

  private String word() {
    return WORDS[random.nextInt(WORDS.length)];
  }

  private Metadata metadata() {
    Map<String, MetaValue> fields = new HashMap<>();
    for (String field : List.of("x", "y", "z")) {
      switch (random.nextInt(6)) {
        case 0 -> fields.put(field, new MetaValue.Str(word()));
        case 1 -> fields.put(field, new MetaValue.Num(random.nextInt(50) / 2.0 - 3));
        case 2 -> fields.put(field, new MetaValue.Bool(random.nextBoolean()));
        case 3 -> fields.put(field, new MetaValue.StrList(List.of(word(), word())));
        case 4 -> fields.put(field, new MetaValue.StrList(List.of()));
        default -> {}
      }
    }
    return Metadata.of(fields);
  }

  private VectorRecord record(int number, VectorType type) {
    float[] values = type.hasDense() ? new float[] {random.nextFloat(), 1, -number} : null;
    SparseVector sparse =
        type.hasSparse() && (!type.hasDense() || number % 3 > 0)
            ? new SparseVector(new int[] {number, number + 7, -2}, new float[] {1, 2, 3})
            : null;
    return new VectorRecord("id" + number, values, sparse, metadata());
  }

  private void fill(NamespaceWriter writer, VectorType type, int from, int to) {
    for (int start = from; start < to; start += 500) {
      List<WriteOp> batch = new ArrayList<>();
      for (int number = start; number < Math.min(to, start + 500); number++) {
        batch.add(new WriteOp.Upsert(record(number, type)));
      }
      writer.append(batch);
    }
  }

  private static IndexSpec spec(VectorType type, Metric metric, List<String> schema) {
    return new IndexSpec("test", type.hasDense() ? 3 : 0, metric, type, schema, 0);
  }

  private static void ok(MemoryStore store) {
    for (CheckLevel level : CheckLevel.values()) {
      CheckReport report = Checker.index(store, level);
      assertEquals("ok", report.status(), report.problems().toString());
    }
  }

  private void build(IndexSpec spec) {
    MemoryStore store = new MemoryStore(() -> 0);
    VectorType type = spec.vectorType();
    try (SlabIndex index = SlabIndex.create(store, spec, false, Environment.system());
        NamespaceWriter writer = index.writer("Ünïcode/ns")) {
      ok(store);
      fill(writer, type, 0, 1500);
      ok(store);
      writer.flush();
      ok(store);
      fill(writer, type, 1400, 1700);
      writer.append(
          List.of(
              new WriteOp.DeleteId("id3"),
              new WriteOp.DeleteId("no such id"),
              new WriteOp.DeleteByPrefix("id10")));
      writer.flush();
      fill(writer, type, 5, 9);
      ok(store);
      filters(index);
    }
    inspect(store, type);
  }

  private void filters(SlabIndex index) {
    List<String> filters =
        List.of(
            "{\"x\":\"a\"}",
            "{\"x\":{\"$ne\":\"\"}}",
            "{\"x\":{\"$gte\":0,\"$lt\":10.5}}",
            "{\"x\":{\"$in\":[-3,0,1.5,20]}}",
            "{\"$or\":[{\"x\":true},{\"y\":{\"$exists\":false}}]}",
            "{\"x\":{\"$nin\":[\"a\",\"1\"]},\"y\":{\"$not\":{\"$gt\":4}}}",
            "{\"y\":{\"$exists\":true},\"x\":{\"$lte\":1e300}}",
            "{\"none\":{\"$ne\":1}}");
    try (Snapshot snapshot = index.snapshot("Ünïcode/ns")) {
      assertEquals(2, snapshot.slabs().size());
      for (String json : filters) {
        Filter filter = FilterParser.parse(json);
        if (!filter.fields().stream().allMatch(index.spec()::indexes)) {
          continue;
        }
        for (LiveSlab slab : snapshot.slabs()) {
          ImmutableRoaringBitmap rows = FilterEvaluator.rows(filter, slab.view().fields());
          for (int row = 0; row < slab.view().rows(); row++) {
            assertEquals(
                FilterEvaluator.matches(filter, slab.view().metadata(row)),
                rows.contains(row),
                json + " " + slab.view().metadata(row));
          }
        }
      }
    }
  }

  private static void inspect(MemoryStore store, VectorType type) {
    NamespaceInfo info = ObjectInspector.namespaces(store).getFirst();
    assertEquals("Ünïcode/ns", info.namespace());
    assertEquals(2, info.slabFiles());
    assertEquals(2, info.manifest().slabs().size());
    assertEquals(1, info.unflushedWalObjects());
    for (ObjectInfo object : store.list("ns/" + info.folder() + "/slabs/", null)) {
      try (SlabInspector slab = SlabInspector.open(store.open(object.name()))) {
        assertEquals(type.label(), slab.summary().vectorType());
        RowInfo row = slab.row(1);
        assertEquals(1, slab.row(row.record().id()).row());
        assertEquals(type.hasDense(), row.record().values() != null);
        slab.columns(3)
            .forEach(column ->
                assertTrue(column.rows() > 0 && !slab.bitmaps(column.field(), 9).isEmpty()));
      }
    }
  }

  @Test
  void dense() {
    build(spec(VectorType.DENSE, Metric.COSINE, null));
  }

  @Test
  void sparse() {
    build(spec(VectorType.SPARSE, Metric.DOTPRODUCT, null));
  }

  @Test
  void hybridWithASchema() {
    build(spec(VectorType.HYBRID, Metric.DOTPRODUCT, List.of("x", "none")));
  }

  @Test
  void everyDamagedByteOfEveryObjectIsNoticed() {
    MemoryStore store = new MemoryStore(() -> 0);
    IndexSpec spec = spec(VectorType.DENSE, Metric.EUCLIDEAN, null);
    try (SlabIndex index = SlabIndex.create(store, spec, false, Environment.system());
        NamespaceWriter writer = index.writer("n")) {
      fill(writer, VectorType.DENSE, 0, 40);
      writer.flush();
      writer.append(List.of(new WriteOp.DeleteId("id3")));
      writer.flush();
      fill(writer, VectorType.DENSE, 40, 50);
    }
    ok(store);
    for (String folder : List.of("ns/n/slabs/", "ns/n/wal/", "ns/n/manifest/")) {
      for (ObjectInfo info : store.list(folder, null)) {
        byte[] bytes = store.read(info.name(), 1 << 20);
        for (int round = 0; round < 60; round++) {
          byte[] damaged = bytes.clone();
          int at = random.nextInt(bytes.length);
          damaged[at] ^= (byte) (1 << random.nextInt(8));
          store.delete(info.name());
          store.create(info.name(), damaged);
          CheckReport report = Checker.index(store, CheckLevel.CHECKSUMS);
          assertEquals("errors", report.status(), info.name() + " byte " + at);
          assertEquals(info.name(), report.problems().getFirst().object());
        }
        store.delete(info.name());
        store.create(info.name(), bytes);
      }
    }
    ok(store);
  }
}
