package io.slab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.Namespace;
import io.slab.RecordScan;
import io.slab.ScanPart;
import io.slab.Snapshot;
import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.json.Json;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows become slabs: the same records as by ingest, in one commit, or nothing at all. */
class SlabWriteTest {
  @TempDir Path folder;
  private Path place;
  private final SparkSession spark = Sessions.get();

  @BeforeEach
  void create() {
    place = folder.resolve("index");
    Index.create(place, IndexSettings.dense(4, Metric.COSINE)).close();
  }

  /** Records of four numbers, metadata as JSON text. */
  private Dataset<Row> rows(int from, int to) {
    return spark
        .range(from, to, 1, 3)
        .selectExpr(
            "concat('r', id) AS id",
            "array(float(sin(id)), float(cos(id)), float(id / 3), float(1)) AS values",
            "concat('{\"n\":', id, ',\"tags\":[\"a', id % 3, '\"],\"half\":', id / 2, '}') AS metadata");
  }

  private void write(Dataset<Row> rows, String mode) {
    rows.write().format("slab").mode(mode).save(place.toString());
  }

  /** Each id with all of its record as text, numbers by their bits. */
  private static Map<String, String> records(Path place, String name) {
    Map<String, String> records = new TreeMap<>();
    try (Index index = Index.open(place)) {
      Namespace namespace = index.namespace(name);
      try (Snapshot snapshot = namespace.snapshot()) {
        for (ScanPart part : snapshot.parts()) {
          try (RecordScan scan = namespace.scan(part)) {
            while (scan.next()) {
              assertEquals(null, records.put(scan.id(), text(scan.record())));
            }
          }
        }
      }
    }
    return records;
  }

  private static String text(VectorRecord record) {
    int[] bits = new int[record.values().length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(record.values()[i]));
    return Arrays.toString(bits) + Json.text(out -> io.slab.json.RecordJson.write(out, record));
  }

  private static List<String> operations(Path place) {
    List<String> operations = new ArrayList<>();
    try (io.slab.namespace.NamespaceHandle handle = handle(place)) {
      handle.newest().history().forEach(change -> operations.add(change.operation()));
    }
    return operations;
  }

  private static io.slab.namespace.NamespaceHandle handle(Path place) {
    return new io.slab.namespace.NamespaceHandle(
        new io.slab.store.LocalStore(place),
        Namespace.DEFAULT,
        new io.slab.model.IndexSpec("i", 4, Metric.COSINE, io.slab.model.VectorType.DENSE, null, 0),
        io.slab.model.Environment.system(),
        new io.slab.snapshot.FormatSlabs(),
        io.slab.store.Retry.COMMIT);
  }

