package io.slab.format.section;

import io.slab.bytes.ByteWriter;
import io.slab.bytes.Zstd;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects sorted byte strings and writes them as {@link StringBlocksLayout} says. Holds the
 * compressed blocks, because the table of their places comes first. One thread only.
 */
public final class StringBlocksWriter {
  private final int perBlock;
  private final int maxLength;
  private final List<byte[]> blocks = new ArrayList<>();
  private final ByteWriter table = new ByteWriter();
  private final ByteWriter block = new ByteWriter();
  private byte[] previous;
  private long storedBytes;
  private long rawBytes;
  private int items;

  /**
   * @param perBlock strings per block
   * @param maxLength longest string
   */
  public StringBlocksWriter(int perBlock, int maxLength) {
    this.perBlock = perBlock;
    this.maxLength = maxLength;
  }

  /** Adds a string greater than the one before, in unsigned byte order. */
  public void add(byte[] value) {
    if (value.length > maxLength) {
      throw new IllegalArgumentException(
          "a string of " + value.length + " bytes, at most " + maxLength);
    }
    int shared = 0;
    if (previous != null) {
      int difference = Arrays.mismatch(previous, value);
      if (difference < 0 || Arrays.compareUnsigned(previous, value) > 0) {
        throw new IllegalArgumentException("strings must ascend");
      }
      shared = difference;
    }
    if (items % perBlock == 0) {
      closeBlock();
      shared = 0;
    }
    block.uvarint(shared).uvarint(value.length - shared);
    block.bytes(value, shared, value.length - shared);
    previous = value.clone();
    items++;
  }

  private void closeBlock() {
    if (block.size() == 0) {
      return;
    }
    byte[] stored = Zstd.compress(block.array(), 0, block.size());
    // The offset still lacks the table, whose size is known at the end.
    table.u64(storedBytes).u32(stored.length).u32(block.size());
    blocks.add(stored);
    storedBytes += stored.length;
    rawBytes += block.size();
    block.clear();
  }

  /** Strings added so far. */
  public int items() {
    return items;
  }

  /** Stored bytes of the whole section; no string may be added afterwards. */
  public long sectionLength() {
    closeBlock();
    return head() + storedBytes;
  }

  private long head() {
    return StringBlocksLayout.HEADER_BYTES
        + (long) StringBlocksLayout.TABLE_ENTRY_BYTES * blocks.size();
  }

  /** Writes the section; codec and parameter of {@code spec} are set here. */
  public void write(SlabFileWriter out, SectionSpec spec) {
    closeBlock();
    long head = head();
    SlabFileWriter.Open section = out.begin(spec.zstd().param(perBlock));
    section.write(new ByteWriter(8).u32(perBlock).u32(blocks.size()).segment());
    long offset = head;
    for (int i = 0; i < blocks.size(); i++) {
      table.setU64(i * StringBlocksLayout.TABLE_ENTRY_BYTES, offset);
      offset += blocks.get(i).length;
    }
    section.write(table.segment());
    blocks.forEach(section::write);
    section.end(head + rawBytes, items);
  }
}
