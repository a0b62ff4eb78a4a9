package io.slab.source.json;

import java.util.Arrays;

/** Collects records that are copied together into one {@link RecordBlock}. One thread only. */
final class BlockBuilder {
  /** Usual size of a block: large enough to make hand-over between threads cheap. */
  private static final int BLOCK_BYTES = 1 << 20;

  private byte[] bytes = new byte[0];
  private int size;
  private int[] extents = new int[256];
  private long[] offsets = new long[128];
  private String[] keys = new String[128];
  private int count;
  private boolean keyed;
  private boolean overlong;

  /** Begins a block, in a buffer that is no longer used if there is one. */
  void start(byte[] recycled) {
    bytes = recycled != null && recycled.length >= BLOCK_BYTES ? recycled : new byte[BLOCK_BYTES];
    size = 0;
    count = 0;
    keyed = false;
    overlong = false;
  }

  int count() {
    return count;
  }

  boolean full() {
    return overlong || size >= BLOCK_BYTES * 3 / 4;
  }

  /** Where the next bytes go. */
  int size() {
    return size;
  }

  /** The buffer with room for {@code more} bytes. */
  byte[] room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
    return bytes;
  }

  void grow(int by) {
    size += by;
  }

  void add(byte b) {
    room(1)[size++] = b;
  }

  void add(byte[] text) {
    System.arraycopy(text, 0, room(text.length), size, text.length);
    size += text.length;
  }

  /** Ends a record that began at {@code from}. */
  void end(int from, long offset, String key) {
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * count);
      extents = Arrays.copyOf(extents, 4 * count);
      keys = Arrays.copyOf(keys, 2 * count);
    }
    extents[2 * count] = from;
    extents[2 * count + 1] = size;
    offsets[count] = offset;
    keys[count] = key;
    keyed |= key != null;
    count++;
  }

  /** Ends a record whose text was too long to be held. */
  void endOverlong(long offset, String key) {
    end(size, offset, key);
    overlong = true;
  }

  RecordBlock block(long firstOrdinal, long end, String namespace) {
    return new RecordBlock(
        bytes,
        0,
        Arrays.copyOf(offsets, count),
        end,
        firstOrdinal,
        Arrays.copyOf(extents, 2 * count),
        null,
        keyed ? Arrays.copyOf(keys, count) : null,
        namespace,
        overlong);
  }
}
