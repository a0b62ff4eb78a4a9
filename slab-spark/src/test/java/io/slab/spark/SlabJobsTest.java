package io.slab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.CompactionScope;
import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.Match;
import io.slab.Namespace;
import io.slab.Query;
import io.slab.error.InvalidInputException;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compactions and searches of many queries as jobs. */
class SlabJobsTest {
  @TempDir Path folder;
  private Path place;
  private final SparkSession spark = Sessions.get();

  @BeforeEach
  void fill() {
    place = folder.resolve("index");
    try (Index index = Index.create(place, IndexSettings.dense(3, Metric.COSINE))) {
      Namespace namespace = index.namespace();
      for (int part = 0; part < 6; part++) {
        List<VectorRecord> records = new ArrayList<>();
        for (int i = 50 * part; i < 50 * part + 50; i++) {
          records.add(
              new VectorRecord(
                  "r" + i,
                  new float[] {(float) Math.sin(i), (float) Math.cos(i), 0.5f},
                  null,
                  Metadata.EMPTY.with("part", part)));
        }
        namespace.upsert(records);
        namespace.flush();
      }
      namespace.delete(List.of("r1", "r99"));
      namespace.flush();
    }
  }

  private int slabs() {
    try (Index index = Index.open(place)) {
      assertEquals(298, index.namespace().stats().records());
      return index.namespace().stats().slabs();
    }
  }

  @Test
  void compactionsRunAsTasksAndCommitThemselves() {
    Map<String, String> options = Map.of("path", place.toString());
    assertEquals(6, slabs());
    assertEquals(
        new Compact.Result(0, 0), Compact.run(spark, options, CompactionScope.OUTDATED), "none is");
    try (Index index = Index.open(place)) {
      index.namespace().configure(Map.of("level0Slabs", 2L, "compactInputs", 2L));
    }
    Compact.Result due = Compact.run(spark, options, CompactionScope.DUE);
    assertTrue(due.committed() >= 3, due.toString());
    assertTrue(slabs() <= 3, "slabs " + slabs());
    assertEquals(1, Compact.run(spark, options, CompactionScope.ALL).committed());
    assertEquals(1, slabs());
    assertEquals(List.of(), Sessions.problems(place));
  }

  @Test
  void eachQueryIsJoinedWithItsNearestRecords() {
    Dataset<Row> queries =
        spark
            .range(0, 40, 1, 3)
            .selectExpr(
                "id AS q", "array(float(sin(id * 0.7)), float(cos(id)), float(0)) AS values");
    String filter = "{\"part\":{\"$lt\":4}}";
    List<Row> joined =
        SlabKnn.join(queries, place.toString(), 5, filter, 1)
            .orderBy("q", "match_rank")
            .collectAsList();
    assertEquals(200, joined.size());
    try (Index index = Index.open(place)) {
      List<Row> asked = queries.orderBy("q").collectAsList();
      for (int i = 0; i < asked.size(); i++) {
        List<Float> values = asked.get(i).getList(1);
        float[] vector = {values.get(0), values.get(1), values.get(2)};
        List<Match> matches =
            index.namespace().query(Query.of(vector).topK(5).filter(filter).exact());
        for (int rank = 0; rank < 5; rank++) {
          Row row = joined.get(5 * i + rank);
          assertEquals(matches.get(rank).id(), row.getString(2));
          assertEquals(
              Float.floatToRawIntBits(matches.get(rank).score()),
              Float.floatToRawIntBits(row.getFloat(3)));
          assertEquals(rank + 1, row.getInt(4));
        }
      }
    }
  }

  @Test
  void searchesThatCannotBeAreRefusedBeforeAJob() {
    Dataset<Row> queries = spark.range(3).selectExpr("array(1.0f, 2.0f, 3.0f) AS values");
    String at = place.toString();
    assertThrows(InvalidInputException.class, () -> SlabKnn.join(queries, at, 0, null, 1));
    assertThrows(InvalidInputException.class, () -> SlabKnn.join(queries, at, 1, null, 0));
    assertThrows(InvalidInputException.class, () -> SlabKnn.join(queries, at, 1, "{", 1));
    assertThrows(
        InvalidInputException.class, () -> SlabKnn.join(spark.range(3).toDF(), at, 1, null, 1));
  }

  /** Vectors and metadata of matches are in memory too. */
  @Test
  void largeMatchesAreAnsweredInSmallBatches() {
    NearestSearch search =
        new NearestSearch(null, null, 1_000, null, 0.95, 1, NearestSearch.Rules.plain(false));
    KnnTask task = new KnnTask(search, null);
    assertEquals(671, task.batch(100));
    assertEquals(10, task.batch(100 + 4 * 1_536));
    assertEquals(1, task.batch(1 << 20));
  }
}
