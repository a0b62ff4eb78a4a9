package io.slab.spark;

import io.slab.Index;
import io.slab.Namespace;
import io.slab.RecordScan;
import io.slab.ScanPart;
import io.slab.model.Metadata;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.unsafe.types.UTF8String;

/** Reads one partition; of a record only the columns that are asked for. One thread only. */
final class SlabPartitionReader implements PartitionReader<InternalRow> {
  private final Index index;
  private final RecordScan scan;
  private final UTF8String namespace;
  private final List<Supplier<Object>> columns;
  private final boolean readsMetadata;
  private long left;
  private Metadata metadata;

  SlabPartitionReader(SlabReaderFactory factory, SlabPartition partition) {
    ScanPart part = ScanPart.ofBytes(partition.part());
    namespace = UTF8String.fromString(part.namespace());
    left = factory.limit();
    columns = List.of(factory.schema().fields()).stream().map(this::column).toList();
    readsMetadata =
        List.of(factory.schema().fields()).stream()
            .anyMatch(
                field -> field.name().equals(Columns.METADATA) || Columns.isField(field.name()));
    index = factory.options().open(1);
    try {
      Namespace of = index.namespace(part.namespace());
      scan = of.scan(part, factory.filter(), partition.piece(), partition.pieces());
    } catch (RuntimeException | Error e) {
      index.close();
      throw e;
    }
  }

  private Supplier<Object> column(StructField column) {
    return switch (column.name()) {
      case Columns.ID -> () -> UTF8String.fromBytes(scan.idBytes());
      case Columns.VALUES -> () -> MatchColumns.floats(scan.values());
      case Columns.SPARSE -> () -> MatchColumns.pairs(scan.sparse());
      case Columns.METADATA -> () -> MatchColumns.json(metadata);
      case Columns.NAMESPACE -> () -> namespace;
      default -> () -> MatchColumns.field(metadata.get(column.name()), column.dataType());
    };
  }

  @Override
  public boolean next() {
    if (left == 0 || !scan.next()) {
      return false;
    }
    left--;
    metadata = readsMetadata ? scan.metadata() : null;
    return true;
  }

  @Override
  public InternalRow get() {
    Object[] row = new Object[columns.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = columns.get(i).get();
    }
    return new GenericInternalRow(row);
  }

  @Override
  public void close() {
    scan.close();
    index.close();
  }
}