  @Test
  void recordsAreThoseOfIngestInOneCommit() throws Exception {
    Path parquet = folder.resolve("rows");
    rows(0, 3000).write().parquet(parquet.toString());
    write(spark.read().parquet(parquet.toString()), "append");
    Path ingested = folder.resolve("ingested");
    ingest(parquet, ingested);
    Map<String, String> expected = records(ingested, "");
    assertEquals(3000, expected.size());
    assertEquals(expected, records(place, ""));
    assertEquals(List.of("create", "bulk"), operations(place));
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
        rows(0, 10)
            .selectExpr("id", "values", "map('k', id, 'none', null) AS metadata"),
        "append");
    Map<String, String> maps = records(place, "");
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
    Map<String, String> structs = records(place, "");
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
    Map<String, String> records = records(place, "");
    assertEquals(200, records.size());
    assertEquals(List.of("create", "bulk", "bulk"), operations(place));
    assertEquals(List.of(), Sessions.problems(place));
    write(rows(0, 0), "overwrite");
    assertEquals(Map.of(), records(place, ""));
  }

  @Test
  void appendToRecordsIsRefusedBeforeAJob() {
    write(rows(0, 5), "append");
    ConflictException e =
        assertThrows(ConflictException.class, () -> write(rows(5, 9), "append"));
    assertTrue(e.getMessage().contains("has 5 records"), e.getMessage());
    assertNotNull(e.hint());
  }

  @Test
  void rowsMayNameTheirNamespace() {
    Dataset<Row> rows =
        rows(0, 100).selectExpr("id", "values", "if(id = 'r5', null, concat('n', length(id))) AS namespace");
    write(rows, "append");
    assertEquals(10 - 1, records(place, "n2").size());
    assertEquals(90, records(place, "n3").size());
    assertEquals(java.util.Set.of("r5"), records(place, "").keySet());
    write(rows.where("namespace = 'n3'").limit(10), "overwrite");
    assertEquals(10, records(place, "n3").size());
    assertEquals(9, records(place, "n2").size(), "what is not among the rows stays");
  }

  @Test
  void aTaskWritesSlabAfterSlab() throws Exception {
    rows(0, 1000)
        .write()
        .format("slab")
        .option("rows-per-slab", "90")
        .mode("append")
        .save(place.toString());
    assertEquals(1000, records(place, "").size());
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
    assertEquals(Map.of(), records(place, ""));
  }

  @Test
  void badRowsMayBeLeftOutWithTheirReasons() throws Exception {
    Path rejects = Files.createDirectory(folder.resolve("rejects"));
    rows(0, 50)
        .selectExpr("if(id = 'r8', '', id) AS id", "if(id = 'r9', array(float(1)), values) AS values")
        .union(rows(3, 4).selectExpr("id", "values"))
        .write()
        .format("slab")
        .option("on-error", "skip")
        .option("rejects", rejects.toString())
        .mode("append")
        .save(place.toString());
    assertEquals(48, records(place, "").size());
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
    assertEquals(300, records(place, "").size());
    assertEquals(List.of("create", "bulk"), operations(place));
  }

  @Test
  void ofTwoJobsThatFillOneNamespaceOneWins() throws Exception {
    try (var threads = java.util.concurrent.Executors.newFixedThreadPool(2)) {
      List<java.util.concurrent.Future<Boolean>> jobs = new ArrayList<>();
      for (int job = 0; job < 2; job++) {
        int from = 1000 * job;
        jobs.add(threads.submit(() -> wins(rows(from, from + 400))));
      }
      int won = 0;
      for (var job : jobs) {
        won += job.get() ? 1 : 0;
      }
      assertEquals(1, won);
    }
    assertEquals(400, records(place, "").size());
    assertEquals(List.of(), Sessions.problems(place));
  }

  private boolean wins(Dataset<Row> rows) {
    try {
      write(rows, "append");
      return true;
    } catch (ConflictException e) {
      return false;
    }
  }

  /** A task that is repeated, or runs twice, built its slabs twice: those of one attempt count. */
  @Test
  void slabsOfAnAttemptThatFailedAreNamedByNothing() throws Exception {
    Dataset<Row> rows = rows(0, 200).orderBy("id");
    try (Index index = Index.open(place)) {
      SlabOptions options =
          SlabOptions.of(
              new org.apache.spark.sql.util.CaseInsensitiveStringMap(
                  Map.of("path", place.toString(), "rows-per-slab", "50")));
      RowSchema schema = RowSchema.of(rows.schema(), index.describe());
      SlabBatchWrite write = new SlabBatchWrite(options, schema, false, "query");
      var factory = write.createBatchWriterFactory(() -> 1);
      var internal = rows.queryExecution().executedPlan().executeCollect();
      try (var failing = factory.createWriter(0, 1)) {
        for (int i = 0; i < 120; i++) {
          failing.write(internal[i]);
        }
        failing.abort();
      }
      try (var done = factory.createWriter(0, 2)) {
        for (var row : internal) {
          done.write(row);
        }
        write.commit(new org.apache.spark.sql.connector.write.WriterCommitMessage[] {done.commit()});
      }
      assertEquals(200, records(place, "").size());
      assertEquals(6, slabFiles());
      index.namespace().collectGarbage(java.time.Duration.ZERO);
      index.namespace().collectGarbage(java.time.Duration.ZERO);
      assertEquals(4, slabFiles());
    }
    assertEquals(200, records(place, "").size());
  }

  private long slabFiles() throws Exception {
    try (Stream<Path> files =
        Files.list(place.resolve("ns").resolve(Namespace.DEFAULT).resolve("slabs"))) {
      return files.count();
    }
  }

  @Test
  void whatWasWrittenMeanwhileIsNotOverwritten() {
    write(rows(0, 5), "append");
    try (Index index = Index.open(place)) {
      SlabOptions options =
          SlabOptions.of(
              new org.apache.spark.sql.util.CaseInsensitiveStringMap(
                  Map.of("path", place.toString())));
      RowSchema schema = RowSchema.of(rows(0, 1).schema(), index.describe());
      SlabBatchWrite write = new SlabBatchWrite(options, schema, true, "query");
      var factory = write.createBatchWriterFactory(() -> 1);
      var message = commit(factory, rows(90, 95));
      index.namespace().upsert(VectorRecord.of("later", 1, 2, 3, 4));
      assertThrows(
          ConflictException.class,
          () ->
              write.commit(
                  new org.apache.spark.sql.connector.write.WriterCommitMessage[] {message}));
    }
    assertEquals(6, records(place, "").size());
  }

  private static org.apache.spark.sql.connector.write.WriterCommitMessage commit(
      org.apache.spark.sql.connector.write.DataWriterFactory factory, Dataset<Row> rows) {
    try (var writer = factory.createWriter(0, 1)) {
      for (var row : rows.orderBy("id").queryExecution().executedPlan().executeCollect()) {
        writer.write(row);
      }
      return writer.commit();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
