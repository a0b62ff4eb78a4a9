package io.slab.format.section;

import io.slab.bytes.ByteWriter;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;
import io.slab.model.SparseVector;

/**
 * Writes {@link SparsePostingsLayout} from rows that pass by in order, several times: {@link
 * SparseCensus} counts in a first pass, then each pass collects the postings of as many dimensions
 * as fit {@code budget}. In memory at once: 8 bytes for each of at most {@code budget} postings (or
 * those of the most frequent dimension, when it has more) and about 70 bytes for each dimension.
 * One thread only.
 *
 * <pre>
 * while (writer.nextPass()) { for each row: writer.add(row, sparse) }
 * writer.finish();
 * </pre>
 */
public final class SparsePostingsWriter {
  /** Postings in memory at once: 256 MiB. A million rows of 120 entries then take four passes. */
  public static final int BUDGET = 1 << 25;

  private final SlabFileWriter out;
  private final SlabFileWriter.Open section;
  private final SparseCensus census;
  private final int windowRows;
  private final int budget;
  private final int[] dimensions;

  /** Postings of each dimension. */
  private final int[] sizes;

  private final ByteWriter dictionary = new ByteWriter();
  private final ByteWriter list = new ByteWriter();
  private int from;
  private int to;
  private int[] rows = new int[0];
  private float[] weights = new float[0];

  /** In the current pass: where the postings of dimension {@code from + i} end so far. */
  private int[] filled = new int[0];

  private int[] windows = new int[16];
  private int[] ends = new int[16];

  /**
   * Begins the section of the lists.
   *
   * @param census all rows, at least one entry; used up
   * @param windowRows see {@link SparsePostingsLayout#WINDOW_ROWS}
   */
  public SparsePostingsWriter(SlabFileWriter out, SparseCensus census, int windowRows, int budget) {
    if (census.size() == 0 || !SparsePostingsLayout.isWindowRows(windowRows)) {
      throw new IllegalArgumentException("nothing to index or windows of " + windowRows + " rows");
    }
    this.out = out;
    this.census = census;
    this.windowRows = windowRows;
    this.budget = budget;
    dimensions = census.sorted();
    sizes = new int[dimensions.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = census.count(dimensions[i]);
    }
    census.rank(dimensions);
    section = out.begin(SectionSpec.of(SectionKind.SPARSE_POSTINGS));
  }

  /** Writes what the last pass collected; false when that was the last one. */
  public boolean nextPass() {
    writeLists();
    from = to;
    if (from == dimensions.length) {
      return false;
    }
    long size = sizes[to++];
    while (to < dimensions.length && size + sizes[to] <= budget) {
      size += sizes[to++];
    }
    if (rows.length < size) {
      rows = new int[Math.toIntExact(size)];
      weights = new float[rows.length];
    }
    filled = new int[to - from];
    for (int i = 1; i < filled.length; i++) {
      filled[i] = filled[i - 1] + sizes[from + i - 1];
    }
    return true;
  }

  /** Takes in a row; every pass shows the same rows in ascending order. Null has no entries. */
  public void add(int row, SparseVector sparse) {
    int size = sparse == null ? 0 : sparse.size();
    for (int i = 0; i < size; i++) {
      int rank = census.rankOf(sparse.indices()[i]);
      if (rank >= from && rank < to) {
        int at = filled[rank - from]++;
        rows[at] = row;
        weights[at] = sparse.weights()[i];
      }
    }
  }

  private void writeLists() {
    int start = 0;
    for (int i = from; i < to; i++) {
      if (filled[i - from] != start + sizes[i]) {
        throw new IllegalArgumentException("a later pass shows other rows than the first one");
      }
      writeList(dimensions[i], start, start + sizes[i]);
      start += sizes[i];
    }
  }

  private void writeList(int dimension, int start, int end) {
    long offset = section.position();
    int count = cut(start, end);
    dictionary.u32(dimension).u32(end - start).u64(offset).u32(count);
    dictionary.f32(max(start, end)).f32(min(start, end)).u32(0);
    list.clear();
    for (int i = 0; i < count; i++) {
      list.u32(windows[i]);
    }
    for (int i = 0; i < count; i++) {
      list.u32(ends[i] - start);
    }
    for (int i = 0; i < count; i++) {
      list.f32(max(i == 0 ? start : ends[i - 1], ends[i]));
    }
    for (int i = 0; i < count; i++) {
      list.f32(min(i == 0 ? start : ends[i - 1], ends[i]));
    }
    writePostings(start, end);
    section.write(list.segment());
  }

  /** Finds the windows of a list and where their postings end; returns how many. */
  private int cut(int start, int end) {
    int count = 0;
    for (int at = start; at < end; count++) {
      if (count == windows.length) {
        windows = java.util.Arrays.copyOf(windows, 2 * count);
        ends = java.util.Arrays.copyOf(ends, 2 * count);
      }
      windows[count] = rows[at] / windowRows;
      while (at < end && rows[at] / windowRows == windows[count]) {
        at++;
      }
      ends[count] = at;
    }
    return count;
  }

  /** In parts, because a list can be longer than a buffer. */
  private void writePostings(int start, int end) {
    for (int at = start; at < end; at++) {
      list.f32(weights[at]);
      flushFull();
    }
    for (int at = start; at < end; at++) {
      list.u16(rows[at] & (windowRows - 1));
      flushFull();
    }
    list.zeros((end - start & 1) * SparsePostingsLayout.ROW_BYTES);
  }

  private void flushFull() {
    if (list.size() >= 1 << 16) {
      section.write(list.segment());
      list.clear();
    }
  }

  private float max(int start, int end) {
    float max = weights[start];
    for (int i = start + 1; i < end; i++) {
      max = Math.max(max, weights[i]);
    }
    return max;
  }

  private float min(int start, int end) {
    float min = weights[start];
    for (int i = start + 1; i < end; i++) {
      min = Math.min(min, weights[i]);
    }
    return min;
  }

  /** Ends the lists and writes the dictionary. */
  public void finish() {
    rows = null;
    weights = null;
    section.end(section.position(), census.total());
    out.section(
        SectionSpec.of(SectionKind.SPARSE_DICT).param(windowRows),
        dictionary.segment(),
        dictionary.size(),
        dimensions.length);
  }
}
