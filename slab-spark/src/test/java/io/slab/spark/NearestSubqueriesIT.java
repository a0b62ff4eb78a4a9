package io.slab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code APPROX NEAREST} in table expressions and subqueries, with columns of the query around it
 * and without: it is answered from the index or left to Spark, and has the rows of {@code EXACT}.
 */
class NearestSubqueriesIT {
  private static final int ROWS = 60;
  private static final String JOIN = " i JOIN d HOW NEAREST 2 BY ";
  private static final String RANKING = "SIMILARITY vector_cosine_similarity(i.v, d.values)";

  @TempDir Path folder;
  private final SplittableRandom random = new SplittableRandom(Seeds.of(NearestSubqueriesIT.class));
  private SparkSession spark;

  @BeforeEach
  void fill() {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      float[] values = new float[4];
      for (int d = 0; d < 4; d++) {
        values[d] = (float) random.nextDouble() - 0.5f;
      }
      Metadata fields = Metadata.of(Map.of("n", new MetaValue.Num(i % 10)));
      records.add(new VectorRecord("r%02d".formatted(i), values, null, fields));
    }
    Path place = folder.resolve("index");
    try (Index index = Index.create(place, IndexSettings.dense(4, Metric.COSINE))) {
      index.namespace().upsert(records);
    }
    spark = Sessions.get();
    spark
        .read()
        .format("slab")
        .schema("id STRING, values ARRAY<FLOAT>, n DOUBLE")
        .load(place.toString())
        .createOrReplaceTempView("d");
    spark
        .range(0, 6, 1, 1)
        .selectExpr(
            "concat('q', id) AS id",
            "double(id) AS n",
            "array(float(sin(id)), float(cos(id)), float(id / 6), 0.3f) AS v")
        .createOrReplaceTempView("q");
    spark.conf().set(NearestRule.RECALL, "1");
  }

  @AfterEach
  void reset() {
    spark.conf().unset(NearestRule.RECALL);
  }

  private static List<String> rows(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  /** Both with the same rows, or both refused. */
  private void assertSame(boolean isSearched, String sql) {
    String approx = sql.replace("HOW", "APPROX");
    List<String> exact;
    try {
      exact = rows(spark.sql(sql.replace("HOW", "EXACT")));
    } catch (Exception e) {
      // Scala does not say what it throws.
      assertInstanceOf(AnalysisException.class, e, sql);
      assertFalse(isSearched, e.getMessage());
      assertThrows(AnalysisException.class, () -> rows(spark.sql(approx)), approx);
      return;
    }
    Dataset<Row> answer = spark.sql(approx);
    assertEquals(exact, rows(answer), approx);
    assertFalse(exact.isEmpty(), approx);
    String plan = answer.queryExecution().optimizedPlan().toString();
    assertEquals(isSearched, plan.contains("SlabNearest"), () -> approx + "\n" + plan);
  }

  @Test
  void tableExpressions() {
    assertSame(
        true,
        "WITH few AS (SELECT * FROM q WHERE n < 4) SELECT i.id, d.id FROM few" + JOIN + RANKING);
    assertSame(
        true,
        "WITH m AS (SELECT i.id AS query, d.id AS match FROM q"
            + JOIN
            + RANKING
            + ") SELECT a.query, b.match FROM m a JOIN m b ON a.query = b.query");
    String near = "WITH near AS (SELECT id, values FROM d WHERE n < 4) SELECT i.id, d.id";
    assertSame(false, near + " FROM q i JOIN near d HOW NEAREST 2 BY " + RANKING);
    assertSame(
        false,
        near + ", (SELECT count(*) FROM near) FROM q i JOIN near d HOW NEAREST 2 BY " + RANKING);
  }

  @Test
  void subqueriesThatStandAlone() {
    assertSame(true, "SELECT id, (SELECT max(d.id) FROM q" + JOIN + RANKING + ") FROM q");
    assertSame(true, "SELECT id, n FROM d WHERE id IN (SELECT d.id FROM q" + JOIN + RANKING + ")");
    assertSame(
        false,
        "SELECT i.id, d.id FROM q i JOIN (SELECT * FROM d WHERE n < (SELECT avg(n) FROM d)) d"
            + " HOW NEAREST 2 BY "
            + RANKING);
  }

  @Test
  void subqueriesUnderAConditionOfTheQueryAround() {
    assertSame(
        true,
        "SELECT o.id, (SELECT max(d.id) FROM q" + JOIN + RANKING + " WHERE i.id = o.id) FROM q o");
    assertSame(
        true,
        "SELECT o.id FROM q o WHERE EXISTS (SELECT 1 FROM q"
            + JOIN
            + RANKING
            + " WHERE i.id = o.id AND d.n > o.n)");
  }

  /** Spark has to make a join of the subquery before it can be searched. */
  @Test
  void subqueriesWithColumnsOfTheQueryAroundIn() {
    String of = "SELECT o.id, (SELECT max(d.id) FROM ";
    assertSame(false, of + "(SELECT * FROM q WHERE q.id = o.id)" + JOIN + RANKING + ") FROM q o");
    assertSame(
        false,
        of
            + "q i JOIN (SELECT * FROM d WHERE d.n <= o.n) d HOW NEAREST 2 BY "
            + RANKING
            + ") FROM q o");
    assertSame(
        false,
        of
            + "q"
            + JOIN
            + RANKING.replace("i.v", "transform(i.v, x -> x + float(o.n))")
            + ") FROM q o");
    assertSame(
        false,
        "SELECT o.id, m.id FROM q o, LATERAL (SELECT d.id FROM (SELECT o.v AS v)"
            + JOIN
            + RANKING
            + ") m");
  }
}
