package io.slab.format.section;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import io.slab.bytes.Segments;
import io.slab.bytes.Zstd;
import io.slab.format.file.ReadAhead;
import io.slab.format.file.Section;
import io.slab.format.file.SlabFormat;
import io.slab.model.Metadata;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Reads {@link MetaRowsLayout} with a small cache of decompressed blocks. Thread-safe. */
public final class MetaRowsReader {
  private static final int CACHED_BLOCKS = 16;

  private final Section data;
  private final MemorySegment table;
  private final List<String> fields;
  private final int rows;
  private final int blocks;
  private final AtomicReferenceArray<Block> cache;

  /** A decompressed block with the place of each row in it. */
  private record Block(int index, int firstRow, String resource, byte[] bytes, int[] starts) {}

  /**
   * Reads and checks the table of blocks.
   *
   * @param fields names by field id
   */
  public MetaRowsReader(Section data, Section table, int rows, List<String> fields) {
    this.data = Sections.encoding(Sections.codec(data, SlabFormat.CODEC_ZSTD), 1);
    Sections.items(data, rows);
    Sections.encoding(Sections.codec(table, SlabFormat.CODEC_NONE), 1);
    this.rows = rows;
    this.fields = fields;
    this.blocks = Sections.items(table);
    Sections.length(table, (long) blocks * MetaRowsLayout.TABLE_ENTRY_BYTES);
    this.table = table.all();
    this.cache = new AtomicReferenceArray<>(Math.max(1, Math.min(CACHED_BLOCKS, blocks)));
    checkTable(table);
  }

  /** The blocks lie back to back and cover the rows one after the other. */
  private void checkTable(Section section) {
    long offset = 0;
    long row = 0;
    for (int i = 0; i < blocks; i++) {
      long at = (long) i * MetaRowsLayout.TABLE_ENTRY_BYTES;
      long stored = u32(at + 8);
      long raw = u32(at + 12);
      boolean fits = stored <= raw && raw <= Zstd.MAX_BLOCK && u32(at + 20) > 0;
      if (!fits || Segments.longAt(table, at) != offset || u32(at + 16) != row) {
        throw Sections.corrupt(
            section, at, "block " + i + " out of line", "row " + row + " at " + offset);
      }
      offset += stored;
      row += u32(at + 20);
    }
    if (row != rows) {
      throw Sections.corrupt(section, section.length(), row + " rows", rows + " rows");
    }
    Sections.length(data, offset);
  }

  private long u32(long at) {
    return Integer.toUnsignedLong(Segments.intAt(table, at));
  }

  private int firstRow(int block) {
    return Segments.intAt(table, (long) block * MetaRowsLayout.TABLE_ENTRY_BYTES + 16);
  }

  /** The metadata of a row. */
  public Metadata row(int row) {
    Objects.checkIndex(row, rows);
    Block block = block(blockOf(row));
    int from = block.starts()[row - block.firstRow()];
    int to = block.starts()[row - block.firstRow() + 1];
    MemorySegment bytes = MemorySegment.ofArray(block.bytes()).asSlice(from, to - from);
    return MetadataCodec.readRow(new ByteCursor(block.resource(), from, bytes), fields);
  }

  /**
   * Appends the bytes of a row as they are in its block; rows are best asked for in ascending
   * order.
   */
  public void copy(int row, ByteWriter out) {
    Objects.checkIndex(row, rows);
    Block block = block(blockOf(row));
    int from = block.starts()[row - block.firstRow()];
    int to = block.starts()[row - block.firstRow() + 1];
    out.bytes(block.bytes(), from, to - from);
  }

  /** Adds the block of a row to what is fetched. */
  public void announce(ReadAhead ahead, int row) {
    long at = (long) blockOf(row) * MetaRowsLayout.TABLE_ENTRY_BYTES;
    ahead.add(data, Segments.longAt(table, at), u32(at + 8));
  }

  private int blockOf(int row) {
    int low = 0;
    int high = blocks;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (firstRow(middle) <= row) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private Block block(int index) {
    int slot = index % cache.length();
    Block block = cache.get(slot);
    if (block == null || block.index() != index) {
      block = load(index);
      cache.set(slot, block);
    }
    return block;
  }

  private Block load(int index) {
    long at = (long) index * MetaRowsLayout.TABLE_ENTRY_BYTES;
    long offset = Segments.longAt(table, at);
    byte[] stored = data.slice(offset, u32(at + 8)).toArray(ValueLayout.JAVA_BYTE);
    String resource = data.resource() + " block " + index;
    byte[] raw =
        Zstd.decompress(stored, (int) u32(at + 12), resource, data.entry().offset() + offset);
    int count = (int) u32(at + 20);
    if (count > raw.length) {
      throw Sections.corrupt(data, offset, count + " rows", "at least a byte for each");
    }
    int[] starts = new int[count + 1];
    ByteCursor in = new ByteCursor(resource, raw);
    for (int i = 0; i < count; i++) {
      starts[i] = (int) in.position();
      skipRow(in);
    }
    in.end("metadata block");
    starts[count] = raw.length;
    return new Block(index, firstRow(index), resource, raw, starts);
  }

  private void skipRow(ByteCursor in) {
    int count = in.varCount("field count", fields.size());
    for (int i = 0; i < count; i++) {
      in.uvarint("field id");
      MetadataCodec.skipValue(in);
    }
  }
}
