package io.slab.inspect;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.LittleEndian;
import io.slab.bytes.Zstd;
import io.slab.error.CorruptException;
import io.slab.error.UnsupportedException;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.model.MetaValue;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One column's dictionary and bitmap table, read straight from the layout of the specification, so
 * that they can be shown value by value even where the query engine would not look. One thread
 * only.
 */
public final class ColumnView {
  private static final int BITMAP_ENTRY = 16;
  private static final int BLOCK_ENTRY = 16;
  private static final int STRINGS = 1;
  private static final int NUMBERS = 2;

  private final SlabFile file;
  private final SlabManifestView.Column column;
  private final MemorySegment bitmaps;
  private final Section dictionary;
  private int cachedBlock = -1;
  private String[] cached;

  public ColumnView(SlabFile file, SlabManifestView.Column column) {
    this.file = file;
    this.column = column;
    Section table = file.find(SectionKind.BITMAP_DICT, column.id());
    this.bitmaps = table == null ? MemorySegment.ofArray(new byte[0]) : table.all();
    this.dictionary = file.find(SectionKind.COLUMN_DICT, column.id());
  }

  /** False when this slab has no bitmaps of the column. */
  public boolean hasBitmaps() {
    return bitmaps.byteSize() >= BITMAP_ENTRY;
  }

  /** Number of values that have a bitmap. */
  public int values() {
    return Math.toIntExact(Math.max(0, bitmaps.byteSize() / BITMAP_ENTRY - 1));
  }

  /** Rows with the value of a rank; of the presence bitmap for rank -1. */
  public long cardinality(int rank) {
    return Integer.toUnsignedLong(bitmaps.get(LittleEndian.INT, at(rank)));
  }

  /** Everything about one bitmap; rank -1 is the presence bitmap. */
  public BitmapInfo bitmap(int rank) {
    long cardinality = cardinality(rank);
    long lengthOrRow = Integer.toUnsignedLong(bitmaps.get(LittleEndian.INT, at(rank) + 4));
    Section data = file.find(SectionKind.BITMAP_DATA, column.id());
    boolean stored = cardinality > 1 && data != null;
    long offset =
        stored ? data.entry().offset() + bitmaps.get(LittleEndian.LONG, at(rank) + 8) : -1;
    return new BitmapInfo(
        column.id(),
        column.field(),
        column.type(),
        rank,
        rank < 0 ? null : value(rank),
        cardinality,
        offset,
        stored ? lengthOrRow : 0,
        cardinality == 1 ? lengthOrRow : -1);
  }

  private static long at(int rank) {
    return (rank + 1L) * BITMAP_ENTRY;
  }

  /** The value of a rank. */
  public MetaValue value(int rank) {
    if (dictionary == null) {
      if (!column.type().equals("boolean")) {
        throw new CorruptException(file.name(), -1, "no dictionary of " + column.field(), "one");
      }
      return new MetaValue.Bool(rank == 1);
    }
    return switch (dictionary.entry().encoding()) {
      case STRINGS -> new MetaValue.Str(string(rank));
      case NUMBERS -> new MetaValue.Num(dictionary.slice(8L * rank, 8).get(LittleEndian.DOUBLE, 0));
      default ->
          throw new UnsupportedException(
              dictionary.resource(),
              dictionary.entry().offset(),
              "encoding " + dictionary.entry().encoding(),
              "1 or 2");
    };
  }

  private String string(int rank) {
    int blockItems = dictionary.slice(0, 4).get(LittleEndian.INT, 0);
    if (blockItems < 1) {
      throw dictionary
          .entry()
          .corrupt(file.name(), 0, blockItems + " strings a block", "1 or more");
    }
    int block = rank / blockItems;
    if (block != cachedBlock) {
      cached = block(block, blockItems);
      cachedBlock = block;
    }
    int index = rank % blockItems;
    if (index >= cached.length) {
      throw dictionary.entry().corrupt(file.name(), 0, "no string of rank " + rank, "one");
    }
    return cached[index];
  }

  /** Decodes one front-coded block. */
  private String[] block(int block, int blockItems) {
    MemorySegment entry = dictionary.slice(8L + (long) BLOCK_ENTRY * block, BLOCK_ENTRY);
    long offset = entry.get(LittleEndian.LONG, 0);
    int stored = entry.get(LittleEndian.INT, 8);
    int raw = entry.get(LittleEndian.INT, 12);
    byte[] bytes =
        Zstd.decompress(
            dictionary.slice(offset, Integer.toUnsignedLong(stored)).toArray(ValueLayout.JAVA_BYTE),
            raw,
            dictionary.resource(),
            dictionary.entry().offset() + offset);
    ByteCursor in = new ByteCursor(dictionary.resource() + " block " + block, bytes);
    List<String> strings = new ArrayList<>();
    byte[] previous = new byte[0];
    while (in.remaining() > 0 && strings.size() < blockItems) {
      int shared = in.varCount("shared bytes", previous.length);
      int suffix = in.varCount("suffix length", in.remaining());
      byte[] current = Arrays.copyOf(previous, shared + suffix);
      in.bytes(current, shared, suffix, "suffix");
      strings.add(new String(current, StandardCharsets.UTF_8));
      previous = current;
    }
    return strings.toArray(String[]::new);
  }
}
