package io.slab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.Query;
import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs without rows, namespaces spelled in several ways, states by age, texts, large numbers. */
class SlabEdgesIT {
  @TempDir Path folder;
  private Path place;

  @BeforeEach
  void create() {
    place = folder.resolve("index");
    Index.create(place, IndexSettings.dense(4, Metric.COSINE)).close();
  }

  private static void write(Dataset<Row> rows, Path to, String mode) {
    rows.write().format("slab").mode(mode).save(to.toString());
  }

  private static Dataset<Row> read(Path from) {
    return Sessions.get().read().format("slab").load(from.toString());
  }

  @Test
  void anOverwriteWithoutRowsDeletesNothingThatOthersWroteMeanwhile() {
    write(Written.rows(0, 5), place, "append");
    try (Index index = Index.open(place)) {
      SlabOptions options =
          SlabOptions.of(new CaseInsensitiveStringMap(Map.of("path", place.toString())));
      RowSchema schema = RowSchema.of(Written.rows(0, 1).schema(), index.describe());
      SlabBatchWrite overtaken = new SlabBatchWrite(options, schema, true, "query");
      overtaken.createBatchWriterFactory(() -> 1);
      index.namespace().upsert(VectorRecord.of("later", 1, 2, 3, 4));
      assertThrows(
          ConflictException.class, () -> overtaken.commit(new WriterCommitMessage[] {none()}));
      assertEquals(6, Written.records(place, "").size());
      SlabBatchWrite alone = new SlabBatchWrite(options, schema, true, "query");
      alone.createBatchWriterFactory(() -> 1);
      alone.commit(new WriterCommitMessage[] {none()});
      alone.commit(new WriterCommitMessage[] {none()});
    }
    assertEquals(Map.of(), Written.records(place, ""));
    assertEquals(
        List.of("create", "begin-append-1", "append-1", "bulk"), Written.operations(place));
    assertEquals(List.of(), Sessions.problems(place));
  }

  private static WriterCommitMessage none() {
    return new SlabCommitMessage(List.of(), 0);
  }

  @Test
  void theDefaultNamespaceHasOneSpellingInAJob() {
    Dataset<Row> rows = Written.rows(0, 40).selectExpr("id", "values", "'a' AS namespace");
    for (String second : List.of("''", "'__default__'")) {
      Dataset<Row> both =
          rows.selectExpr(
              "id",
              "values",
              "CASE WHEN id < 'r2' THEN null WHEN id < 'r3' THEN "
                  + second
                  + " ELSE 'a' END"
                  + " AS namespace");
      String message = failure(both);
      assertTrue(message.contains("null, '' and '__default__' are the same one"), message);
      assertEquals(Map.of(), Written.records(place, "a"), "no other was committed first");
      assertEquals(Map.of(), Written.records(place, ""));
    }
    write(rows.selectExpr("id", "values", "'__default__' AS namespace"), place, "append");
    assertEquals(40, Written.records(place, "").size());
  }

  /** Where the spellings come to two tasks the driver finds out, before it commits 'A'. */
  @Test
  void twoLoadsOfTheDefaultNamespaceAreRefusedBeforeAnyCommit() throws Exception {
    Dataset<Row> rows = Written.rows(0, 6).selectExpr("id", "values", "'A' AS namespace");
    SlabOptions options =
        SlabOptions.of(new CaseInsensitiveStringMap(Map.of("path", place.toString())));
    RowSchema schema;
    try (Index index = Index.open(place)) {
      schema = RowSchema.of(rows.schema(), index.describe());
    }
    SlabBatchWrite write = new SlabBatchWrite(options, schema, true, "query");
    var factory = write.createBatchWriterFactory(() -> 3);
    WriterCommitMessage[] messages = new WriterCommitMessage[3];
    List<String> names = List.of("'A'", "cast(null AS string)", "''");
    for (int task = 0; task < 3; task++) {
      Dataset<Row> named = rows.selectExpr("id", "values", names.get(task) + " AS namespace");
      try (var writer = factory.createWriter(task, task)) {
        for (var row : named.orderBy("id").queryExecution().executedPlan().executeCollect()) {
          writer.write(row);
        }
        messages[task] = writer.commit();
      }
    }
    assertThrows(InvalidInputException.class, () -> write.commit(messages));
    assertEquals(Map.of(), Written.records(place, "A"));
  }

  private String failure(Dataset<Row> rows) {
    Throwable e = assertThrows(Exception.class, () -> write(rows, place, "append"));
    StringBuilder all = new StringBuilder();
    for (; e != null; e = e.getCause()) {
      all.append(e).append('\n');
    }
    return all.toString();
  }

