package io.slab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.IndexOptions;
import io.slab.IndexSettings;
import io.slab.Namespace;
import io.slab.model.Metric;
import io.slab.testkit.s3.S3Server;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The whole way over {@code s3://}: write, append, read, compact, search. */
class SlabS3IT {
  private final SparkSession spark = Sessions.get();
  private final String place = S3Server.newPlace().toString();

  private static void key(String property, String variable) {
    System.setProperty(property, S3Server.environment(S3Server.endpoint()).get(variable));
  }

  @AfterEach
  void forgetKeys() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  private Map<String, String> options() {
    Map<String, String> options = new HashMap<>();
    options.put("s3.endpoint", S3Server.endpoint().toString());
    options.put("s3.region", "us-east-1");
    return options;
  }

  private void write(Dataset<Row> rows) {
    rows.write().format("slab").options(options()).mode("append").save(place);
  }

  @Test
  void anIndexOnS3IsWrittenAppendedToReadAndSearched() {
    key("aws.accessKeyId", "AWS_ACCESS_KEY_ID");
    key("aws.secretAccessKey", "AWS_SECRET_ACCESS_KEY");
    IndexOptions store =
        IndexOptions.defaults()
            .withStore(Map.of("endpoint", S3Server.endpoint().toString(), "region", "us-east-1"));
    Index.create(place, IndexSettings.dense(4, Metric.COSINE), store).close();
    write(Written.rows(0, 200));
    write(Written.rows(150, 300));
    Dataset<Row> table = spark.read().format("slab").options(options()).load(place);
    assertEquals(300, table.count());
    assertEquals(300, table.select("id", "values").distinct().count());
    try (Index index = Index.open(place, store)) {
      Namespace namespace = index.namespace();
      assertEquals(300, namespace.stats().records());
      namespace.delete(List.of("r17"));
    }
    table.createOrReplaceTempView("remote");
    Dataset<Row> joined =
        spark.sql(
            "SELECT q.id AS asked, d.id AS found FROM (SELECT id, values FROM remote LIMIT 20) q"
                + " JOIN remote d APPROX NEAREST 1 BY SIMILARITY"
                + " vector_cosine_similarity(q.values, d.values)");
    assertTrue(joined.queryExecution().executedPlan().toString().contains("SlabNearest"));
    assertEquals(20, joined.where("asked = found").count());
    Map<String, String> compact = options();
    compact.put("path", place);
    assertEquals(1, Compact.run(spark, compact, io.slab.CompactionScope.ALL).committed());
    assertEquals(299, table.count());
  }
}
