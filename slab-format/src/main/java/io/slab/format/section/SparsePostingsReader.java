package io.slab.format.section;

import io.slab.bytes.LittleEndian;
import io.slab.error.CorruptException;
import io.slab.format.file.ReadAhead;
import io.slab.format.file.Section;
import io.slab.format.file.SlabFormat;
import io.slab.model.SparseVector;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Reads {@link SparsePostingsLayout}. A list is checked in full when it is first asked for, so
 * callers may rely on its order, its rows and its bounds. Of the dictionary, the chunks that
 * look-ups touch stay referenced. Thread-safe.
 */
public final class SparsePostingsReader implements SparseIndex {
  private static final int ENTRY = SparsePostingsLayout.ENTRY_BYTES;

  /** Entries of the dictionary that are looked at together: a chunk of the checksums. */
  private static final int BLOCK = SlabFormat.CHUNK_BYTES / ENTRY;

  /** A dictionary up to this size is fetched whole from a remote slab. */
  private static final long WHOLE_DICTIONARY = 8 << 20;

  /** Most bytes of heads of lists that are kept for the next queries. */
  private static final int KEPT_BYTES = 8 << 20;

  /** Nor more than this part of the lists: else those of hundreds of small slabs would add up. */
  private static final int KEPT_PART = 8;

  private static final int MOST_KEPT = 1 << 13;

  private final Section dictionary;
  private final Section lists;
  private final int rows;
  private final int windowRows;
  private final int dimensions;
  private final AtomicReferenceArray<MemorySegment> blocks;
  private final AtomicLongArray checked;
  private final AtomicReferenceArray<Kept> kept;

