package io.slab.spark;

import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;

/**
 * How rows come to tasks: those of one id to one task, in the order of their ids, so that an id
 * that is there twice is seen, and a task can write slab after slab. Where rows name their
 * namespace all of one namespace come to one task.
 */
final class SlabWrite implements RequiresDistributionAndOrdering {
  private final SlabOptions options;
  private final RowSchema rows;
  private final boolean overwrite;
  private final String queryId;

  SlabWrite(SlabOptions options, RowSchema rows, boolean overwrite, String queryId) {
    this.options = options;
    this.rows = rows;
    this.overwrite = overwrite;
    this.queryId = queryId;
  }

  @Override
  public String description() {
    return (overwrite ? "overwrite slab " : "append to slab ") + options.place();
  }

  private boolean fansOut() {
    return rows.namespace() >= 0;
  }

  @Override
  public Distribution requiredDistribution() {
    String key = fansOut() ? Columns.NAMESPACE : Columns.ID;
    return Distributions.clustered(new Expression[] {Expressions.column(key)});
  }

  @Override
  public long advisoryPartitionSizeInBytes() {
    return options.partitionBytes();
  }

  @Override
  public SortOrder[] requiredOrdering() {
    SortOrder byId = ascending(Columns.ID);
    return fansOut()
        ? new SortOrder[] {ascending(Columns.NAMESPACE), byId}
        : new SortOrder[] {byId};
  }

  private static SortOrder ascending(String column) {
    return Expressions.sort(Expressions.column(column), SortDirection.ASCENDING);
  }

  @Override
  public BatchWrite toBatch() {
    return new SlabBatchWrite(options, rows, overwrite, queryId);
  }
}
