package io.slab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.model.Metric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code samples/spark.sql} statement by statement, as spark-sql does. */
class SqlSampleIT {
  private static final Path SAMPLE =
      Path.of(System.getProperty("slab.root", "."), "samples", "spark.sql");

  @TempDir Path folder;

  @Test
  void theSampleRuns() throws Exception {
    Path place = folder.resolve("stars");
    Index.create(place, IndexSettings.dense(3, Metric.COSINE)).close();
    SparkSession spark = Sessions.get();
    spark.conf().set("spark.stars", place.toString());
    List<List<Row>> answers = new ArrayList<>();
    for (String statement : Files.readString(SAMPLE).replaceAll("(?m)^--.*$", "").split(";\n")) {
      if (!statement.isBlank()) {
        List<Row> rows = spark.sql(statement.strip().replaceAll(";$", "")).collectAsList();
        if (!rows.isEmpty()) {
          answers.add(rows);
        }
      }
    }
    assertEquals(5, answers.size(), "questions");
    assertEquals(1000, answers.get(0).getFirst().getLong(0));
    assertEquals(7, answers.get(1).size());
    assertEquals(6, answers.get(2).size());
    assertEquals(answers.get(3), answers.get(2), "APPROX and EXACT of so few agree");
    assertTrue(answers.get(4).getFirst().getString(0).contains("SlabNearest"));
  }
}
