package io.slab.writer;

import io.slab.format.ListInput;
import io.slab.format.SlabInput;
import io.slab.model.VectorRecord;
import java.util.List;

/** Records in ascending order of their ids, as a bulk load takes them. */
public record ListRows(List<VectorRecord> records) implements BulkRows {
  @Override
  public int rows() {
    return records.size();
  }

  @Override
  public long bytes() {
    return 100L * records.size();
  }

  @Override
  public SlabInput part(int from, int to, long lsn) {
    return ListInput.of(
        records.subList(from, to).stream().map(r -> ListInput.Row.of(r, lsn)).toList());
  }
}
