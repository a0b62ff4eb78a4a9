package io.slab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.Namespace;
import io.slab.error.InvalidInputException;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code APPROX NEAREST} is answered from the index, with what {@code EXACT NEAREST} of Spark
 * itself finds, and only where the two ask the same.
 */
class ApproxNearestIT {
  private static final int DIMENSION = 8;
  private static final SplittableRandom RANDOM =
      new SplittableRandom(Seeds.of(ApproxNearestIT.class));

  @TempDir static Path folder;
  private static SparkSession spark;

  private static float[] vector() {
    float[] values = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      values[i] = (float) (RANDOM.nextDouble() - 0.4);
    }
    return values;
  }

  /** Some records lack a field, and some have a value of another type in it. */
  private static Metadata fields(int i) {
    Map<String, MetaValue> fields = new HashMap<>();
    fields.put("n", new MetaValue.Num(i % 50));
    switch (i % 8) {
      case 0 -> {}
      case 1 -> fields.put("kind", new MetaValue.StrList(List.of("book", "map")));
      case 2 -> fields.put("kind", new MetaValue.Num(7));
      default -> fields.put("kind", new MetaValue.Str(i % 2 == 0 ? "book" : "film"));
    }
    return Metadata.of(fields);
  }

  private static Path index(Metric metric) {
    Path place = folder.resolve(metric.name());
    try (Index index = Index.create(place, IndexSettings.dense(DIMENSION, metric))) {
      Namespace namespace = index.namespace();
      for (int part = 0; part < 4; part++) {
        List<VectorRecord> records = new ArrayList<>();
        for (int i = 150 * part; i < 150 * part + 150; i++) {
          records.add(new VectorRecord("r%03d".formatted(i), vector(), null, fields(i)));
        }
        namespace.upsert(records);
        if (part < 3) {
          namespace.flush();
        }
      }
      namespace.delete(List.of("r007", "r211", "r555"));
    }
    return place;
  }

  @BeforeAll
  static void fill() {
    spark = Sessions.get();
    for (Metric metric : Metric.values()) {
      view(metric.name().toLowerCase(java.util.Locale.ROOT), index(metric), Map.of());
    }
    List<Row> queries = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      List<Float> values = new ArrayList<>();
      for (float value : vector()) {
        values.add(value);
      }
      queries.add(org.apache.spark.sql.RowFactory.create("q" + i, values));
    }
    spark
        .createDataFrame(
            queries, org.apache.spark.sql.types.StructType.fromDDL("id STRING, v ARRAY<FLOAT>"))
        .createOrReplaceTempView("q");
  }

  private static void view(String name, Path place, Map<String, String> options) {
    spark
        .read()
        .format("slab")
        .options(options)
        .schema("id STRING, values ARRAY<FLOAT>, metadata STRING, kind STRING, n DOUBLE")
        .load(place.toString())
        .createOrReplaceTempView(name);
  }

  @AfterEach
  void reset() {
    spark.conf().unset(NearestRule.ENABLED);
    spark.conf().unset(NearestRule.RECALL);
  }

  private static String join(String kind, String right, String how, int k, String ranking) {
    return "SELECT q.id AS query, d.* FROM q %s JOIN %s d %s NEAREST %d BY %s"
        .formatted(kind, right, how, k, ranking);
  }

  private static final String COSINE = "SIMILARITY vector_cosine_similarity(q.v, d.values)";
  private static final String EUCLIDEAN = "DISTANCE vector_l2_distance(d.values, q.v)";
  private static final String DOT = "SIMILARITY vector_inner_product(q.v, d.values)";

  private static boolean isSearched(Dataset<Row> rows) {
    return rows.queryExecution().executedPlan().toString().contains("SlabNearest");
  }

  /** Each row as text, in the order of the query and the id. */
  private static List<String> rows(Dataset<Row> rows) {
    assertEquals(rows.schema(), rows.queryExecution().analyzed().schema());
    return rows.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  private static void assertSame(String sqlOfBoth) {
    Dataset<Row> approx = spark.sql(sqlOfBoth.replace("HOW", "APPROX"));
    Dataset<Row> exact = spark.sql(sqlOfBoth.replace("HOW", "EXACT"));
    assertTrue(isSearched(approx), () -> sqlOfBoth + approx.queryExecution());
    assertFalse(isSearched(exact), () -> "EXACT was rewritten: " + exact.queryExecution());
    assertEquals(rows(exact), rows(approx), sqlOfBoth);
  }

  @Test
  void everyMetricFindsWhatExactFinds() {
    spark.conf().set(NearestRule.RECALL, "1");
    assertSame(join("", "cosine", "HOW", 5, COSINE));
    assertSame(join("", "euclidean", "HOW", 5, EUCLIDEAN));
    assertSame(join("LEFT OUTER", "dotproduct", "HOW", 5, DOT));
    Dataset<Row> one = spark.sql(join("", "cosine", "APPROX", 1, COSINE));
    assertTrue(one.queryExecution().toString().contains("k 1, recall 1.0"), "explained");
    assertEquals(12, one.count());
  }

  /** Lists that have 'book' match a search for it, and are NULL in a column of strings. */
  @Test
  void filtersHaveTheMeaningOfSql() {
    spark.conf().set(NearestRule.RECALL, "1");
    for (String where :
        List.of(
            "kind = 'book'",
            "kind <> 'book' AND n < 40",
            "NOT (kind = 'book' OR n >= 25)",
            "kind IN ('film', NULL) OR n = 3",
            "kind IS NOT NULL",
            "kind NOT IN ('book', 'x')",
            "n < 0")) {
      String right = "(SELECT id AS ident, values, n FROM euclidean WHERE " + where + ")";
      assertSame(join("LEFT OUTER", right, "HOW", 7, EUCLIDEAN));
    }
  }

  private String shape(int depth) {
    return switch (RANDOM.nextInt(depth > 0 ? 9 : 6)) {
      case 0 -> "kind " + List.of("=", "<>", "<=>").get(RANDOM.nextInt(3)) + " 'book'";
      case 1 -> "n " + List.of("=", "<>", "<", ">=").get(RANDOM.nextInt(4)) + RANDOM.nextInt(50);
      case 2 -> "kind IN ('book', 'film', NULL)";
      case 3 -> "kind NOT IN ('film', 'x')";
      case 4 -> "kind IS NOT NULL";
      case 5 -> "n > 1e300";
      case 6 -> "(" + shape(depth - 1) + " AND " + shape(depth - 1) + ")";
      case 7 -> "(" + shape(depth - 1) + " OR " + shape(depth - 1) + ")";
      default -> "NOT (" + shape(depth - 1) + ")";
    };
  }

  /** Whether it fires or not, the rows are those of {@code EXACT}. */
  @Test
  void randomFiltersGiveTheSameRows() {
    spark.conf().set(NearestRule.RECALL, "1");
    int searched = 0;
    for (int i = 0; i < Breadth.of(4, 100); i++) {
      String right = "(SELECT id, values FROM cosine WHERE " + shape(2) + ")";
      String sql = join("", right, "APPROX", 6, COSINE);
      Dataset<Row> approx = spark.sql(sql);
      searched += isSearched(approx) ? 1 : 0;
      assertEquals(rows(spark.sql(sql.replace("APPROX", "EXACT"))), rows(approx), sql);
    }
    assertTrue(searched > 0, "no filter went to the index");
  }

  @Test
  void joinsThatAskForSomethingElseAreLeftToSpark() {
    for (String sql :
        List.of(
            join("", "cosine", "EXACT", 3, COSINE),
            join("", "cosine", "APPROX", 3, EUCLIDEAN),
            join("", "euclidean", "APPROX", 3, "SIMILARITY vector_l2_distance(d.values, q.v)"),
            join("", "cosine", "APPROX", 20_000, COSINE),
            join("", "cosine", "APPROX", 3, "SIMILARITY vector_cosine_similarity(q.v, q.v)"),
            join("", "(SELECT * FROM cosine WHERE kind IS NULL)", "APPROX", 3, COSINE),
            join("", "(SELECT * FROM cosine WHERE kind LIKE '%oo%')", "APPROX", 3, COSINE),
            join("", "(SELECT * FROM cosine WHERE id < 'r300' AND n < 9)", "APPROX", 3, COSINE),
            join("", "(SELECT * FROM cosine LIMIT 100)", "APPROX", 3, COSINE),
            join("", "(SELECT *, upper(kind) AS up FROM cosine)", "APPROX", 3, COSINE),
            join(
                "",
                "(SELECT id, transform(values, x -> -x) AS values FROM cosine)",
                "APPROX",
                3,
                COSINE),
            join("", "q", "APPROX", 3, COSINE.replace("d.values", "d.v")))) {
      assertFalse(isSearched(spark.sql(sql)), sql);
    }
    String usual = join("", "cosine", "APPROX", 3, COSINE);
    assertTrue(isSearched(spark.sql(usual)));
    spark.conf().set(NearestRule.ENABLED, "false");
    assertFalse(isSearched(spark.sql(usual)));
  }

  /** A vector of its own, NULL, with a NULL, or without a direction; of a wrong length an error. */
  @Test
  void queriesWithoutAVectorHaveNoMatch() {
    String queries =
        "(SELECT * FROM VALUES ('null', NULL), ('hole', array(1f, NULL, 1f, 1f, 1f, 1f, 1f, 1f)), ('zero',"
            + " array_repeat(0f, 8)), ('one', array_repeat(1f, 8)) AS t(id, v))";
    for (String kind : List.of("LEFT OUTER", "INNER")) {
      for (String[] of : new String[][] {{"cosine", COSINE}, {"euclidean", EUCLIDEAN}}) {
        spark.conf().set(NearestRule.RECALL, "1");
        assertSame(
            "SELECT q.id, d.id, d.kind FROM %s q %s JOIN %s d HOW NEAREST 2 BY %s"
                .formatted(
                    queries, kind, of[0], of[1].replace("q.v", "transform(q.v, x -> x * 2f)")));
      }
    }
    Dataset<Row> wrong =
        spark.sql(
            "SELECT * FROM (SELECT array(1f) AS v) q JOIN cosine d APPROX NEAREST 1 BY " + COSINE);
    assertThrows(Exception.class, wrong::collectAsList);
  }

  /** One state, however the slabs are divided; the shares together find all. */
  @Test
  void slabsThatAreDividedGiveTheSameMatches() {
    for (Metric metric : Metric.values()) {
      view("divided", folder.resolve(metric.name()), Map.of("search-bytes", "4000"));
      spark.conf().set(NearestRule.RECALL, "1");
      String ranking =
          metric == Metric.COSINE ? COSINE : metric == Metric.EUCLIDEAN ? EUCLIDEAN : DOT;
      String sql = join("LEFT OUTER", "divided", "HOW", 9, ranking);
      assertTrue(
          spark.sql(sql.replace("HOW", "APPROX")).queryExecution().toString().contains("3 shares"));
      assertSame(sql);
      assertSame(
          join("LEFT OUTER", "(SELECT id, values FROM divided WHERE n < 0)", "HOW", 9, ranking));
      sameAsWhole(folder.resolve(metric.name()));
    }
  }

  /** By the method: scores bit by bit, ranks and ids. */
  private void sameAsWhole(Path place) {
    Dataset<Row> queries = spark.sql("SELECT id AS values2, v AS values, 7 AS id FROM q");
    List<List<Row>> answers = new ArrayList<>();
    for (String bytes : List.of("4000", "1000000")) {
      Map<String, String> options = Map.of("path", place.toString(), "search-bytes", bytes);
      Dataset<Row> joined = SlabKnn.join(queries, options, 9, "{\"n\":{\"$lt\":30}}", 1);
      assertEquals(bytes.equals("4000"), joined.queryExecution().toString().contains("3 shares"));
      answers.add(joined.orderBy("values2", "match_rank").collectAsList());
    }
    assertEquals(12 * 9, answers.getFirst().size());
    assertEquals(answers.get(1), answers.get(0));
  }

  @Test
  void anEarlierStateIsSearchedAndAllTasksSearchTheSame() {
    Path place = folder.resolve("states");
    try (Index index = Index.create(place, IndexSettings.dense(DIMENSION, Metric.EUCLIDEAN))) {
      index.namespace().upsert(new VectorRecord("old", vector(), null, Metadata.EMPTY));
      index.namespace().history().createCheckpoint("then", null);
      view("then", place, Map.of("as-of", "then"));
      view("now", place, Map.of());
      Dataset<Row> planned = spark.sql(join("", "now", "APPROX", 5, EUCLIDEAN));
      assertTrue(isSearched(planned));
      index.namespace().upsert(new VectorRecord("new", vector(), null, Metadata.EMPTY));
      assertEquals(12, planned.collectAsList().size(), "of the state when it was planned");
      assertEquals(24, spark.sql(join("", "now", "APPROX", 5, EUCLIDEAN)).count());
      assertEquals(12, spark.sql(join("", "then", "APPROX", 5, EUCLIDEAN)).count());
      Dataset<Row> cached = spark.table("now").cache();
      cached.count();
      index.namespace().upsert(new VectorRecord("third", vector(), null, Metadata.EMPTY));
      assertFalse(isSearched(spark.sql(join("", "now", "APPROX", 5, EUCLIDEAN))), "it is cached");
      cached.unpersist(true);
    }
  }

  /** As for every other answer that Spark keeps. */
  @Test
  void aCachedAnswerIsMadeAnewWhenSparkWritesToTheTable() {
    Path place = folder.resolve("kept");
    try (Index index = Index.create(place, IndexSettings.dense(DIMENSION, Metric.EUCLIDEAN))) {
      index.namespace().upsert(new VectorRecord("old", vector(), null, Metadata.EMPTY));
    }
    spark.sql(
        "CREATE TABLE kept (id STRING, values ARRAY<FLOAT>) USING slab OPTIONS (path '"
            + place
            + "')");
    try {
      Dataset<Row> exact = spark.sql(join("", "kept", "EXACT", 5, EUCLIDEAN)).cache();
      Dataset<Row> approx = spark.sql(join("", "kept", "APPROX", 5, EUCLIDEAN)).cache();
      assertEquals(12, approx.count());
      assertEquals(12, exact.count());
      spark.sql("INSERT INTO kept SELECT 'new' AS id, v AS values FROM q LIMIT 1");
      List<Long> both = new ArrayList<>();
      for (String how : List.of("EXACT", "APPROX")) {
        both.add(spark.sql(join("", "kept", how, 5, EUCLIDEAN)).count());
      }
      assertEquals(List.of(24L, 24L), both);
      assertEquals(List.of(24L, 24L), List.of(exact.toDF().count(), approx.toDF().count()));
      exact.unpersist(true);
      approx.unpersist(true);
    } finally {
      spark.sql("DROP TABLE kept");
    }
  }

  /** Slabs with approximate indexes, searched whole and in shares, below recall 1. */
  @Test
  void aLowerRecallIsKept() {
    Path place = folder.resolve("large");
    try (Index index = Index.create(place, IndexSettings.dense(DIMENSION, Metric.EUCLIDEAN))) {
      for (int batch = 0; batch < 15; batch++) {
        List<VectorRecord> records = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
          records.add(new VectorRecord("r" + batch + "-" + i, vector(), null, Metadata.EMPTY));
        }
        index.namespace().upsert(records);
        if (batch % 5 == 4) {
          index.namespace().flush();
        }
      }
    }
    spark.conf().set(NearestRule.RECALL, "0.8");
    view("whole", place, Map.of());
    view("shared", place, Map.of("search-bytes", "1000"));
    String all = "(SELECT id, values FROM whole)";
    List<String> exact = rows(spark.sql(join("", all, "EXACT", 20, EUCLIDEAN)));
    for (String right : List.of("whole", "shared")) {
      Dataset<Row> answer =
          spark.sql(join("", "(SELECT id, values FROM " + right + ")", "APPROX", 20, EUCLIDEAN));
      assertEquals(right.equals("shared"), answer.queryExecution().toString().contains("3 shares"));
      List<String> found = new ArrayList<>(rows(answer));
      assertEquals(exact.size(), found.size());
      found.retainAll(exact);
      assertTrue(found.size() >= 0.8 * exact.size(), right + " " + found.size());
    }
  }

  @Test
  void columnsThatNothingAsksForAreNotRead() {
    Dataset<Row> few =
        spark.sql(
            "SELECT q.id, d.id FROM q JOIN cosine d APPROX NEAREST 2 BY "
                + COSINE
                + " WHERE d.n > 3");
    String plan = few.queryExecution().executedPlan().toString();
    assertTrue(plan.matches("(?s).*SlabNearest .* -> \\[id#\\d+, n#\\d+\\].*"), plan);
    assertTrue(few.collectAsList().size() > 12);
    Dataset<Row> matches = few.toDF("query", "match");
    assertEquals(
        matches.count(),
        matches.as("a").join(matches.as("b"), "query").groupBy("query", "a.match").count().count());
  }

  @Test
  void aRecallThatIsNoneIsRefused() {
    spark.conf().set(NearestRule.RECALL, "95");
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class,
            () -> rows(spark.sql(join("", "cosine", "APPROX", 2, COSINE))));
    assertTrue(e.getMessage().contains(NearestRule.RECALL), e.getMessage());
  }
}
