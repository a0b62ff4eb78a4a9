package io.slab;

import io.slab.error.InvalidInputException;
import io.slab.format.ListInput;
import io.slab.format.SlabInput;
import io.slab.model.MetadataSize;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.writer.BulkRows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Records in memory on their way into slabs, sorted by id. */
final class RecordRows implements BulkRows {
  private static final int RECORD_BYTES = 32;

  private final List<VectorRecord> records;
  private final long bytes;

  RecordRows(List<VectorRecord> given) {
    if (given.isEmpty()) {
      throw new InvalidInputException("no records to build slabs of");
    }
    records = new ArrayList<>(given);
    records.sort(Comparator.comparing(VectorRecord::id, Utf8.ORDER));
    long sum = 0;
    for (int i = 0; i < records.size(); i++) {
      VectorRecord record = records.get(i);
      if (i > 0 && record.id().equals(records.get(i - 1).id())) {
        throw new InvalidInputException(
            "the id '" + record.id() + "' occurs twice", "a load takes each id once");
      }
      sum += bytes(record);
    }
    bytes = sum;
  }

  private static long bytes(VectorRecord record) {
    long dense = record.values() == null ? 0 : 4L * record.values().length;
    long sparse = record.sparse() == null ? 0 : 8L * record.sparse().size();
    return RECORD_BYTES + dense + sparse + MetadataSize.bytes(record.metadata());
  }

  @Override
  public int rows() {
    return records.size();
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public SlabInput part(int from, int to, long lsn) {
    return ListInput.of(
        records.subList(from, to).stream().map(r -> ListInput.Row.of(r, lsn)).toList());
  }
}
