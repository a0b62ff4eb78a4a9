package io.slab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.Namespace;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.ScanOptions;
import io.slab.source.SourcePart;
import io.slab.source.scan.SourceScanner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows become slabs: the same records as by ingest, in one commit, or nothing at all. */
class SlabWriteIT {
  @TempDir Path folder;
  private Path place;
  private final SparkSession spark = Sessions.get();

  @BeforeEach
  void create() {
    place = folder.resolve("index");
    Index.create(place, IndexSettings.dense(4, Metric.COSINE)).close();
  }

  private Dataset<Row> rows(int from, int to) {
    return Written.rows(from, to);
  }

  private void write(Dataset<Row> rows, String mode) {
    rows.write().format("slab").mode(mode).save(place.toString());
  }

  @Test
  void recordsAreThoseOfIngestInOneCommit() throws Exception {
    Path parquet = folder.resolve("rows");
    rows(0, 3000).write().parquet(parquet.toString());
    write(spark.read().parquet(parquet.toString()), "append");
    Path ingested = folder.resolve("ingested");
    ingest(parquet, ingested);
    Map<String, String> expected = Written.records(ingested, "");
    assertEquals(3000, expected.size());
    assertEquals(expected, Written.records(place, ""));
    assertEquals(List.of("create", "begin-append-1", "append-1"), Written.operations(place));
    assertEquals(List.of(), Sessions.problems(place));
  }

