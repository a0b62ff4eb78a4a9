package io.slab.format.section;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.Segments;
import io.slab.bytes.Zstd;
import io.slab.error.CorruptException;
import io.slab.format.file.ReadAhead;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Random access to sorted strings ({@link StringBlocksLayout}) with a small cache of decoded
 * blocks. Thread-safe.
 */
public final class StringBlocksReader {
  /** Of all three kinds of sections that hold string blocks. */
  private static final int ENCODING = ColumnLayout.DICT_STRINGS;

  private final Section section;
  private final boolean numbered;
  private final int maxLength;
  private final int perBlock;
  private final int items;
  private final int blocks;
  private final MemorySegment table;
  private final AtomicReferenceArray<Cached> cache;
  private final AtomicReferenceArray<byte[]> firsts;

  private final AtomicReferenceArray<SoftReference<Plain>> plains;

  private record Cached(int index, StringBlock block) {}

  /** A block decompressed but hardly decoded: a fraction of the size. */
  private record Plain(int index, FrontCoded strings) {}

  /**
   * Reads and checks the table.
   *
   * @param maxLength longest string allowed
   * @param cachedBlocks decoded blocks to keep at most
   */
  public StringBlocksReader(Section section, int maxLength, int cachedBlocks) {
    this(section, maxLength, cachedBlocks, 0);
  }

  /**
   * The same for readers that are asked for single strings all over the section.
   *
   * @param plainBytes memory, about, for blocks that {@link #get} finds its string in; given back
   *     when memory is short
   */
  public StringBlocksReader(Section section, int maxLength, int cachedBlocks, int plainBytes) {
    this.numbered =
        section.entry().kind() == SectionKind.ID_BLOCKS.code()
            && section.entry().encoding() == StringBlocksLayout.NUMBERED;
    Sections.codec(section, SlabFormat.CODEC_ZSTD);
    this.section = numbered ? section : Sections.encoding(section, ENCODING);
    this.maxLength = maxLength;
    ByteCursor in = Sections.cursor(section, 0, StringBlocksLayout.HEADER_BYTES);
    perBlock = in.count("strings per block", StringBlocksLayout.MAX_PER_BLOCK);
    blocks = in.count("blocks", section.length() / StringBlocksLayout.TABLE_ENTRY_BYTES);
    items = Sections.items(section);
    if (perBlock == 0
        || perBlock != section.entry().param()
        || blocks != (items + (long) perBlock - 1) / perBlock) {
      throw in.corrupt(
          blocks + " blocks of " + perBlock + " strings", "room for " + items + " strings");
    }
    table =
        section.slice(
            StringBlocksLayout.HEADER_BYTES, (long) blocks * StringBlocksLayout.TABLE_ENTRY_BYTES);
    checkEnd();
    cache = new AtomicReferenceArray<>(Math.max(1, Math.min(cachedBlocks, blocks)));
    firsts = new AtomicReferenceArray<>(blocks);
    plains = plainBytes == 0 || blocks == 0 ? null : new AtomicReferenceArray<>(slots(plainBytes));
  }

  private long headBytes() {
    return StringBlocksLayout.HEADER_BYTES + (long) blocks * StringBlocksLayout.TABLE_ENTRY_BYTES;
  }

  private long end(int block) {
    return offset(block) + stored(block) + numberBytes(block);
  }

  /** The section ends with its last block, and with the numbers behind that one. */
  private void checkEnd() {
    long end = blocks == 0 ? headBytes() : end(blocks - 1);
    if (end != section.length()) {
      throw Sections.corrupt(
          section, 0, "blocks up to byte " + end, section.length() + " bytes as the section has");
    }
  }

  /** The blocks lie back to back, and are as long as the directory says that they are. */
  private void verifyTable() {
    long at = headBytes();
    long raw = at;
    for (int i = 0; i < blocks; i++) {
      if (offset(i) != at) {
        throw Sections.corrupt(
            section, 0, "block " + i + " at " + offset(i), "the end of the one before, " + at);
      }
      at = end(i);
      raw += rawLength(i) + numberBytes(i);
    }
    if (raw != section.entry().rawLength()) {
      throw Sections.corrupt(
          section, 0, "raw length " + section.entry().rawLength(), raw + " as the blocks have");
    }
  }

  private int slots(int plainBytes) {
    long typical = Integer.toUnsignedLong(Segments.intAt(table, 12)) + 64;
    return Math.clamp(plainBytes / typical, 1, blocks);
  }

  public int items() {
    return items;
  }

  public int blocks() {
    return blocks;
  }

  /** Strings in every block but the last. */
  public int perBlock() {
    return perBlock;
  }

  /** Decodes a block, or finds it decoded. */
  public StringBlock block(int index) {
    int slot = index % cache.length();
    Cached cached = cache.get(slot);
    if (cached == null || cached.index() != index) {
      cached = new Cached(index, decode(index));
      cache.set(slot, cached);
    }
    return cached.block();
  }

  private StringBlock decode(int index) {
    return StringBlock.decode(
        new ByteCursor(resource(index), plain(index)), count(index), maxLength);
  }

  private int count(int index) {
    return (int) Math.min(perBlock, items - (long) index * perBlock);
  }

  private String resource(int index) {
    return section.resource() + " block " + index;
  }

