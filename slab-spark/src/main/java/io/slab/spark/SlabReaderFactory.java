package io.slab.spark;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Makes readers of partitions in the executors.
 *
 * @param schema the columns that are asked for
 * @param filter JSON of the filter language, or null
 * @param limit most rows of a partition
 */
record SlabReaderFactory(SlabOptions options, StructType schema, String filter, long limit)
    implements PartitionReaderFactory {
  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    SlabPartition slab = (SlabPartition) partition;
    return slab.part() == null ? count(slab.count()) : new SlabPartitionReader(this, slab);
  }

  private static PartitionReader<InternalRow> count(long records) {
    var rows = List.of(records).iterator();
    return new PartitionReader<>() {
      @Override
      public boolean next() {
        return rows.hasNext();
      }

      @Override
      public InternalRow get() {
        return new GenericInternalRow(new Object[] {rows.next()});
      }

      @Override
      public void close() {}
    };
  }
}
