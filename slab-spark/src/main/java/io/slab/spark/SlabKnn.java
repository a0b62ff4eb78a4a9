package io.slab.spark;

import io.slab.Index;
import io.slab.IndexDescription;
import io.slab.Snapshot;
import io.slab.error.InvalidInputException;
import io.slab.model.Limits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The nearest records of many queries: every task opens the index and answers its queries in
 * batches. All tasks search one state of the namespace.
 */
public final class SlabKnn {
  /** Columns that the answer has beside those of the queries. */
  public static final String MATCH_ID = "match_id";

  /** Of {@link #MATCH_ID}: as {@link io.slab.Match#score}. */
  public static final String MATCH_SCORE = "match_score";

  /** Of {@link #MATCH_ID}: its place among the answers of its query, from 1. */
  public static final String MATCH_RANK = "match_rank";

  private SlabKnn() {}

  /**
   * Joins queries with their nearest records; a query with fewer than {@code k} matches has fewer
   * rows.
   *
   * @param queries rows with a column {@code values}, array&lt;float&gt; or array&lt;double&gt;,
   *     and any others
   * @param place of the index
   * @param k how many, 1 to 10,000
   * @param filter JSON of the filter language, or null
   * @param recall share of the true answers to aim at, above 0 to 1
   * @return the columns of the queries, and {@link #MATCH_ID}, {@link #MATCH_SCORE} and {@link
   *     #MATCH_RANK}
   * @throws InvalidInputException when the queries do not fit the index, before a job starts; a
   *     query that does not fit ends the job
   */
  public static Dataset<Row> join(
      Dataset<Row> queries, String place, int k, String filter, double recall) {
    return join(queries, Map.of(SlabOptions.PATH, place), k, filter, recall);
  }

  /**
   * The same with options of a table: {@code path}, {@code namespace}, {@code as-of}, {@code
   * s3.NAME}.
   */
  public static Dataset<Row> join(
      Dataset<Row> queries, Map<String, String> options, int k, String filter, double recall) {
    SlabOptions of = SlabOptions.of(new CaseInsensitiveStringMap(options));
    StructType schema = queries.schema();
    if (k < 1 || k > Limits.MAX_TOP_K || !(recall > 0 && recall <= 1)) {
      throw new InvalidInputException(
          "k is " + k + " and recall " + recall,
          "k is 1 to " + Limits.MAX_TOP_K + ", recall above 0 and at most 1");
    }
    Map<String, String> pinned = new HashMap<>(of.values());
    try (Index index = of.open(1);
        Snapshot snapshot = of.snapshot(index)) {
      check(schema, index.describe());
      snapshot.parts(filter);
      if (snapshot.exists()) {
        pinned.put(SlabOptions.AS_OF, state(of, index, snapshot));
      }
    }
    StructType answer =
        schema
            .add(MATCH_ID, DataTypes.StringType, false)
            .add(MATCH_SCORE, DataTypes.FloatType, false)
            .add(MATCH_RANK, DataTypes.IntegerType, false);
    int column = List.of(schema.fieldNames()).indexOf(Columns.VALUES);
    KnnTask task = new KnnTask(new SlabOptions(pinned), column, k, filter, recall);
    MapPartitionsFunction<Row, Row> work = task::answer;
    return queries.mapPartitions(work, Encoders.row(answer));
  }

  /** A name of the state that stays the same: an age, as 2h, each task would take at its time. */
  private static String state(SlabOptions of, Index index, Snapshot snapshot) {
    String lsn = "lsn:" + snapshot.lsn();
    if (of.asOf() == null) {
      return lsn;
    }
    // That of a checkpoint may be the only manifest of its time, which an LSN does not find.
    String manifest = "manifest:" + snapshot.stats().manifest();
    try (Snapshot whole = of.namespace(index).history().snapshot(manifest)) {
      return whole.lsn() == snapshot.lsn() ? manifest : lsn;
    }
  }

  private static void check(StructType schema, IndexDescription index) {
    if (!index.vectorType().hasDense()) {
      throw new InvalidInputException(
          "the index has no dense vectors, so that it cannot be joined");
    }
    List<String> names = List.of(schema.fieldNames());
    int at = names.indexOf(Columns.VALUES);
    if (at < 0 || !RowSchema.isFloats(schema.fields()[at].dataType())) {
      throw new InvalidInputException(
          "the queries have no column 'values' of array<float> or array<double>",
          "rename the column with the vectors");
    }
    for (String name : List.of(MATCH_ID, MATCH_SCORE, MATCH_RANK)) {
      if (names.contains(name)) {
        throw new InvalidInputException("the queries have a column '" + name + "'", "rename it");
      }
    }
  }
}