  private long offset(int block) {
    return Segments.longAt(table, (long) block * StringBlocksLayout.TABLE_ENTRY_BYTES);
  }

  private long stored(int block) {
    long at = (long) block * StringBlocksLayout.TABLE_ENTRY_BYTES;
    return Integer.toUnsignedLong(Segments.intAt(table, at + 8));
  }

  private long rawLength(int block) {
    long at = (long) block * StringBlocksLayout.TABLE_ENTRY_BYTES;
    return Integer.toUnsignedLong(Segments.intAt(table, at + 12));
  }

  /** Bytes of the numbers behind a block. */
  private long numberBytes(int block) {
    return numbered ? (long) StringBlocksLayout.NUMBER_BYTES * count(block) : 0;
  }

  private byte[] plain(int index) {
    long at = (long) index * StringBlocksLayout.TABLE_ENTRY_BYTES;
    long offset = offset(index);
    long stored = stored(index);
    long raw = rawLength(index);
    long head = headBytes();
    String resource = resource(index);
    long place = section.entry().offset() + offset;
    if (offset < head || stored > raw || raw > Zstd.MAX_BLOCK) {
      throw new CorruptException(
          resource,
          section.entry().offset() + StringBlocksLayout.HEADER_BYTES + at,
          stored + " bytes at " + offset + ", raw " + raw,
          "a block of at most " + Zstd.MAX_BLOCK + " bytes behind the table");
    }
    byte[] bytes = section.slice(offset, stored).toArray(ValueLayout.JAVA_BYTE);
    return Zstd.decompress(bytes, (int) raw, resource, place);
  }

  /** Adds the block of a string to what is fetched. */
  public void announce(ReadAhead ahead, int item) {
    int block = item / perBlock;
    long offset = offset(block);
    long length = stored(block) + numberBytes(block);
    // The reading of the block says what is wrong with an entry.
    if (offset >= 0 && offset <= section.length() - length) {
      ahead.add(section, offset, length);
    }
  }

  /** True when the strings carry numbers. */
  public boolean isNumbered() {
    return numbered;
  }

  /**
   * The number of string {@code item}; its position where the strings carry none.
   *
   * @throws CorruptException when it is not below {@link #items()}
   */
  public int number(int item) {
    if (!numbered) {
      return Objects.checkIndex(item, items);
    }
    int block = Objects.checkIndex(item, items) / perBlock;
    long at =
        offset(block) + stored(block) + (long) StringBlocksLayout.NUMBER_BYTES * (item % perBlock);
    if (at < 0 || at > section.length() - StringBlocksLayout.NUMBER_BYTES) {
      throw Sections.corrupt(section, 0, "a number at " + at, "one inside the section");
    }
    int number = Segments.intAt(section.slice(at, StringBlocksLayout.NUMBER_BYTES), 0);
    if (number < 0 || number >= items) {
      throw Sections.corrupt(
          section, at, "row " + Integer.toUnsignedString(number), "a row below " + items);
    }
    return number;
  }

  /**
   * The position of the string of each number; null where the strings carry none.
   *
   * @throws CorruptException when a number is missing
   */
  public int[] positions() {
    if (!numbered) {
      return null;
    }
    int[] positions = new int[items];
    Arrays.fill(positions, -1);
    for (int item = 0; item < items; item++) {
      int number = number(item);
      if (positions[number] >= 0) {
        throw Sections.corrupt(
            section,
            offset(item / perBlock),
            "the ids " + positions[number] + " and " + item + " in row " + number,
            "a row of its own for each id");
      }
      positions[number] = item;
    }
    return positions;
  }

  /** String {@code item}, of 0 to {@link #items()} - 1. */
  public byte[] get(int item) {
    int index = item / perBlock;
    Cached cached = cache.get(index % cache.length());
    if (plains == null || cached != null && cached.index() == index) {
      return block(index).get(item % perBlock);
    }
    int slot = index % plains.length();
    SoftReference<Plain> kept = plains.get(slot);
    Plain plain = kept == null ? null : kept.get();
    if (plain == null || plain.index() != index) {
      plain =
          new Plain(
              index, new FrontCoded(plain(index), count(index), maxLength, () -> resource(index)));
      plains.set(slot, new SoftReference<>(plain));
    }
    return plain.strings().get(item % perBlock);
  }

  private byte[] first(int block) {
    byte[] first = firsts.get(block);
    if (first == null) {
      first = block(block).get(0);
      firsts.set(block, first);
    }
    return first;
  }

  /** The position of a string, or -1. */
  public int find(byte[] key) {
    int at = lowerBound(key);
    return at < items && block(at / perBlock).compare(at % perBlock, key) == 0 ? at : -1;
  }

  /** The first string not less than {@code key}, or {@link #items()}. */
  public int lowerBound(byte[] key) {
    int low = 0;
    int high = blocks;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(first(middle), key) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? 0 : (low - 1) * perBlock + block(low - 1).lowerBound(key);
  }

  /** Decodes everything; the blocks lie back to back and their strings ascend across them too. */
  public void verify() {
    verifyTable();
    byte[] last = null;
    for (int i = 0; i < blocks; i++) {
      StringBlock block = decode(i);
      if (last != null && block.compare(0, last) <= 0) {
        throw Sections.corrupt(section, 0, "block " + i + " out of order", "ascending strings");
      }
      last = block.get(block.size() - 1);
    }
  }
}
