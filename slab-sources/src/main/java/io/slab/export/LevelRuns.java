package io.slab.export;

import java.io.ByteArrayOutputStream;

/** Levels of one page as runs (Parquet's RLE encoding). */
final class LevelRuns {
  private final int bytes;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int value;
  private long count;

  /**
   * @param max largest level; 0 for none at all
   */
  LevelRuns(int max) {
    bytes = max == 0 ? 0 : 1;
  }

  void add(int level, int times) {
    if (times == 0 || bytes == 0) {
      return;
    }
    if (level != value) {
      flush();
      value = level;
    }
    count += times;
  }

  private void flush() {
    if (count > 0) {
      long header = count << 1;
      while (header > 0x7F) {
        out.write((int) (header & 0x7F | 0x80));
        header >>>= 7;
      }
      out.write((int) header);
      out.write(value);
      count = 0;
    }
  }

  /** Takes the runs behind their length, which is how a page of version 1 holds them. */
  void take(ByteArrayOutputStream page) {
    if (bytes == 0) {
      return;
    }
    flush();
    int size = out.size();
    for (int i = 0; i < 4; i++) {
      page.write(size >>> 8 * i);
    }
    page.writeBytes(out.toByteArray());
    out.reset();
  }
}
