package io.slab.format.section;

import io.slab.bytes.ByteWriter;
import io.slab.bytes.Zstd;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;
import java.lang.foreign.MemorySegment;
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
    write(out, spec, null);
  }

  /**
   * Writes the section with a number for each string, which stand behind the strings of its block.
   *
   * @param numbers one for each string, in the order of the strings
   */
  public void writeNumbered(SlabFileWriter out, SectionSpec spec, int[] numbers) {
    if (numbers.length != items) {
      throw new IllegalArgumentException(numbers.length + " numbers for " + items + " strings");
    }
    write(out, spec.encoding(StringBlocksLayout.NUMBERED), numbers);
  }

  private void write(SlabFileWriter out, SectionSpec spec, int[] numbers) {
    closeBlock();
    long head = head();
    SlabFileWriter.Open section = out.begin(spec.zstd().param(perBlock));
    section.write(new ByteWriter(8).u32(perBlock).u32(blocks.size()).segment());
    long offset = head;
    for (int i = 0; i < blocks.size(); i++) {
      table.setU64(i * StringBlocksLayout.TABLE_ENTRY_BYTES, offset);
      offset += blocks.get(i).length + (numbers == null ? 0 : numberBytes(i));
    }
    section.write(table.segment());
    for (int i = 0; i < blocks.size(); i++) {
      section.write(blocks.get(i));
      if (numbers != null) {
        section.write(numbers(i, numbers));
      }
    }
    section.end(head + rawBytes + (numbers == null ? 0 : 4L * items), items);
  }

  private int count(int block) {
    return Math.min(perBlock, items - block * perBlock);
  }

  private long numberBytes(int block) {
    return StringBlocksLayout.NUMBER_BYTES * (long) count(block);
  }

  private MemorySegment numbers(int block, int[] all) {
    ByteWriter bytes = new ByteWriter((int) numberBytes(block));
    for (int i = 0; i < count(block); i++) {
      bytes.u32(all[block * perBlock + i]);
    }
    return bytes.segment();
  }
}
