package io.slab.format.section;

import io.slab.bytes.ByteCursor;
import io.slab.format.file.ReadAhead;
import io.slab.format.file.Section;
import io.slab.format.file.SlabFormat;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Reads BITMAP_DICT and BITMAP_DATA ({@link ColumnLayout}): bitmaps are checked, used in place, and
 * a few are kept so that they are not checked again. Thread-safe.
 */
public final class BitmapsReader {
  private static final int CACHED = 64;

  private final Section dictionary;
  private final Section data;
  private final int rows;
  private final int bitmaps;
  private final AtomicReferenceArray<Cached> cache = new AtomicReferenceArray<>(CACHED);

  private record Cached(int index, ImmutableRoaringBitmap bitmap) {}

  private record Entry(long cardinality, long length, long offset) {}

  /** Checks the sections against rows and ranks. */
  public BitmapsReader(Section dictionary, Section data, int rows, int distinct) {
    Sections.encoding(Sections.codec(dictionary, SlabFormat.CODEC_NONE), 1);
    Sections.encoding(Sections.codec(data, SlabFormat.CODEC_NONE), 1);
    Sections.items(dictionary, distinct + 1L);
    Sections.length(dictionary, ColumnLayout.BITMAP_ENTRY_BYTES * (distinct + 1L));
    this.dictionary = dictionary;
    this.data = data;
    this.rows = rows;
    this.bitmaps = distinct + 1;
  }

  /** Rows that have a value. */
  public ImmutableRoaringBitmap presence() {
    return bitmap(0);
  }

  /** Rows with a rank, of 0 to distinct - 1. */
  public ImmutableRoaringBitmap rank(int rank) {
    return bitmap(rank + 1);
  }

  /** Number of rows with a rank, without touching the bitmap. */
  public int cardinality(int rank) {
    return (int) entry(rank + 1).cardinality();
  }

  /** Fetches at once the bitmaps of the ranks {@code first} to {@code end - 1}, and of presence. */
  public void announce(int first, int end) {
    if (!data.isRemote() || end <= first) {
      return;
    }
    ReadAhead ahead = new ReadAhead();
    long from = ColumnLayout.BITMAP_ENTRY_BYTES * (first + 1L);
    ahead.add(dictionary, from, ColumnLayout.BITMAP_ENTRY_BYTES * ((long) end - first));
    ahead.add(dictionary, 0, ColumnLayout.BITMAP_ENTRY_BYTES);
    ahead.run();
    announce(ahead, entry(0));
    for (int rank = first; rank < end; rank++) {
      announce(ahead, entry(rank + 1));
    }
    ahead.run();
  }

  private void announce(ReadAhead ahead, Entry entry) {
    // The reading of the bitmap says what is wrong with an entry.
    if (entry.cardinality() > 1
        && entry.offset() >= 0
        && entry.offset() <= data.length() - entry.length()) {
      ahead.add(data, entry.offset(), entry.length());
    }
  }

  private Entry entry(int index) {
    if (index < 0 || index >= bitmaps) {
      throw new IndexOutOfBoundsException("bitmap " + index + " of " + bitmaps);
    }
    long at = (long) index * ColumnLayout.BITMAP_ENTRY_BYTES;
    ByteCursor in = Sections.cursor(dictionary, at, ColumnLayout.BITMAP_ENTRY_BYTES);
    Entry entry =
        new Entry(in.u32("cardinality"), in.u32("bitmap length"), in.u64("bitmap offset"));
    boolean fits =
        entry.cardinality() == 0
            ? entry.length() == 0
            : entry.cardinality() == 1 ? entry.length() < rows : entry.cardinality() <= rows;
    if (!fits || (entry.cardinality() < 2 && entry.offset() != 0)) {
      throw in.corrupt("bitmap " + index + ": " + entry, "rows below " + rows);
    }
    return entry;
  }

  private ImmutableRoaringBitmap bitmap(int index) {
    // Slot 0 is presence's own: ranges need it again and again.
    int slot = index == 0 ? 0 : 1 + (index - 1) % (CACHED - 1);
    Cached cached = cache.get(slot);
    if (cached == null || cached.index() != index) {
      cached = new Cached(index, load(entry(index)));
      cache.set(slot, cached);
    }
    return cached.bitmap();
  }

  private ImmutableRoaringBitmap load(Entry entry) {
    if (entry.cardinality() == 0) {
      return new MutableRoaringBitmap();
    }
    if (entry.cardinality() == 1) {
      return MutableRoaringBitmap.bitmapOf((int) entry.length());
    }
    return mapped(data, entry.offset(), entry.length(), entry.cardinality(), rows);
  }

  /** A bitmap inside a section. */
  static ImmutableRoaringBitmap mapped(
      Section data, long offset, long length, long cardinality, int rows) {
    if (offset % ColumnLayout.BITMAP_ALIGNMENT != 0 || length > Integer.MAX_VALUE) {
      throw Sections.corrupt(
          data, offset, "a bitmap of " + length + " bytes", "one on a multiple of 8, below 2 GiB");
    }
    return RoaringBlob.map(
        data.resource(),
        data.entry().offset() + offset,
        data.slice(offset, length),
        cardinality,
        rows);
  }
}
