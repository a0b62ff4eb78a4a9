package io.slab.spark;

import io.slab.NamespaceStats;
import io.slab.ScanPart;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Statistics;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.types.StructType;

/** One state of a namespace, dealt to partitions. Immutable. */
final class SlabScan implements SupportsReportStatistics, Batch {
  /** Rows and bytes as the manifest has them, dead rows of slabs counted among the bytes. */
  private record Size(long rows, long bytes) implements Statistics {
    @Override
    public OptionalLong sizeInBytes() {
      return OptionalLong.of(bytes);
    }

    @Override
    public OptionalLong numRows() {
      return OptionalLong.of(rows);
    }
  }

  private final String description;
  private final StructType schema;
  private final Size size;
  private final List<InputPartition> partitions;
  private final PartitionReaderFactory readers;

  private SlabScan(
      String description,
      StructType schema,
      Size size,
      List<InputPartition> partitions,
      PartitionReaderFactory readers) {
    this.description = description;
    this.schema = schema;
    this.size = size;
    this.partitions = partitions;
    this.readers = readers;
  }

  /** A scan of one row, the number of records. */
  static SlabScan ofCount(SlabOptions options, StructType schema, NamespaceStats stats) {
    List<InputPartition> one = List.of(new SlabPartition(null, 0, 1, stats.records()));
    return new SlabScan(
        "slab " + options.place() + ", counted from manifest " + stats.manifest(),
        schema,
        new Size(1, 8),
        one,
        new SlabReaderFactory(options, schema, null, 1));
  }

  /**
   * A scan of records.
   *
   * @param filter JSON, or null
   * @param limit most rows that are wanted of a partition
   */
  static SlabScan of(
      SlabOptions options,
      StructType schema,
      String filter,
      long limit,
      NamespaceStats stats,
      List<ScanPart> parts) {
    List<InputPartition> partitions = new ArrayList<>();
    long rows = 0;
    long bytes = 0;
    for (ScanPart part : parts) {
      int pieces = Math.clamp(Math.ceilDiv(part.bytes(), options.splitBytes()), 1, 10_000);
      byte[] encoded = part.toBytes();
      for (int piece = 0; piece < pieces; piece++) {
        partitions.add(new SlabPartition(encoded, piece, pieces, 0));
      }
      rows += part.rows();
      bytes += part.bytes();
    }
    String description =
        "slab %s, manifest %d, %d of %d slabs%s"
            .formatted(
                options.place(),
                stats.manifest(),
                parts.stream().filter(part -> !part.isUnflushed()).count(),
                stats.slabs(),
                filter == null ? "" : ", filter " + filter);
    return new SlabScan(
        description,
        schema,
        new Size(rows, Math.max(bytes, rows)),
        partitions,
        new SlabReaderFactory(options, schema, filter, limit));
  }

  @Override
  public StructType readSchema() {
    return schema;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public Statistics estimateStatistics() {
    return size;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    return partitions.toArray(InputPartition[]::new);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return readers;
  }
}