  private static void ingest(Path parquet, Path into) throws Exception {
    try (Index index = Index.create(into, IndexSettings.dense(4, Metric.COSINE));
        Stream<Path> files = Files.list(parquet)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        for (SourcePart part :
            SourceScanner.scan(file.toString(), ScanOptions.defaults()).parts()) {
          try (RecordReader reader = part.open(ReadOptions.defaults())) {
            List<VectorRecord> batch = new ArrayList<>();
            while (reader.next()) {
              assertEquals(null, reader.problem());
              batch.add(reader.record());
            }
            for (int at = 0; at < batch.size(); at += 500) {
              index.namespace().upsert(batch.subList(at, Math.min(at + 500, batch.size())));
            }
          }
        }
      }
    }
  }

  @Test
  void metadataMayBeAMapOrAStruct() {
    write(
        rows(0, 10).selectExpr("id", "values", "map('k', id, 'none', null) AS metadata"), "append");
    Map<String, String> maps = Written.records(place, "");
    assertTrue(maps.get("r3").endsWith("\"metadata\":{\"k\":\"r3\"}}"), maps.get("r3"));
    write(
        rows(0, 10)
            .selectExpr(
                "id",
                "transform(values, v -> double(v)) AS values",
                "named_struct('i', 7, 'l', 9007199254740993L, 'd', 1.10, 'b', true, 'f', float(0.1),"
                    + " 't', array('x', null, 'y'), 'n', double('NaN'), 'no', cast(null AS int))"
                    + " AS metadata"),
        "overwrite");
    Map<String, String> structs = Written.records(place, "");
    assertTrue(
        structs
            .get("r3")
            .endsWith(
                "\"metadata\":{\"b\":true,\"d\":1.1,\"f\":0.10000000149011612,\"i\":7,"
                    + "\"l\":9.007199254740992E15,\"t\":[\"x\",\"y\"]}}"),
        structs.get("r3"));
  }

  @Test
  void overwriteReplacesAllRecordsInOneStep() {
    write(rows(0, 500), "append");
    try (Index index = Index.open(place)) {
      index.namespace().upsert(VectorRecord.of("in-the-log", 1, 2, 3, 4));
      index.namespace().delete(List.of("r7"));
    }
    write(rows(400, 600), "overwrite");
    Map<String, String> records = Written.records(place, "");
    assertEquals(200, records.size());
    assertEquals(
        List.of("create", "begin-append-1", "append-1", "bulk"), Written.operations(place));
    assertEquals(List.of(), Sessions.problems(place));
    write(rows(0, 0), "overwrite");
    assertEquals(Map.of(), Written.records(place, ""));
  }

  @Test
  void appendAddsToRecordsAndReplacesThoseOfTheSameIds() {
    write(rows(0, 500).selectExpr("id", "values", "'{\"old\":true}' AS metadata"), "append");
    try (Index index = Index.open(place)) {
      index.namespace().upsert(VectorRecord.of("in-the-log", 1, 2, 3, 4));
      index.namespace().delete(List.of("r7"));
    }
    write(rows(400, 600), "append");
    Map<String, String> records = Written.records(place, "");
    assertEquals(600, records.size());
    assertEquals(399, records.values().stream().filter(record -> record.contains("old")).count());
    write(rows(0, 0), "append");
    assertEquals(records, Written.records(place, ""));
    assertEquals(List.of(), Sessions.problems(place));
  }

  @Test
  void rowsMayNameTheirNamespace() {
    Dataset<Row> rows =
        rows(0, 100)
            .selectExpr(
                "id", "values", "if(id = 'r5', null, concat('n', length(id))) AS namespace");
    write(rows, "append");
    assertEquals(10 - 1, Written.records(place, "n2").size());
    assertEquals(90, Written.records(place, "n3").size());
    assertEquals(Set.of("r5"), Written.records(place, "").keySet());
    write(rows.where("namespace = 'n3'").limit(10), "overwrite");
    assertEquals(10, Written.records(place, "n3").size());
    assertEquals(9, Written.records(place, "n2").size(), "what is not among the rows stays");
  }

  @Test
  void aTaskWritesSlabAfterSlab() throws Exception {
    rows(0, 1000)
        .write()
        .format("slab")
        .option("rows-per-slab", "90")
        .mode("append")
        .save(place.toString());
    assertEquals(1000, Written.records(place, "").size());
    try (Index index = Index.open(place)) {
      assertTrue(index.namespace().stats().slabs() >= 12, "slabs " + index.namespace().stats());
    }
  }

  private String failure(Dataset<Row> rows) {
    Throwable e = assertThrows(Exception.class, () -> write(rows, "append"));
    StringBuilder all = new StringBuilder();
    for (; e != null; e = e.getCause()) {
      all.append(e).append('\n');
    }
    return all.toString();
  }

  @Test
  void aBadRowIsNamedWithItsReasonAndNothingIsWritten() {
    for (String[] bad :
        new String[][] {
          {"array(float(1), float(2)) AS values", "dimension"},
          {"array(float(1), float('NaN'), float(0), float(0)) AS values", "finite"},
          {"array(float(0), float(0), float(0), float(0)) AS values", "non-zero"},
          {"array(float(1), null, float(0), float(0)) AS values", "hold a null"},
          {"cast(null AS array<float>) AS values", "no 'values'"}
        }) {
      String message = failure(rows(0, 50).where("id = 'r17'").selectExpr("id", bad[0]));
      assertTrue(message.contains("id 'r17'"), message);
      assertTrue(message.contains(bad[1]), bad[1] + ": " + message);
    }
    String none = failure(rows(0, 50).selectExpr("cast(null AS string) AS id", "values"));
    assertTrue(none.contains("no 'id'"), none);
    String twice = failure(rows(0, 50).union(rows(20, 21)));
    assertTrue(twice.contains("id 'r20'") && twice.contains("twice"), twice);
    assertEquals(Map.of(), Written.records(place, ""));
  }

  @Test
  void badRowsMayBeLeftOutWithTheirReasons() throws Exception {
    Path rejects = Files.createDirectory(folder.resolve("rejects"));
    rows(0, 50)
        .selectExpr(
            "if(id = 'r8', '', id) AS id", "if(id = 'r9', array(float(1)), values) AS values")
        .union(rows(3, 4).selectExpr("id", "values"))
        .write()
        .format("slab")
        .option("on-error", "skip")
        .option("rejects", rejects.toString())
        .mode("append")
        .save(place.toString());
    assertEquals(48, Written.records(place, "").size());
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(rejects)) {
      for (Path file : files.toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    assertEquals(3, lines.size(), lines.toString());
    assertTrue(lines.stream().anyMatch(line -> line.contains("\"id\":\"r9\"")), lines.toString());
  }

  @Test
  void whatCanBeKnownIsRefusedBeforeTheJob() {
    Dataset<Row> rows = rows(0, 3);
    for (Dataset<Row> bad :
        List.of(
            rows.withColumnRenamed("metadata", "title"),
            rows.drop("values"),
            rows.drop("id"),
            rows.selectExpr("1 AS id", "values"),
            rows.selectExpr("id", "'[1,2]' AS values"),
            rows.selectExpr("id", "values", "current_date() AS metadata"),
            rows.selectExpr("id", "values", "struct(current_date() AS day) AS metadata"),
            rows.selectExpr(
                "id",
                "values",
                "named_struct('indices', array(1L), 'values', array(1f)) AS sparse_values"))) {
      assertThrows(InvalidInputException.class, () -> write(bad, "append"));
    }
    assertThrows(
        NotFoundException.class,
        () -> rows.write().format("slab").mode("append").save(folder.resolve("no").toString()));
    assertFalse(Files.exists(place.resolve("ns/" + Namespace.DEFAULT)), "nothing was begun");
  }

  @Test
  void aTaskThatFailsOnceIsRepeatedAndCountsOnce() {
    Dataset<Row> rows = rows(0, 300);
    Dataset<Row> failing = Failing.onFirstAttempt(rows);
    write(failing, "append");
    assertEquals(300, Written.records(place, "").size());
    assertEquals(List.of("create", "begin-append-1", "append-1"), Written.operations(place));
  }
}
