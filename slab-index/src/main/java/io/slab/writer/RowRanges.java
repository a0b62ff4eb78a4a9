package io.slab.writer;

import io.slab.format.SlabCapacity;
import io.slab.format.SlabInput;
import io.slab.model.IndexSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * How rows in id order are dealt to several slabs: even parts, each cut further where its metadata
 * has more columns than one slab can hold. What is acknowledged can always be flushed, and what is
 * flushed always be compacted, because one record alone never has too many.
 */
public final class RowRanges {
  /** Rows {@code from} to {@code to - 1}. */
  public record Range(int from, int to) {
    public int rows() {
      return to - from;
    }
  }

  private RowRanges() {}

  /** Non-empty ranges of about equal size, at most {@code parts}. */
  public static List<Range> even(int rows, long parts) {
    List<Range> ranges = new ArrayList<>();
    int from = 0;
    for (long part = 1; part <= parts; part++) {
      int to = (int) (rows * part / parts);
      if (to > from) {
        ranges.add(new Range(from, to));
        from = to;
      }
    }
    return ranges;
  }

  /** Cuts ranges that cover the rows from the first to the last; reads the metadata of each row. */
  public static List<Range> cut(List<Range> ranges, SlabInput rows, IndexSpec spec) {
    List<Range> cut = new ArrayList<>();
    try (SlabInput.Cursor cursor = rows.open()) {
      for (Range range : ranges) {
        SlabCapacity capacity = new SlabCapacity(spec);
        int from = range.from();
        for (int row = from; row < range.to(); row++) {
          if (!cursor.next()) {
            throw new IllegalArgumentException("the rows end at " + row);
          }
          if (!capacity.add(cursor.metadata())) {
            cut.add(new Range(from, row));
            from = row;
            capacity = new SlabCapacity(spec);
            capacity.add(cursor.metadata());
          }
        }
        cut.add(new Range(from, range.to()));
      }
    }
    return cut;
  }
}
