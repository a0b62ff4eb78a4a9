package io.slab.spark;

import io.slab.Index;
import io.slab.IndexDescription;
import io.slab.Snapshot;
import io.slab.model.Limits;
import io.slab.model.Metric;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SubExprUtils;
import org.apache.spark.sql.catalyst.expressions.VectorCosineSimilarity;
import org.apache.spark.sql.catalyst.expressions.VectorInnerProduct;
import org.apache.spark.sql.catalyst.expressions.VectorL2Distance;
import org.apache.spark.sql.catalyst.plans.LeftOuter$;
import org.apache.spark.sql.catalyst.plans.NearestByDirection;
import org.apache.spark.sql.catalyst.plans.NearestByDistance$;
import org.apache.spark.sql.catalyst.plans.NearestBySimilarity$;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.NearestByJoin;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.classic.SparkSession;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * Answers {@code JOIN ... APPROX NEAREST k BY ...} from the index where that is what the join asks
 * for: on its right is a table of this source, under filters that the index answers and new names
 * of columns at most; it ranks by the function that the metric of the index is, of the vectors of
 * the table; and k is one that a search may have. A join that asks for columns of the query around
 * its subquery is none of these: Spark must first make a join of the subquery. Every other join,
 * and each one with {@code EXACT}, is left as it is. It runs before Spark's optimizer, the first of
 * whose rules makes a cross product of both kinds.
 */
final class NearestRule extends Rule<LogicalPlan> {
  /** Setting of a session: {@code false} leaves all joins to Spark. */
  static final String ENABLED = "spark.slab.nearest.enabled";

  /** Setting of a session: the recall to aim at, above 0 to 1; 0.95 where it is not set. */
  static final String RECALL = "spark.slab.nearest.recall";

  private final SparkSession session;

  NearestRule(SparkSession session) {
    this.session = session;
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    if (!Boolean.parseBoolean(session.conf().get(ENABLED, "true"))) {
      return plan;
    }
    return plan.transformUpWithSubqueries(
        new AbstractPartialFunction<LogicalPlan, LogicalPlan>() {
          @Override
          public boolean isDefinedAt(LogicalPlan node) {
            return node instanceof NearestByJoin join && join.approx()
                || node instanceof NearestJoin cached && cached.hasTable();
          }

          @Override
          public LogicalPlan apply(LogicalPlan node) {
            if (node instanceof NearestJoin cached) {
              // Spark plans anew what it had cached, for the table was written to.
              return cached.renewed();
            }
            NearestByJoin join = (NearestByJoin) node;
            LogicalPlan searched = searched(join);
            return searched == null ? join : searched;
          }
        });
  }

  /** The join as a search of the index, or null where it is none. */
  private LogicalPlan searched(NearestByJoin join) {
    if (join.numResults() > Limits.MAX_TOP_K || SubExprUtils.hasOuterReferences(join)) {
      return null;
    }
    Ranking ranking = Ranking.of(join);
    NearestTable table = ranking == null ? null : NearestTable.of(session, join.right());
    if (table == null || !table.isColumn(ranking.right(), Columns.VALUES)) {
      return null;
    }
    SlabOptions asked = table.options();
    try (Index index = asked.open(1)) {
      IndexDescription description = index.describe();
      if (!ranking.isOf(description)) {
        return null;
      }
      try (Snapshot snapshot = asked.snapshot(index)) {
        NearestSearch search =
            new NearestSearch(
                NearestSearch.pinned(asked, index, snapshot),
                asked,
                join.numResults(),
                table.filter(),
                recall(),
                NearestSearch.shares(asked, snapshot),
                new NearestSearch.Rules(
                    description.metric() == Metric.EUCLIDEAN,
                    true,
                    description.metric() == Metric.COSINE,
                    join.joinType() == LeftOuter$.MODULE$,
                    table.filterTypes()));
        return plan(join, ranking, table, search);
      }
    }
  }

