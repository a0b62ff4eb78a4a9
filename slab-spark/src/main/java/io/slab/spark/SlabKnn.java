package io.slab.spark;

import io.slab.Index;
import io.slab.IndexDescription;
import io.slab.Snapshot;
import io.slab.error.InvalidInputException;
import io.slab.model.Limits;
import io.slab.model.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The nearest records of many queries: every task opens the index and answers its queries in
 * batches, from all slabs or, in an index of more bytes than {@code search-bytes}, from a share of
 * them. All tasks search one state of the namespace.
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
   * s3.NAME}, {@code search-bytes}.
   */
  public static Dataset<Row> join(
      Dataset<Row> queries, Map<String, String> options, int k, String filter, double recall) {
    SlabOptions asked = SlabOptions.of(new CaseInsensitiveStringMap(options));
    if (k < 1 || k > Limits.MAX_TOP_K) {
      throw new InvalidInputException("k is " + k, "k is 1 to " + Limits.MAX_TOP_K);
    }
    requireRecall("recall", Double.toString(recall));
    check(queries.schema());
    try (Index index = asked.open(1);
        Snapshot snapshot = asked.snapshot(index)) {
      IndexDescription description = index.describe();
      if (!description.vectorType().hasDense()) {
        throw new InvalidInputException(
            "the index has no dense vectors, so that it cannot be joined");
      }
      snapshot.parts(filter);
      NearestSearch search =
          new NearestSearch(
              NearestSearch.pinned(asked, index, snapshot),
              asked,
              k,
              filter,
              recall,
              NearestSearch.shares(asked, snapshot),
              NearestSearch.Rules.plain(description.metric() == Metric.EUCLIDEAN));
      return joined((org.apache.spark.sql.classic.Dataset<Row>) queries, search);
    }
  }

  private static Dataset<Row> joined(
      org.apache.spark.sql.classic.Dataset<Row> queries, NearestSearch search) {
    LogicalPlan plan = queries.logicalPlan();
    int vector = List.of(queries.columns()).indexOf(Columns.VALUES);
    List<Attribute> matched =
        List.of(
            Plans.column(MATCH_ID, DataTypes.StringType, false),
            Plans.column(MATCH_SCORE, DataTypes.FloatType, false),
            Plans.column(MATCH_RANK, DataTypes.IntegerType, false));
    List<String> columns = List.of(Columns.ID, MatchColumns.SCORE, MatchColumns.RANK);
    LogicalPlan join =
        NearestPlan.of(
            queries.sparkSession(),
            plan,
            List.of(),
            plan.output().apply(vector),
            matched,
            columns,
            search,
            List.of());
    List<NamedExpression> output = new ArrayList<>();
    for (Attribute column : CollectionConverters.asJava(join.output())) {
      // New names for new columns, so that the answer can be joined with itself.
      boolean isNew = matched.stream().anyMatch(one -> one.exprId().equals(column.exprId()));
      output.add(isNew ? Plans.alias(column, column.name()) : column);
    }
    return org.apache.spark.sql.classic.Dataset.ofRows(
        queries.sparkSession(), new Project(Plans.seq(output), join));
  }

  /** Reads a recall; refuses what is none. */
  static double requireRecall(String name, String text) {
    double recall;
    try {
      recall = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      recall = Double.NaN;
    }
    if (!(recall > 0 && recall <= 1)) {
      throw new InvalidInputException(
          name + " is " + text, "a recall is above 0 and at most 1, as 0.95");
    }
    return recall;
  }

  private static void check(StructType schema) {
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
