package io.slab.spark;

import io.slab.Index;
import io.slab.IndexDescription;
import io.slab.filter.Filter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2ScanRelation;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The right side of a join as a search can have it: a table of this source, a filter of the index,
 * and columns under other names.
 *
 * @param relation the table in the plan
 * @param options of the table
 * @param filter JSON, or null
 * @param filterTypes types of the columns that the filter names
 * @param matched the columns of the right side
 * @param columns what each of them is in the table
 */
record NearestTable(
    LogicalPlan relation,
    SlabOptions options,
    String filter,
    Map<String, DataType> filterTypes,
    List<Attribute> matched,
    List<String> columns) {

  boolean isColumn(Attribute attribute, String name) {
    for (int i = 0; i < matched.size(); i++) {
      if (matched.get(i).exprId().equals(attribute.exprId())) {
        return columns.get(i).equals(name);
      }
    }
    return false;
  }

  /**
   * Null when there is more on the right side than a search has, or when it is cached: then it is
   * of the state that was cached.
   *
   * <p>Spark itself pushes the filters down, to a table that takes those alone that the index
   * answers wholly, and so they are in the forms that its optimizer makes of them.
   */
  static NearestTable of(SparkSession session, LogicalPlan right) {
    DataSourceV2Relation relation = relation(session, right);
    if (relation == null) {
      return null;
    }
    Probe probe = new Probe((SlabTable) relation.table());
    DataSourceV2Relation probed =
        new DataSourceV2Relation(
            probe,
            relation.output(),
            relation.catalog(),
            relation.identifier(),
            relation.options(),
            relation.timeTravelSpec());
    LogicalPlan pushed = session.sessionState().optimizer().execute(replaced(right, probed));
    List<NamedExpression> output = new ArrayList<>();
    if (pushed instanceof Project project) {
      output.addAll(CollectionConverters.asJava(project.projectList()));
      pushed = project.child();
    } else {
      output.addAll(CollectionConverters.asJava(pushed.output()));
    }
    return pushed instanceof DataSourceV2ScanRelation ? probe.table(relation, right, output) : null;
  }

  /** The table under filters and projections, when there is nothing else. */
  private static DataSourceV2Relation relation(SparkSession session, LogicalPlan plan) {
    boolean isCached =
        session.sharedState().cacheManager().lookupCachedData(session, plan).isDefined();
    if (isCached) {
      return null;
    }
    return switch (plan) {
      case DataSourceV2Relation relation
          when relation.table() instanceof SlabTable && relation.timeTravelSpec().isEmpty() ->
          relation;
      case SubqueryAlias alias -> relation(session, alias.child());
      case View view -> relation(session, view.child());
      case Project project -> relation(session, project.child());
      case org.apache.spark.sql.catalyst.plans.logical.Filter filter
          when filter.condition().deterministic()
              && !SubqueryExpression.hasSubquery(filter.condition()) ->
          relation(session, filter.child());
      default -> null;
    };
  }

  private static LogicalPlan replaced(LogicalPlan plan, DataSourceV2Relation probed) {
    return plan instanceof DataSourceV2Relation
        ? probed
        : plan.withNewChildren(
            Plans.<LogicalPlan>seq(List.of(replaced(plan.children().head(), probed))));
  }

  /** Stands for a table while Spark pushes filters down to it. */
  private static final class Probe
      implements SupportsRead, ScanBuilder, SupportsPushDownV2Filters, Scan {
    private final SlabTable table;
    private SlabOptions options;
    private Predicate[] pushed = {};
    private Filter filter = new Filter.All();

    Probe(SlabTable table) {
      this.table = table;
    }

    @Override
    public String name() {
      return table.name();
    }

    @SuppressWarnings("deprecation")
    @Override
    public StructType schema() {
      return table.schema();
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap given) {
      options = table.options().with(given);
      return this;
    }

    @Override
    public Predicate[] pushPredicates(Predicate[] predicates) {
      List<Filter> parts = new ArrayList<>();
      List<Predicate> taken = new ArrayList<>();
      List<Predicate> others = new ArrayList<>();
      try (Index index = options.open(1)) {
        IndexDescription description = index.describe();
        StructType fields = SlabScanBuilder.filterable(schema(), description);
        TypedTranslation translation =
            new TypedTranslation(new FilterTranslation(fields, description.schema()));
        for (Predicate predicate : predicates) {
          Filter part = translation.whenTrue(predicate);
          (part == null ? others : taken).add(predicate);
          if (part != null) {
            parts.add(part);
          }
        }
      }
      filter = Filter.and(parts);
      pushed = taken.toArray(Predicate[]::new);
      return others.toArray(Predicate[]::new);
    }

    @Override
    public Predicate[] pushedPredicates() {
      return pushed;
    }

    @Override
    public Scan build() {
      return this;
    }

    @Override
    public StructType readSchema() {
      return schema();
    }

    @Override
    public String description() {
      return name();
    }

    /** What was found, or null when the right side has a column that was computed. */
    NearestTable table(
        DataSourceV2Relation relation, LogicalPlan right, List<NamedExpression> output) {
      List<String> columns = new ArrayList<>();
      for (NamedExpression expression : output) {
        boolean renamed = expression instanceof Alias alias && alias.child() instanceof Attribute;
        if (!renamed && !(expression instanceof Attribute)) {
          return null;
        }
        Attribute column =
            renamed ? (Attribute) ((Alias) expression).child() : (Attribute) expression;
        columns.add(column.name());
      }
      List<Attribute> matched = new ArrayList<>();
      for (Attribute column : CollectionConverters.asJava(right.output())) {
        matched.add(column.withNullability(true));
      }
      if (!sameColumns(matched, output)) {
        return null;
      }
      boolean all = filter instanceof Filter.All;
      Map<String, DataType> types = new HashMap<>();
      for (StructField field : schema().fields()) {
        if (!all && filter.fields().contains(field.name())) {
          types.put(field.name(), field.dataType());
        }
      }
      String json = all ? null : filter.toJson();
      return new NearestTable(relation, options, json, types, matched, columns);
    }

    private static boolean sameColumns(List<Attribute> matched, List<NamedExpression> output) {
      List<ExprId> ids = output.stream().map(NamedExpression::exprId).toList();
      return matched.stream().map(Attribute::exprId).toList().equals(ids);
    }
  }
}
