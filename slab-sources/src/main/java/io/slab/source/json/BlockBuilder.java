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
  private long[] lines = new long[128];
  private String[] problems = new String[128];
  private int count;
  private boolean keyed;
  private boolean lined;
  private boolean troubled;
  private boolean overlong;

  /** Begins a block, in a buffer that is no longer used if there is one. */
  void start(byte[] recycled) {
    bytes = recycled != null && recycled.length >= BLOCK_BYTES ? recycled : new byte[BLOCK_BYTES];
    size = 0;
    count = 0;
    keyed = false;
    lined = false;
    troubled = false;
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

  /** Forgets what was added from there on. */
  void cut(int from) {
    size = from;
  }

  /** Ends a record that began at {@code from}. */
  void end(int from, long offset, String key) {
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * count);
      extents = Arrays.copyOf(extents, 4 * count);
      keys = Arrays.copyOf(keys, 2 * count);
      lines = Arrays.copyOf(lines, 2 * count);
      problems = Arrays.copyOf(problems, 2 * count);
    }
    extents[2 * count] = from;
    extents[2 * count + 1] = size;
    offsets[count] = offset;
    keys[count] = key;
    problems[count] = null;
    keyed |= key != null;
    count++;
  }

  /**
   * Says more about the record that was ended last.
   *
   * @param line where it begins, from 1
   * @param problem why it is none, or null
   */
  void line(long line, String problem) {
    lines[count - 1] = line;
    problems[count - 1] = problem;
    lined = true;
    troubled |= problem != null;
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
        lined ? Arrays.copyOf(lines, count) : null,
        keyed ? Arrays.copyOf(keys, count) : null,
        namespace,
        troubled ? Arrays.copyOf(problems, count) : null,
        overlong);
  }
}
