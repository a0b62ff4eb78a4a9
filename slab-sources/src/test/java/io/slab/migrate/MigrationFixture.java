package io.slab.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.estimate.PriceTable;
import io.slab.index.SlabIndex;
import io.slab.migrate.ListSource.Item;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.snapshot.Snapshot;
import io.slab.source.Note;
import io.slab.store.LocalStore;
import io.slab.testkit.RandomRecords;
import io.slab.testkit.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;

/** Migrations of records in memory, and what they must come to. */
abstract class MigrationFixture {
  static final IndexSpec SPEC = new IndexSpec("t", 6, Metric.COSINE, VectorType.DENSE, null, 7);

  static final MigrationProgress SILENT = (stage, records, fraction) -> {};

  static long seeds = Seeds.of(MigrationIT.class);

  @TempDir Path folder;

  SlabIndex index() {
    LocalStore store = new LocalStore(folder.resolve("index"));
    Environment environment = new Environment(() -> 1, new SplittableRandom(seeds++));
    return Files.exists(folder.resolve("index/index.json"))
        ? SlabIndex.open(store, environment)
        : SlabIndex.create(store, SPEC, false, environment);
  }

  MigrationOptions options() {
    return MigrationOptions.in(folder.resolve("work")).withRunBytes(30_000).skipping(-1);
  }

  /** Random records of three namespaces with repeats and broken ones, in two parts. */
  static ListSource source(Random random, int count) {
    RandomRecords records = new RandomRecords(random, SPEC);
    List<VectorRecord> base = records.list(count / 2);
    ListSource source = new ListSource();
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String namespace = random.nextInt(3) == 0 ? null : random.nextBoolean() ? "b" : "a";
      VectorRecord known = base.get(random.nextInt(base.size()));
      VectorRecord record = random.nextInt(3) == 0 ? known : records.record(known.id());
      if (random.nextInt(20) == 0) {
        record =
            random.nextBoolean()
                ? null
                : new VectorRecord(known.id(), new float[3], null, Metadata.EMPTY);
      }
      Note note = random.nextInt(9) == 0 ? new Note(Note.Kind.NULL_DROPPED, "metadata.x") : null;
      items.add(new Item(namespace, record, note));
      if (i == count / 3) {
        source.part(items);
        items = new ArrayList<>();
      }
    }
    return source.part(items);
  }

  static Map<String, Map<String, VectorRecord>> expected(ListSource source) {
    Map<String, Map<String, VectorRecord>> expected = new TreeMap<>(Utf8.ORDER);
    source
        .source()
        .parts()
        .forEach(part -> {
          var reader = part.open(io.slab.source.ReadOptions.defaults());
          while (reader.next()) {
            VectorRecord record = reader.record();
            String name = reader.namespace() == null ? "__default__" : reader.namespace();
            if (record != null && record.values().length == SPEC.dimension()) {
              expected.computeIfAbsent(name, n -> new TreeMap<>()).put(record.id(), record);
            }
          }
        });
    return expected;
  }

  static void assertHolds(SlabIndex index, Map<String, Map<String, VectorRecord>> expected) {
    assertEquals(expected.keySet(), new HashSet<>(index.namespaces()));
    expected.forEach((name, records) -> {
      try (Snapshot snapshot = index.snapshot(name)) {
        assertEquals(records.size(), snapshot.count(), name);
        records.forEach((id, record) ->
            assertTrue(TargetRows.same(record, snapshot.find(id)), name + " " + id));
      }
    });
  }

  MigrationReport report(Migration migration, ListSource source, boolean dry) {
    return MigrationReport.of(
        migration,
        source.source(),
        SPEC,
        new MigrationReport.Frame("t", true, List.of(), dry, null, 0, PriceTable.listPrices()));
  }

  /** Counts of a report that do not depend on how often the work was interrupted. */
  static String counts(MigrationReport report) {
    StringBuilder text = new StringBuilder();
    report
        .namespaces()
        .forEach(n ->
            text.append(n.namespace() + " " + n.read() + " " + n.rejected() + " " + n.identical())
                .append(" " + n.replaced() + " " + n.written() + "\n"));
    report.remarks().forEach(r -> text.append(r.kind() + " " + r.count() + "\n"));
    return text.toString();
  }
}
