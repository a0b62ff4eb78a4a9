package io.slab.spark;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;

/**
 * Makes the writer of a task.
 *
 * @param order of the load; null when rows name their namespace
 * @param queryId tells the rejects of this write from those of others
 */
// The bytes are compared with no others.
@SuppressWarnings("ArrayRecordComponent")
record SlabWriterFactory(
    SlabOptions options, RowSchema rows, boolean overwrite, byte[] order, String queryId)
    implements DataWriterFactory {
  @Override
  public DataWriter<InternalRow> createWriter(int partition, long task) {
    return new SlabDataWriter(this, partition, task);
  }
}
