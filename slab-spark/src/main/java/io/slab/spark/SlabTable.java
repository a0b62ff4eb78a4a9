package io.slab.spark;

import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A namespace of an index. It holds nothing open: each scan and each write opens the index, and
 * refuses what it can refuse before a job starts.
 */
final class SlabTable implements SupportsRead, SupportsWrite {
  private final StructType schema;
  private final SlabOptions options;

  SlabTable(StructType schema, SlabOptions options) {
    this.schema = schema;
    this.options = options;
  }

  SlabOptions options() {
    return options;
  }

  @Override
  public String name() {
    return "slab " + options.place();
  }

  // Its replacement needs the converters of Spark's own catalogs.
  @SuppressWarnings("deprecation")
  @Override
  public StructType schema() {
    return schema;
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(
        TableCapability.BATCH_READ,
        TableCapability.BATCH_WRITE,
        TableCapability.TRUNCATE,
        TableCapability.ACCEPT_ANY_SCHEMA);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap given) {
    return new SlabScanBuilder(schema, options.with(given));
  }

  @Override
  public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    return new SlabWriteBuilder(info, options.with(info.options()));
  }
}
