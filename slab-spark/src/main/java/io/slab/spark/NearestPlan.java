package io.slab.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The plan of a search of many queries. Where a task searches all slabs it is one step. Where the
 * slabs are divided, each query goes to a task of every share, and of all their matches the k best
 * are its own.
 */
final class NearestPlan {
  private static final String QUERY = "__slab_query";
  private static final String SHARE = "__slab_share";
  private static final String ORDER = "__slab_order";
  private static final String ID = "__slab_id";

  private NearestPlan() {}

  /** Arguments as {@link NearestJoin#NearestJoin} has them, without the share in {@code inner}. */
  static LogicalPlan of(
      SparkSession session,
      LogicalPlan queries,
      List<Attribute> inner,
      Attribute vector,
      List<Attribute> matched,
      List<String> columns,
      NearestSearch search,
      List<LogicalPlan> table) {
    NearestStrategy.requireIn(session);
    return search.shares() == 1
        ? new NearestJoin(
            queries,
            Plans.seq(inner),
            vector,
            Plans.seq(matched),
            Plans.seq(columns),
            search,
            Plans.seq(table))
        : divided(session, queries, inner, vector, matched, columns, search, table);
  }

  private static LogicalPlan divided(
      SparkSession session,
      LogicalPlan queries,
      List<Attribute> inner,
      Attribute vector,
      List<Attribute> matched,
      List<String> columns,
      NearestSearch search,
      List<LogicalPlan> table) {
    // Columns of any names become ones whose names are known.
    List<NamedExpression> renamed = new ArrayList<>();
    for (Attribute column : CollectionConverters.asJava(queries.output())) {
      renamed.add(Plans.alias(column, "__slab_" + renamed.size()));
    }
    LogicalPlan named = new Project(Plans.seq(renamed), queries);
    Dataset<Row> dealt = dealt(Dataset.ofRows(session, named), search.shares());
    LogicalPlan child = dealt.logicalPlan();
    AttributeReference score = Plans.column(MatchColumns.SCORE, DataTypes.FloatType, true);
    AttributeReference id = Plans.column(ID, DataTypes.StringType, true);
    LogicalPlan join =
        new NearestJoin(
            child,
            Plans.seq(List.of(output(child, SHARE))),
            output(child, renamed.get(Plans.place(queries.output(), vector)).name()),
            Plans.added(Plans.added(Plans.seq(matched), score), id),
            Plans.added(Plans.added(Plans.seq(columns), MatchColumns.SCORE), Columns.ID),
            search,
            Plans.seq(table));
    LogicalPlan best = best(Dataset.ofRows(session, join), search).logicalPlan();
    return restored(queries, inner, renamed, matched, columns, best);
  }

  /** Each query once for every share, all of a share in tasks of their own. */
  private static Dataset<Row> dealt(Dataset<Row> queries, int shares) {
    int tasks = queries.sparkSession().sparkContext().defaultParallelism();
    int batches = Math.max(1, Math.ceilDiv(2 * tasks, shares));
    Column[] numbers = IntStream.range(0, shares).mapToObj(functions::lit).toArray(Column[]::new);
    Column batch = functions.pmod(functions.col(QUERY), functions.lit((long) batches)).cast("int");
    return queries
        .withColumn(QUERY, functions.monotonically_increasing_id())
        .withColumn(SHARE, functions.explode(functions.array(numbers)))
        .repartitionById(
            shares * batches, functions.col(SHARE).multiply(functions.lit(batches)).plus(batch));
  }

  /** The k best of a query, ties in the order of the ids, as every search has them. */
  private static Dataset<Row> best(Dataset<Row> all, NearestSearch search) {
    Column score = functions.col(MatchColumns.SCORE);
    Column[] order = {
      search.rules().distance() ? score.asc_nulls_last() : score.desc_nulls_last(),
      functions.col(ID).asc_nulls_last()
    };
    Column place =
        functions.row_number().over(Window.partitionBy(functions.col(QUERY)).orderBy(order));
    Column isMatch = functions.col(ID).isNotNull().or(functions.col(ORDER).equalTo(1));
    return all.withColumn(ORDER, place).where(functions.col(ORDER).leq(search.k()).and(isMatch));
  }

  /** The columns of the queries as they were, and those of the matches. */
  private static LogicalPlan restored(
      LogicalPlan queries,
      List<Attribute> inner,
      List<NamedExpression> renamed,
      List<Attribute> matched,
      List<String> columns,
      LogicalPlan best) {
    AttributeSet left = Plans.set(Plans.seq(inner));
    List<NamedExpression> output = new ArrayList<>();
    for (int i = 0; i < renamed.size(); i++) {
      Attribute column = queries.output().apply(i);
      if (!left.contains(column)) {
        output.add(Plans.alias(output(best, renamed.get(i).name()), column));
      }
    }
    for (int i = 0; i < matched.size(); i++) {
      boolean isRank = columns.get(i).equals(MatchColumns.RANK);
      // The rank among the matches of a share is not that among all.
      output.add(isRank ? Plans.alias(output(best, ORDER), matched.get(i)) : matched.get(i));
    }
    return new Project(Plans.seq(output), best);
  }

  private static Attribute output(LogicalPlan plan, String name) {
    return CollectionConverters.asJava(plan.output()).stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
