package io.slab.snapshot;

import io.slab.format.LedgerSum;
import io.slab.format.ListInput;
import io.slab.format.SlabInput;
import io.slab.format.SlabRequest;
import io.slab.format.SlabView;
import io.slab.manifest.SlabEntry;
import io.slab.model.IndexSpec;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.Vintage;
import io.slab.store.ByteSource;
import io.slab.store.ObjectUpload;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Slabs of a writer with a fault: other rows come out than went in. */
public final class FaultySlabs implements SlabFiles {
  /** What becomes of the rows. */
  public UnaryOperator<SlabInput> change = rows -> rows;

  /** True to say that the rows that went in are in the slab. */
  public boolean lies;

  private final FormatSlabs slabs = new FormatSlabs();

  /** All rows of an input. */
  public static List<ListInput.Row> list(SlabInput rows) {
    List<ListInput.Row> list = new ArrayList<>();
    try (SlabInput.Cursor row = rows.open()) {
      while (row.next()) {
        String id = Utf8.string(row.id());
        float[] values = row.values() == null ? null : row.values().clone();
        VectorRecord record = new VectorRecord(id, values, row.sparse(), row.metadata());
        list.add(ListInput.Row.of(record, row.lsn()));
      }
    }
    return list;
  }

  @Override
  public Written write(ObjectUpload out, SlabRequest request, SlabInput rows) {
    Written written = slabs.write(out, request, change.apply(rows));
    if (!lies) {
      return written;
    }
    return new Written(
        written.hotOffset(),
        written.algorithm(),
        written.lsnMin(),
        written.lsnMax(),
        LedgerSum.of(rows),
        written.vintage(),
        written.ahead());
  }

  @Override
  public Vintage vintage(IndexSpec spec, int level) {
    return slabs.vintage(spec, level);
  }

  @Override
  public SlabView open(ByteSource source, IndexSpec spec, SlabEntry entry) {
    return slabs.open(source, spec, entry);
  }

  @Override
  public Lsns lsns(ByteSource source) {
    return slabs.lsns(source);
  }
}