  /** Checks the directory entries of both sections against each other and the number of rows. */
  public SparsePostingsReader(Section dictionary, Section lists, int rows) {
    Sections.encoding(Sections.codec(dictionary, SlabFormat.CODEC_NONE), 1);
    Sections.encoding(Sections.codec(lists, SlabFormat.CODEC_NONE), 1);
    long param = dictionary.entry().param();
    if (!SparsePostingsLayout.isWindowRows(param)) {
      throw Sections.corrupt(dictionary, 0, "windows of " + param + " rows", "a power of two");
    }
    this.dictionary = dictionary;
    this.lists = lists;
    this.rows = rows;
    this.windowRows = (int) param;
    this.dimensions = Sections.items(dictionary);
    Sections.length(dictionary, (long) dimensions * ENTRY);
    blocks = new AtomicReferenceArray<>((int) (((long) dimensions + BLOCK - 1) / BLOCK));
    kept =
        new AtomicReferenceArray<>(
            Math.clamp(
                Math.min(KEPT_BYTES, lists.length() / KEPT_PART)
                    / ((long) SparsePostingsLayout.WINDOW_BYTES * windows() + 200),
                1,
                MOST_KEPT));
    checked = new AtomicLongArray((int) (((long) dimensions + 63) / 64));
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int windowRows() {
    return windowRows;
  }

  /** Number of different dimensions. */
  public int dimensions() {
    return dimensions;
  }

  @Override
  public SparsePostings find(int dimension) {
    int rank = rankOf(dimension);
    return rank < 0 ? null : postings(rank);
  }

  @Override
  public void announce(int[] wanted) {
    if (!dictionary.isRemote()) {
      return;
    }
    ReadAhead ahead = new ReadAhead();
    if (dictionary.length() <= WHOLE_DICTIONARY) {
      ahead.add(dictionary);
      ahead.run();
    }
    for (int dimension : wanted) {
      int rank = rankOf(dimension);
      if (rank >= 0) {
        MemorySegment entry = entry(rank);
        long size = Integer.toUnsignedLong(entry.get(LittleEndian.INT, 4));
        long windows = Integer.toUnsignedLong(entry.get(LittleEndian.INT, 16));
        long offset = entry.get(LittleEndian.LONG, 8);
        long bytes = SparsePostingsLayout.listBytes(windows, size);
        // The reading of the list says what is wrong with an entry.
        if (offset >= 0 && bytes >= 0 && offset <= lists.length() - bytes) {
          ahead.add(lists, offset, bytes);
        }
      }
    }
    ahead.run();
  }

  /** The place of a dimension in the dictionary, or -1. */
  private int rankOf(int dimension) {
    int low = 0;
    int high = blocks.length();
    // The last block that does not begin above the dimension.
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (Integer.compareUnsigned(block(middle).get(LittleEndian.INT, 0), dimension) <= 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return dimensions == 0 ? -1 : rankInBlock(low, dimension);
  }

  private int rankInBlock(int index, int dimension) {
    MemorySegment block = block(index);
    int low = 0;
    int high = (int) (block.byteSize() / ENTRY) - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order =
          Integer.compareUnsigned(block.get(LittleEndian.INT, (long) middle * ENTRY), dimension);
      if (order == 0) {
        return index * BLOCK + middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private MemorySegment block(int index) {
    MemorySegment block = blocks.get(index);
    if (block == null) {
      long at = (long) index * SlabFormat.CHUNK_BYTES;
      block = dictionary.slice(at, Math.min(SlabFormat.CHUNK_BYTES, dictionary.length() - at));
      blocks.set(index, block);
    }
    return block;
  }

  private MemorySegment entry(int rank) {
    return block(rank / BLOCK).asSlice((long) (rank % BLOCK) * ENTRY, ENTRY);
  }

  private record Kept(int rank, SparsePostings postings) {}

  /** A list, from those that were asked for lately where it is among them. */
  private SparsePostings postings(int rank) {
    int slot = rank % kept.length();
    Kept found = kept.get(slot);
    if (found != null && found.rank == rank) {
      return found.postings;
    }
    SparsePostings postings = read(rank);
    if (lists.givesViews()) {
      kept.set(slot, new Kept(rank, postings));
    }
    return postings;
  }

  private SparsePostings read(int rank) {
    MemorySegment entry = entry(rank);
    long size = Integer.toUnsignedLong(entry.get(LittleEndian.INT, 4));
    long offset = entry.get(LittleEndian.LONG, 8);
    long windows = Integer.toUnsignedLong(entry.get(LittleEndian.INT, 16));
    if (size < 1 || size > rows || windows < 1 || windows > Math.min(size, windows())) {
      throw Sections.corrupt(
          dictionary,
          at(rank),
          size + " postings in " + windows + " windows",
          "no more than " + rows + " rows in " + windows() + " windows allow");
    }
    MemorySegment bytes = lists.slice(offset, SparsePostingsLayout.listBytes(windows, size));
    long column = 4 * windows;
    long weights = SparsePostingsLayout.WINDOW_BYTES * windows;
    SparsePostings postings =
        new SparsePostings(
            bytes.asSlice(0, column).toArray(LittleEndian.INT),
            bytes.asSlice(column, column).toArray(LittleEndian.INT),
            bytes.asSlice(2 * column, column).toArray(LittleEndian.FLOAT),
            bytes.asSlice(3 * column, column).toArray(LittleEndian.FLOAT),
            bytes.asSlice(weights, SparsePostingsLayout.WEIGHT_BYTES * size),
            bytes.asSlice(
                weights + SparsePostingsLayout.WEIGHT_BYTES * size,
                SparsePostingsLayout.ROW_BYTES * size));
    if ((checked.get(rank >> 6) >>> rank & 1) == 0) {
      new ListCheck(rank, (int) size, postings).run();
      checked.accumulateAndGet(rank >> 6, 1L << rank, (a, b) -> a | b);
    }
    return postings;
  }

  private static long at(int rank) {
    return (long) rank * ENTRY;
  }

  /** Everything about one list that its users rely on. */
  private final class ListCheck {
    private final int rank;
    private final int size;
    private final SparsePostings postings;
    private final short[] places = new short[Math.min(windowRows, rows)];
    private final float[] weights = new float[places.length];
    private float max = Float.NEGATIVE_INFINITY;
    private float min = Float.POSITIVE_INFINITY;

    ListCheck(int rank, int size, SparsePostings postings) {
      this.rank = rank;
      this.size = size;
      this.postings = postings;
    }

    void run() {
      int end = 0;
      for (int i = 0; i < postings.windows(); i++) {
        int window = postings.window(i);
        int count = postings.count(i);
        if (window < 0
            || window >= SparsePostingsReader.this.windows()
            || i > 0 && window <= postings.window(i - 1)) {
          throw corrupt("window " + Integer.toUnsignedString(window), "ascending windows");
        }
        int windowSize = (int) Math.min(windowRows, rows - (long) window * windowRows);
        if (count < 1 || count > windowSize || count > size - end) {
          throw corrupt(count + " postings in window " + window, "1 to " + windowSize);
        }
        end += count;
        checkWindow(i, count, windowSize);
      }
      MemorySegment entry = entry(rank);
      if (end != size
          || !same(max, entry.get(LittleEndian.FLOAT, 20))
          || !same(min, entry.get(LittleEndian.FLOAT, 24))
          || entry.get(LittleEndian.INT, 28) != 0) {
        throw corrupt(end + " postings from " + min + " to " + max, "what the entry says");
      }
    }

    private void checkWindow(int i, int count, int windowSize) {
      postings.copyRows(i, places);
      postings.copyWeights(i, weights);
      int last = -1;
      float largest = Float.NEGATIVE_INFINITY;
      float smallest = Float.POSITIVE_INFINITY;
      boolean isFine = true;
      for (int p = 0; p < count; p++) {
        int place = Short.toUnsignedInt(places[p]);
        isFine &= place > last && Float.isFinite(weights[p]);
        last = place;
        largest = Math.max(largest, weights[p]);
        smallest = Math.min(smallest, weights[p]);
      }
      if (!isFine || last >= windowSize) {
        throw corrupt(
            "rows out of order or a weight that is not finite in window " + postings.window(i),
            "ascending rows with finite weights");
      }
      if (!same(largest, postings.max(i)) || !same(smallest, postings.min(i))) {
        throw corrupt(
            "weights from " + smallest + " to " + largest + " in window " + postings.window(i),
            postings.min(i) + " to " + postings.max(i));
      }
      max = Math.max(max, largest);
      min = Math.min(min, smallest);
    }

    private static boolean same(float a, float b) {
      return Float.floatToRawIntBits(a) == Float.floatToRawIntBits(b);
    }

    private CorruptException corrupt(String found, String expected) {
      String dimension = Integer.toUnsignedString(entry(rank).get(LittleEndian.INT, 0));
      return Sections.corrupt(
          lists,
          entry(rank).get(LittleEndian.LONG, 8),
          "dimension " + dimension + ": " + found,
          expected);
    }
  }

  /**
   * Checks every byte and compares with the rows that the index is made from. Both are sets of
   * (dimension, row, weight) without duplicates, so it is enough that as many are in both and that
   * 64-bit fingerprints add up to the same.
   */
  public void verify(SparseRowsReader sparseRows) {
    checkOrder();
    long total = 0;
    long expected = 0;
    for (int row = 0; row < rows; row++) {
      SparseVector sparse = sparseRows.row(row);
      for (int i = 0; sparse != null && i < sparse.size(); i++, total++) {
        expected += fingerprint(sparse.indices()[i], row, sparse.weights()[i]);
      }
    }
    Sections.items(lists, total);
    long found = 0;
    for (int rank = 0; rank < dimensions; rank++) {
      SparsePostings postings = read(rank);
      total -= postings.size();
      found += fingerprint(entry(rank).get(LittleEndian.INT, 0), postings);
    }
    if (total != 0 || found != expected) {
      throw Sections.corrupt(lists, 0, "other postings", "those of the sparse rows");
    }
  }

  private long fingerprint(int dimension, SparsePostings postings) {
    short[] places = new short[windowRows];
    float[] weights = new float[windowRows];
    long sum = 0;
    for (int i = 0; i < postings.windows(); i++) {
      postings.copyRows(i, places);
      postings.copyWeights(i, weights);
      int first = postings.window(i) * windowRows;
      for (int p = 0; p < postings.count(i); p++) {
        sum += fingerprint(dimension, first + Short.toUnsignedInt(places[p]), weights[p]);
      }
    }
    return sum;
  }

  private static long fingerprint(int dimension, int row, float weight) {
    return mix(mix((long) dimension << 32 | row) + Float.floatToRawIntBits(weight));
  }

  /** The finaliser of SplitMix64. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** Dimensions ascend and their lists lie back to back. */
  private void checkOrder() {
    long expected = 0;
    for (int rank = 0; rank < dimensions; rank++) {
      MemorySegment entry = entry(rank);
      boolean ascends =
          rank == 0
              || Integer.compareUnsigned(
                      entry(rank - 1).get(LittleEndian.INT, 0), entry.get(LittleEndian.INT, 0))
                  < 0;
      long offset = entry.get(LittleEndian.LONG, 8);
      if (!ascends || offset != expected) {
        throw Sections.corrupt(
            dictionary,
            at(rank),
            "an entry out of order or a list at " + offset,
            "ascending dimensions and a list at " + expected);
      }
      long size = Integer.toUnsignedLong(entry.get(LittleEndian.INT, 4));
      long windows = Integer.toUnsignedLong(entry.get(LittleEndian.INT, 16));
      expected += SparsePostingsLayout.listBytes(windows, size);
      long padding = expected - 2;
      if (size % 2 == 1 && lists.slice(padding, 2).get(LittleEndian.SHORT, 0) != 0) {
        throw Sections.corrupt(lists, padding, "bytes after a list", "zeros");
      }
    }
    Sections.length(lists, expected);
  }
}
