package io.slab.spark;

import io.slab.Index;
import io.slab.IndexDescription;
import io.slab.NamespaceStats;
import io.slab.ScanPart;
import io.slab.Snapshot;
import io.slab.filter.Filter;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.connector.expressions.aggregate.Aggregation;
import org.apache.spark.sql.connector.expressions.aggregate.CountStar;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownAggregates;
import org.apache.spark.sql.connector.read.SupportsPushDownLimit;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.connector.read.SupportsPushDownV2Filters;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Collects what a query needs of a table. A filter is used to leave out rows that cannot match, and
 * Spark applies all of it again: what is missing or of another type is NULL for SQL, and a filter
 * of the index has no NULL.
 */
final class SlabScanBuilder
    implements ScanBuilder,
        SupportsPushDownRequiredColumns,
        SupportsPushDownV2Filters,
        SupportsPushDownLimit,
        SupportsPushDownAggregates {
  private static final Predicate[] NONE = {};

  private final SlabOptions options;
  private final StructType table;
  private StructType columns;
  private Predicate[] pushed = NONE;
  private Filter filter = new Filter.All();
  private boolean filtered;
  private boolean counts;
  private long limit = Long.MAX_VALUE;

  SlabScanBuilder(StructType columns, SlabOptions options) {
    Columns.requireReadable(columns);
    this.table = columns;
    this.columns = columns;
    this.options = options;
  }

  @Override
  public void pruneColumns(StructType required) {
    columns = required;
  }

  @Override
  public Predicate[] pushPredicates(Predicate[] predicates) {
    filtered = predicates.length > 0;
    try (Index index = options.open(1)) {
      IndexDescription description = index.describe();
      FilterTranslation translation =
          new FilterTranslation(filterable(table, description), description.schema());
      filter = translation.all(predicates);
      pushed = translation.used();
    }
    return predicates;
  }

  /** Without the field of a text index: filters may name it only where the schema does. */
  static StructType filterable(StructType table, IndexDescription index) {
    if (index.textIndex() == null || index.schema() != null) {
      return table;
    }
    return new StructType(
        Arrays.stream(table.fields())
            .filter(column -> !column.name().equals(index.textIndex().field()))
            .toArray(StructField[]::new));
  }

  @Override
  public Predicate[] pushedPredicates() {
    return pushed;
  }

  @Override
  public boolean pushLimit(int rows) {
    limit = rows;
    return true;
  }

  @Override
  public boolean isPartiallyPushed() {
    return true;
  }

  /** Records are counted from the manifest; every other aggregate Spark works out. */
  @Override
  public boolean pushAggregation(Aggregation aggregation) {
    counts = supportCompletePushDown(aggregation);
    return counts;
  }

  @Override
  public boolean supportCompletePushDown(Aggregation aggregation) {
    return !filtered
        && aggregation.groupByExpressions().length == 0
        && aggregation.aggregateExpressions().length == 1
        && aggregation.aggregateExpressions()[0] instanceof CountStar;
  }

  @Override
  public Scan build() {
    try (Index index = options.open(1);
        Snapshot snapshot = options.snapshot(index)) {
      NamespaceStats stats = snapshot.stats();
      if (counts) {
        StructType count = new StructType().add("count(*)", DataTypes.LongType, false);
        return SlabScan.ofCount(options, count, stats);
      }
      String json = filter instanceof Filter.All ? null : filter.toJson();
      List<ScanPart> parts = snapshot.parts(json);
      return SlabScan.of(options, columns, json, limit, stats, parts);
    }
  }
}
