package io.slab.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.Namespace;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a table shows of a namespace that has slabs, dead rows and a log. */
class SlabReadIT {
  @TempDir static Path folder;
  private static Path place;
  private static SparkSession spark;

  private static VectorRecord record(int i) {
    Metadata fields =
        Metadata.EMPTY
            .with("year", 1900.0 + i)
            .with("kind", i % 2 == 0 ? "book" : "film")
            .with("seen", i % 3 == 0)
            .with("tags", List.of("t" + i % 5, "all"));
    SparseVector sparse =
        i % 4 == 0 ? null : new SparseVector(new int[] {i, -1}, new float[] {0.5f, i});
    return new VectorRecord("r%03d".formatted(i), new float[] {i, 1, -i}, sparse, fields);
  }

  @BeforeAll
  static void write() {
    spark = Sessions.get();
    place = folder.resolve("index");
    try (Index index = Index.create(place, IndexSettings.hybrid(3))) {
      Namespace namespace = index.namespace();
      for (int part = 0; part < 3; part++) {
        List<VectorRecord> records = new ArrayList<>();
        for (int i = 100 * part; i < 100 * part + 100; i++) {
          records.add(record(i));
        }
        namespace.upsert(records);
        if (part < 2) {
          namespace.flush();
        }
      }
      namespace.history().createCheckpoint("all", null);
      namespace.delete(List.of("r000", "r150", "r250"));
      namespace.upsert(VectorRecord.of("r001", 9, 9, 9));
    }
  }

  private static Dataset<Row> table() {
    return spark.read().format("slab").load(place.toString());
  }

  private static Dataset<Row> fields() {
    return spark
        .read()
        .format("slab")
        .schema("id STRING, year DOUBLE, kind STRING, seen BOOLEAN, tags ARRAY<STRING>")
        .load(place.toString());
  }

  @Test
  void everyRecordIsThereOnceWithAllItsParts() {
    List<Row> rows = table().orderBy("id").collectAsList();
    assertEquals(297, rows.size());
    Row replaced = rows.getFirst();
    assertEquals("r001", replaced.getString(0));
    assertArrayEquals(new Object[] {9f, 9f, 9f}, replaced.getList(1).toArray());
    assertTrue(replaced.isNullAt(2));
    assertEquals("{}", replaced.getString(3));
    Row other = rows.get(1);
    assertEquals("r002", other.getString(0));
    assertEquals(List.of(2L, 4294967295L), other.getStruct(2).getList(0));
    assertEquals(List.of(0.5f, 2f), other.getStruct(2).getList(1));
    assertEquals(
        "{\"kind\":\"book\",\"seen\":false,\"tags\":[\"t2\",\"all\"],\"year\":1902}",
        other.getString(3));
  }

  @Test
  void recordsAreCountedFromTheManifest() {
    Dataset<Row> count = table().groupBy().count();
    assertEquals(297, count.first().getLong(0));
    assertTrue(plan(count).contains("counted from manifest"), plan(count));
    assertEquals(297, table().count());
    assertEquals(149, fields().where("kind = 'film'").count(), "150 but for r001 without a kind");
  }

  private static String plan(Dataset<Row> frame) {
    return frame.queryExecution().executedPlan().toString();
  }

  @Test
  void aFilterOnAFieldLeavesOutSlabsAndRows() {
    Dataset<Row> late = fields().where("year >= 2150 AND kind = 'film'").select("id");
    assertTrue(plan(late).contains("1 of 3 slabs"), plan(late));
    assertEquals(25, late.count());
    assertEquals("r299", late.orderBy(late.col("id").desc()).first().getString(0));
  }

  @Test
  void whatIsMissingIsNullAsInSql() {
    assertEquals(1, fields().where("kind IS NULL").count());
    assertEquals(296, fields().where("kind IS NOT NULL").count());
    assertEquals(0, fields().where("NOT (kind = 'book' OR kind = 'film')").count());
    assertEquals(149, fields().where("kind <> 'book'").count());
  }

  @Test
  void largeSlabsAreReadInPieces() {
    Dataset<Row> pieces =
        spark.read().format("slab").option("split-bytes", "1000").load(place.toString());
    int partitions = pieces.rdd().getNumPartitions();
    assertTrue(partitions > 10, "partitions " + partitions);
    assertEquals(297, pieces.select("id").distinct().collectAsList().size());
  }

  @Test
  void aLimitStopsEachPartition() {
    assertEquals(7, table().limit(7).collectAsList().size());
    assertEquals(0, table().limit(0).collectAsList().size());
  }

  @Test
  void anEarlierStateIsReadByItsName() {
    Dataset<Row> then = spark.read().format("slab").option("as-of", "all").load(place.toString());
    assertEquals(300, then.count());
    assertEquals(300, then.collectAsList().size());
    assertThrows(
        NotFoundException.class,
        () -> spark.read().format("slab").option("as-of", "other").load(place.toString()).count());
  }

  @Test
  void aFieldThatCannotBeFilteredIsReadAll() {
    Path schema = folder.resolve("schema");
    try (Index index =
        Index.create(
            schema, IndexSettings.dense(1, Metric.EUCLIDEAN).withSchema(List.of("year")))) {
      index.namespace().upsert(record("a", "book", 1), record("b", "film", 2));
    }
    Dataset<Row> rows =
        spark
            .read()
            .format("slab")
            .schema("id STRING, kind STRING, year DOUBLE")
            .load(schema.toString())
            .where("kind = 'film' AND year > 0");
    assertEquals("b", rows.first().getString(0));
    assertTrue(plan(rows).contains("\"year\":{\"$gt\":0}"), plan(rows));
    assertFalse(plan(rows).contains("\"kind\""), plan(rows));
  }

  private static VectorRecord record(String id, String kind, double year) {
    Metadata fields = Metadata.EMPTY.with("kind", kind).with("year", year);
    return new VectorRecord(id, new float[] {1}, null, fields);
  }

  @Test
  void mistakesAreErrorsBeforeAJob() {
    assertThrows(
        NotFoundException.class,
        () -> spark.read().format("slab").load(folder.resolve("none").toString()));
    assertThrows(InvalidInputException.class, () -> spark.read().format("slab").load());
    InvalidInputException typo =
        assertThrows(
            InvalidInputException.class,
            () -> spark.read().format("slab").option("name-space", "a").load(place.toString()));
    assertTrue(typo.getMessage().contains("name-space"));
    InvalidInputException type =
        assertThrows(
            InvalidInputException.class,
            () ->
                spark
                    .read()
                    .format("slab")
                    .schema("id STRING, year BIGINT")
                    .load(place.toString())
                    .collectAsList());
    assertTrue(type.getMessage().contains("'year' cannot be read as bigint"), type.getMessage());
  }

  @Test
  void aTableOfSqlHasTheSameRows() {
    spark.sql(
        "CREATE TABLE notes (id STRING, year DOUBLE, kind STRING) USING slab OPTIONS (path '"
            + place
            + "')");
    try {
      assertEquals(297, spark.sql("SELECT count(*) FROM notes").first().getLong(0));
      Row row =
          spark.sql("SELECT kind, max(year) FROM notes GROUP BY kind ORDER BY kind DESC").first();
      assertEquals("film", row.getString(0));
      assertEquals(2199.0, row.getDouble(1));
    } finally {
      spark.sql("DROP TABLE notes");
    }
    assertEquals(297, table().count(), "dropping the table leaves the index");
  }

  @Test
  void onlyColumnsThatAreAskedForAreRead() {
    String plan = plan(table().select("id"));
    assertTrue(plan.contains("[id#") && !plan.contains("values#"), plan);
  }
}
