package io.slab.sort;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.index.SlabIndex;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.testkit.RandomRecords;
import io.slab.testkit.Seeds;
import io.slab.verify.Checker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordRunsIT {
  @TempDir Path folder;

  private static IndexSpec spec(VectorType type) {
    int dimension = type.hasDense() ? 7 : 0;
    Metric metric = type.hasSparse() ? Metric.DOTPRODUCT : Metric.COSINE;
    return new IndexSpec("x", dimension, metric, type, null, 0);
  }

  /** Deals the records to runs of a few rows each. */
  private List<Run> runs(List<Map.Entry<String, VectorRecord>> records, Random random) {
    List<Run> runs = new ArrayList<>();
    try (RecordRuns sorter = new RecordRuns(folder, false, 1 << 20, 0)) {
      for (Map.Entry<String, VectorRecord> record : records) {
        sorter.add(record.getKey(), record.getValue());
        if (random.nextInt(50) == 0) {
          sorter.cut(runs::add);
        }
      }
      sorter.cut(runs::add);
      sorter.await();
    }
    runs.removeIf(run -> run == null);
    return runs;
  }

  private static void assertSame(VectorRecord expected, VectorRecord found) {
    assertEquals(expected.id(), found.id());
    assertArrayEquals(bits(expected.values()), bits(found.values()));
    assertEquals(expected.metadata(), found.metadata());
    assertEquals(expected.sparse() == null, found.sparse() == null);
    if (expected.sparse() != null) {
      assertArrayEquals(expected.sparse().indices(), found.sparse().indices());
      assertArrayEquals(bits(expected.sparse().weights()), bits(found.sparse().weights()));
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values == null ? 0 : values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @Test
  void anyOrderAndDuplicatesBecomeSortedRowsOfEachNamespace() {
    for (VectorType type : VectorType.values()) {
      long seed = Seeds.of("RecordRunsIT.anyOrderAndDuplicatesBecomeSortedRowsOfEachNamespace");
      Random random = new Random(seed);
      IndexSpec spec = spec(type);
      RandomRecords source = new RandomRecords(random, spec);
      List<Map.Entry<String, VectorRecord>> records = new ArrayList<>();
      Map<String, TreeMap<String, VectorRecord>> expected = new TreeMap<>(Utf8.ORDER);
      List<VectorRecord> base = source.list(400);
      for (int i = 0; i < 900; i++) {
        String namespace = random.nextInt(3) == 0 ? "" : random.nextBoolean() ? "a" : "a b";
        VectorRecord record = base.get(random.nextInt(base.size()));
        record = random.nextBoolean() ? record : source.record(record.id());
        records.add(Map.entry(namespace, record));
        expected
            .computeIfAbsent(namespace, n -> new TreeMap<>(Utf8.ORDER))
            .put(record.id(), record);
      }
      List<Run> runs = runs(records, random);
      assertTrue(runs.stream().allMatch(run -> RunCheck.isIntact(folder, run)));
      long rows = 0;
      Map<String, TreeMap<String, VectorRecord>> found = new LinkedHashMap<>();
      try (RunMerge merge = new RunMerge(folder, runs, spec.dimension())) {
        for (MergedNamespace next = merge.next(); next != null; next = merge.next()) {
          TreeMap<String, VectorRecord> there = new TreeMap<>(Utf8.ORDER);
          for (int row = 0; row < next.rows(); row++) {
            there.put(next.record(row).id(), next.record(row));
          }
          assertEquals(next.rows(), there.size());
          rows += next.rows() + next.identicalDuplicates() + next.replacedDuplicates();
          found.put(next.name(), there);
          next.close();
        }
        assertNull(merge.next());
      }
      assertEquals(records.size(), rows);
      assertEquals(List.copyOf(expected.keySet()), List.copyOf(found.keySet()));
      expected.forEach((namespace, wanted) -> {
        assertEquals(wanted.keySet(), found.get(namespace).keySet());
        wanted.forEach((id, record) -> assertSame(record, found.get(namespace).get(id)));
      });
    }
  }

  @Test
  void identicalAndOtherDuplicatesAreToldApartWithAndWithoutTheContent() {
    IndexSpec spec = spec(VectorType.DENSE);
    RandomRecords source = new RandomRecords(new Random(3), spec);
    VectorRecord first = source.record("a");
    VectorRecord second = source.record("a");
    VectorRecord equalVector = new VectorRecord("b", first.values(), null, Metadata.EMPTY);
    for (boolean keysOnly : new boolean[] {false, true}) {
      List<Run> runs = new ArrayList<>();
      try (RecordRuns sorter = new RecordRuns(folder, keysOnly, 1 << 20, 0)) {
        for (VectorRecord record : List.of(first, first, second, equalVector)) {
          sorter.add("", record);
          sorter.cut(runs::add);
        }
        sorter.await();
      }
      try (RunMerge merge = new RunMerge(folder, runs, keysOnly ? 0 : spec.dimension());
          MergedNamespace rows = merge.next()) {
        assertEquals(2, rows.rows());
        assertEquals(1, rows.identicalDuplicates());
        assertEquals(1, rows.replacedDuplicates());
      }
    }
  }

  @Test
  void aRunThatWasChangedIsNoticed() throws Exception {
    RandomRecords source = new RandomRecords(new Random(3), spec(VectorType.DENSE));
    List<Run> runs =
        runs(source.list(20).stream().map(r -> Map.entry("", r)).toList(), new Random(1));
    for (String name : List.of(runs.getFirst().recordFile(), runs.getFirst().vectorFile())) {
      byte[] good = Files.readAllBytes(folder.resolve(name));
      byte[] bad = good.clone();
      bad[bad.length / 2] ^= 1;
      Files.write(folder.resolve(name), bad);
      assertFalse(RunCheck.isIntact(folder, runs.getFirst()));
      Files.write(folder.resolve(name), good);
      assertTrue(RunCheck.isIntact(folder, runs.getFirst()));
    }
    RunCheck.delete(folder, runs.getFirst());
    assertFalse(RunCheck.isIntact(folder, runs.getFirst()));
  }

  @Test
  void aNamespaceOfRunsIsLoadedAsSlabs() {
    IndexSpec spec = spec(VectorType.HYBRID);
    RandomRecords source = new RandomRecords(new Random(5), spec);
    List<VectorRecord> records = source.list(3_000);
    List<Run> runs = runs(records.stream().map(r -> Map.entry("n", r)).toList(), new Random(2));
    LocalStore store = new LocalStore(folder.resolve("index"));
    Environment environment = new Environment(() -> 1, new SplittableRandom(4));
    try (SlabIndex index = SlabIndex.create(store, spec, false, environment);
        RunMerge merge = new RunMerge(folder, runs, spec.dimension());
        MergedNamespace rows = merge.next()) {
      assertEquals(records.size(), index.bulkLoad("n").run(rows, () -> false).rows());
      try (Snapshot snapshot = index.snapshot("n")) {
        assertEquals(records.size(), snapshot.count());
        records.forEach(record -> assertSame(record, snapshot.find(record.id())));
      }
      assertEquals(List.of(), Checker.index(store, CheckLevel.DEEP).problems());
    }
  }
}