  private double recall() {
    return SlabKnn.requireRecall(RECALL, session.conf().get(RECALL, "0.95"));
  }

  private LogicalPlan plan(
      NearestByJoin join, Ranking ranking, NearestTable table, NearestSearch search) {
    LogicalPlan queries = join.left();
    List<Attribute> inner = new ArrayList<>();
    Attribute vector;
    if (ranking.left() instanceof Attribute column) {
      vector = column;
    } else {
      Alias computed = Plans.alias(ranking.left(), "__slab_vector");
      Seq<NamedExpression> all = Plans.seq(CollectionConverters.asJava(queries.output()));
      queries = new Project(Plans.added(all, computed), queries);
      vector = computed.toAttribute();
      inner.add(vector);
    }
    LogicalPlan matched =
        NearestPlan.of(
            session,
            queries,
            inner,
            vector,
            table.matched(),
            table.columns(),
            search,
            List.of(table.relation()));
    return new Project(Plans.seq(CollectionConverters.asJava(join.output())), matched);
  }

  /**
   * What a join ranks by.
   *
   * @param left the vector of a query
   * @param right the column of the vectors that are searched
   * @param metric of which the function is
   */
  private record Ranking(Expression left, Attribute right, Metric metric) {
    /** Null when it is none of the functions, or not of both sides, or farthest first. */
    static Ranking of(NearestByJoin join) {
      NearestByDirection direction = join.direction();
      boolean similar = direction == NearestBySimilarity$.MODULE$;
      Metric metric =
          switch (join.rankingExpression()) {
            case VectorCosineSimilarity of when similar -> Metric.COSINE;
            case VectorInnerProduct of when similar -> Metric.DOTPRODUCT;
            case VectorL2Distance of when direction == NearestByDistance$.MODULE$ ->
                Metric.EUCLIDEAN;
            default -> null;
          };
      if (metric == null) {
        return null;
      }
      Expression one = join.rankingExpression().children().apply(0);
      Expression other = join.rankingExpression().children().apply(1);
      return isOf(one, join.left()) && other instanceof Attribute column
          ? new Ranking(one, column, metric)
          : isOf(other, join.left()) && one instanceof Attribute column
              ? new Ranking(other, column, metric)
              : null;
    }

    private static boolean isOf(Expression expression, LogicalPlan side) {
      return expression.deterministic()
          && !expression.references().isEmpty()
          && expression.references().subsetOf(side.outputSet());
    }

    boolean isOf(IndexDescription index) {
      return index.vectorType().hasDense() && index.metric() == metric;
    }
  }

  /** Leaves out columns of matches that nothing asks for, and the table that was for the cache. */
  static final class Unused extends Rule<LogicalPlan> {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
      return plan.transformUp(
          new AbstractPartialFunction<LogicalPlan, LogicalPlan>() {
            @Override
            public boolean isDefinedAt(LogicalPlan node) {
              return node instanceof Project project && pruned(project) != project.child()
                  || node instanceof NearestJoin join && join.hasTable();
            }

            @Override
            public LogicalPlan apply(LogicalPlan node) {
              if (node instanceof NearestJoin join) {
                return join.withoutTable();
              }
              Project project = (Project) node;
              return new Project(project.projectList(), pruned(project));
            }
          });
    }

    private static LogicalPlan pruned(Project project) {
      return pruned(project.child(), project.references());
    }

    /** Spark takes projections under filters away again: they are looked through. */
    private static LogicalPlan pruned(LogicalPlan plan, AttributeSet used) {
      if (plan instanceof Filter filter) {
        LogicalPlan child =
            pruned(filter.child(), used.$plus$plus(filter.condition().references()));
        return child == filter.child() ? plan : new Filter(filter.condition(), child);
      }
      return plan instanceof NearestJoin join && !Plans.set(join.matched()).subsetOf(used)
          ? join.only(used)
          : plan;
    }
  }
}