  @Test
  void allTasksSearchTheStateThatAnAgeWasWhenTheyWerePlanned() {
    write(Written.rows(0, 50), place, "append");
    try (Index index = Index.open(place)) {
      index.namespace().upsert(VectorRecord.of("in-the-log", 1, 1, 1, 1));
      Dataset<Row> query = Sessions.get().range(1).selectExpr("array(9f, -9f, -9f, 1f) AS values");
      Dataset<Row> joined =
          SlabKnn.join(query, Map.of("path", place.toString(), "as-of", "0s"), 51, null, 1);
      index.namespace().upsert(VectorRecord.of("later", 9, -9, -9, 1));
      index.namespace().flush();
      List<String> ids =
          joined.select("match_id").as(org.apache.spark.sql.Encoders.STRING()).collectAsList();
      assertEquals(51, ids.size());
      assertTrue(ids.contains("in-the-log"), ids.toString());
      assertFalse(ids.contains("later"), ids.toString());
    }
  }

  /** As a server has an index open, and answers from it. */
  @Test
  void anOpenIndexSeesAnAppendAndAnEarlierStateDoesNot() {
    write(Written.rows(0, 10), place, "append");
    try (Index open = Index.open(place)) {
      assertEquals(10, open.namespace().stats().records());
      open.namespace().history().createCheckpoint("before", null);
      write(Written.rows(5, 20), place, "append");
      assertEquals(20, open.namespace().stats().records());
      assertEquals("r15", open.namespace().query(Query.ofId("r15").topK(1)).getFirst().id());
      assertEquals(20, read(place).count());
      Dataset<Row> before =
          Sessions.get().read().format("slab").option("as-of", "before").load(place.toString());
      assertEquals(10, before.count());
    }
  }

  @Test
  void metadataBeyondTheLimitIsRefusedInAnAppendToo() {
    write(Written.rows(0, 10), place, "append");
    String message =
        failure(
            Written.rows(5, 8)
                .selectExpr("id", "values", "map('t', repeat('x', 41000)) AS metadata"));
    assertTrue(message.contains("exceeds the limit of 40960"), message);
    assertEquals(10, Written.records(place, "").size());
  }

  @Test
  void anIndexOfTextsIsWrittenAndRead() {
    Dataset<Row> rows =
        Sessions.get()
            .range(0, 30, 1, 2)
            .selectExpr(
                "concat('r', id) AS id",
                "array(float(id), 1f) AS values",
                "named_struct('body', concat('Mountains of word', id), 'n', id) AS metadata");
    for (boolean dense : new boolean[] {false, true}) {
      Path texts = folder.resolve("texts-" + dense);
      IndexSettings settings =
          dense
              ? IndexSettings.dense(2, Metric.COSINE).textIndex("body", "english")
              : IndexSettings.texts("body", "english");
      Index.create(texts, settings).close();
      Dataset<Row> fitting = dense ? rows : rows.drop("values");
      Dataset<Row> pairs =
          fitting.withColumn(
              "sparse_values",
              org.apache.spark.sql.functions.expr(
                  "named_struct('indices', array(1L), 'values', array(1f))"));
      assertThrows(InvalidInputException.class, () -> write(pairs, texts, "append"));
      write(fitting, texts, "append");
      try (Index index = Index.open(texts)) {
        assertEquals("r7", index.namespace().query(Query.text("word7").topK(1)).getFirst().id());
      }
      assertEquals(30, read(texts).collectAsList().size());
      Dataset<Row> found =
          Sessions.get()
              .read()
              .format("slab")
              .schema(
                  "id STRING, body STRING, n DOUBLE, sparse_values "
                      + Columns.PAIRS.catalogString())
              .load(texts.toString())
              .where("body = 'Mountains of word7' AND n < 20");
      Row one = found.first();
      assertEquals("r7", one.getString(0));
      assertTrue(one.isNullAt(3));
      write(read(texts), texts, "overwrite");
      assertEquals(List.of(), Sessions.problems(texts));
    }
  }

  @Test
  void numbersThatAreRoundedAreCounted() {
    Dataset<Row> rows =
        Sessions.get()
            .range(0, 4)
            .selectExpr(
                "string(id) AS id",
                "array(1f, 2f, 3f, 4f) AS values",
                "named_struct('exact', 9007199254740992L, 'large', 9007199254740992L + id, 'most',"
                    + " 9223372036854775807L, 'least', bigint('-9223372036854775808'), 'price',"
                    + " 1.10, 'part', 0.1234567890123456789) AS metadata");
    try (Index index = Index.open(place)) {
      RowDecoder decoder = new RowDecoder(RowSchema.of(rows.schema(), index.describe()));
      for (var row : rows.queryExecution().executedPlan().executeCollect()) {
        Metadata metadata = decoder.record(row).metadata();
        assertEquals(6, metadata.fields().size());
      }
      // Of 'large' those of rows 1 and 3, and 'most' and 'part' of all four.
      assertEquals(2 + 4 + 4, decoder.rounded());
    }
  }
}
