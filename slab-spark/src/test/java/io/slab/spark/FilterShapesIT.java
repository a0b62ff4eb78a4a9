package io.slab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.IndexSettings;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random predicates give the same rows with and without what is pushed down: over fields that are
 * missing, and that hold a value of another type.
 */
class FilterShapesIT {
  private static final String SCHEMA =
      "id STRING, a DOUBLE, b STRING, c BOOLEAN, d DOUBLE, e STRING";

  @TempDir Path folder;
  private final SplittableRandom random = new SplittableRandom(Seeds.of(FilterShapesIT.class));

  private MetaValue value() {
    return switch (random.nextInt(6)) {
      case 0 -> new MetaValue.Num(random.nextInt(4));
      case 1 -> new MetaValue.Num(-0.0);
      case 2 -> new MetaValue.Str("s" + random.nextInt(4));
      case 3 -> new MetaValue.Bool(random.nextBoolean());
      case 4 -> new MetaValue.StrList(List.of("s" + random.nextInt(4), "s1"));
      default -> null;
    };
  }

  private void fill(Path place) {
    try (Index index = Index.create(place, IndexSettings.dense(1, Metric.EUCLIDEAN))) {
      List<VectorRecord> records = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        Map<String, MetaValue> fields = new HashMap<>();
        for (String name : List.of("a", "b", "c", "d", "e")) {
          MetaValue value = value();
          if (value != null) {
            fields.put(name, value);
          }
        }
        records.add(new VectorRecord("r" + i, new float[] {i}, null, Metadata.of(fields)));
        if (records.size() == 100) {
          index.namespace().upsert(records);
          records.clear();
          if (i < 200) {
            index.namespace().flush();
          }
        }
      }
    }
  }

  private String number() {
    return switch (random.nextInt(8)) {
      case 0 -> "0.0D";
      case 1 -> "-0.0D";
      case 2 -> "double('NaN')";
      case 3 -> "double('Infinity')";
      default -> random.nextInt(4) + ".0D";
    };
  }

  private String text() {
    return "'s" + random.nextInt(4) + "'";
  }

  private String operator() {
    return List.of("=", "<>", "<", "<=", ">", ">=", "<=>").get(random.nextInt(7));
  }

  private String shape(int depth) {
    String number = random.nextBoolean() ? "a" : "d";
    String text = random.nextBoolean() ? "b" : "e";
    return switch (random.nextInt(depth > 0 ? 13 : 9)) {
      case 0 -> number + " " + operator() + " " + number();
      case 1 -> number() + " " + operator() + " " + number;
      case 2 -> text + " " + operator() + " " + text();
      case 3 -> random.nextBoolean() ? "c" : "c = false";
      case 4 -> number + " IN (" + number() + ", " + number() + ", " + nullOr(number()) + ")";
      case 5 -> text + " NOT IN (" + text() + ", " + nullOr(text()) + ")";
      case 6 -> List.of("a", "b", "c").get(random.nextInt(3)) + " IS NULL";
      case 7 -> List.of("d", "e", "c").get(random.nextInt(3)) + " IS NOT NULL";
      case 8 -> random.nextBoolean() ? "a = d" : text + " LIKE 's%1'";
      case 9, 10 -> "(" + shape(depth - 1) + " AND " + shape(depth - 1) + ")";
      case 11 -> "(" + shape(depth - 1) + " OR " + shape(depth - 1) + ")";
      default -> "NOT (" + shape(depth - 1) + ")";
    };
  }

  private String nullOr(String literal) {
    return random.nextInt(4) == 0 ? "NULL" : literal;
  }

  @Test
  void everyShapeGivesWhatSparkAloneGives() {
    SparkSession spark = Sessions.get();
    Path place = folder.resolve("index");
    fill(place);
    Dataset<Row> table = spark.read().format("slab").schema(SCHEMA).load(place.toString());
    // What comes out of memory has nothing pushed down.
    Dataset<Row> plain = spark.createDataFrame(table.collectAsList(), table.schema());
    int pushed = 0;
    for (int i = 0; i < Breadth.of(20, 200); i++) {
      String where = shape(3);
      Dataset<Row> filtered = table.where(where).select("id");
      pushed += filtered.queryExecution().executedPlan().toString().contains("filter {") ? 1 : 0;
      assertEquals(ids(plain.where(where).select("id")), ids(filtered), where);
    }
    assertTrue(pushed > 5, "pushed down: " + pushed);
  }

  private static List<String> ids(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(row -> row.getString(0)).sorted().toList();
  }
}
