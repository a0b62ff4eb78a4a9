package io.slab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.estimate.PriceTable;
import io.slab.index.SlabIndex;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.migrate.IndexPlan;
import io.slab.migrate.Migration;
import io.slab.migrate.MigrationOptions;
import io.slab.migrate.MigrationReport;
import io.slab.migrate.MigrationReportJson;
import io.slab.migrate.Verification;
import io.slab.model.Environment;
import io.slab.model.Metric;
import io.slab.source.Declared;
import io.slab.source.ReadOptions;
import io.slab.source.ScanOptions;
import io.slab.source.Source;
import io.slab.source.scan.SourceScanner;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.spec.SpecTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every member of a migration report is in the specification's table, and the other way round. */
class MigrationReportTableIT {
  @TempDir Path folder;

  @Test
  void theTableAndTheReportsHaveTheSameMembers() throws Exception {
    TreeSet<String> paths = new TreeSet<>();
    collect(paths, "", report(true));
    collect(paths, "", report(false));
    // Objects and arrays stand in the table where they may be null, or through their elements.
    TreeSet<String> specified =
        new TreeSet<>(SpecTables.rows("migration-report.md", "MR-").keySet());
    // What this export has no occasion for.
    List<String> rare =
        List.of(
            "cutParts[]",
            "source.notices[]",
            "source.unread[]",
            "namespaces[].verified.examples[]");
    paths.addAll(rare);
    assertEquals(specified, paths);
  }

  private JsonNode report(boolean skip) throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      text.append(
          "{\"id\":\"%d\",\"values\":[%d,1],\"metadata\":{\"x\":null,\"t\":%d}}\n"
              .formatted(i, i, 1_600_000_000L + 128L * i));
    }
    text.append("{\"id\":\"bad\",\"values\":[1]}\n");
    Path file = Files.writeString(folder.resolve("export.jsonl"), text);
    Source found = SourceScanner.scan(file.toString(), ScanOptions.defaults());
    Declared declared =
        new Declared(
            "old",
            2,
            Metric.EUCLIDEAN,
            41,
            Map.of(),
            List.of("t"),
            Map.of("pod_type", "s1"),
            List.of("manifest.json"));
    Source source =
        new Source(found.location(), found.shape(), found.parts(), declared, List.of(), false);
    IndexPlan plan =
        IndexPlan.of(
            source,
            new IndexPlan.Wishes("t", null, null, null, null, false),
            ReadOptions.defaults().withNulls(ReadOptions.Nulls.DROP),
            1);
    MigrationOptions options = MigrationOptions.in(folder.resolve("work")).restarting();
    Environment environment = new Environment(() -> 1, new SplittableRandom(1));
    try (SlabIndex index = SlabIndex.create(new MemoryStore(), plan.spec(), false, environment)) {
      Migration migration =
          new Migration(
              source, plan.spec(), skip ? options.skipping(-1) : options, (a, b, c) -> {});
      migration.run(index);
      MigrationReport.Frame frame =
          new MigrationReport.Frame(
              "t", true, plan.decisions(), false, file, 1, PriceTable.listPrices());
      MigrationReport report =
          MigrationReport.of(migration, source, plan.spec(), frame).withNext(List.of("x"));
      if (skip) {
        Verification verification = new Verification(source, index, options, 2, 3, (a, b, c) -> {});
        report = report.with(verification.run(), 2, 3);
      }
      return Json.parse("report", MigrationReportJson.text(report));
    }
  }

  private static void collect(TreeSet<String> paths, String path, JsonNode node) {
    if (node.isObject()) {
      if (List.of("namespaces[].verified", "stoppedBy", "verification").contains(path)) {
        paths.add(path);
      }
      node.forEachEntry(
          (name, value) -> collect(paths, path.isEmpty() ? name : path + "." + name, value));
    } else if (node.isArray()) {
      if (path.equals("target.schema")) {
        paths.add(path);
      }
      node.forEach(element -> collect(paths, path + "[]", element));
    } else {
      paths.add(path);
    }
  }
}
