package io.slab.spark;

import java.util.List;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/**
 * What a task tells the driver.
 *
 * @param built bytes of {@link io.slab.BuiltSlabs}, a few KB
 * @param refused rows that were left out
 */
record SlabCommitMessage(List<byte[]> built, long refused) implements WriterCommitMessage {}
