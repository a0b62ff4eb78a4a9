package io.slab.format;

import io.slab.bytes.ByteWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * One scratch file for the numbers of all columns of a slab that are too many for memory: first
 * filled, then read. It is made when the first of them come. One thread only.
 */
final class ColumnSpill implements AutoCloseable {
  private final Path folder;
  private ScratchFile file;
  private Arena arena;
  private MemorySegment mapped;

  /**
   * @param folder for the file; null for the system's
   */
  ColumnSpill(Path folder) {
    this.folder = folder;
  }

  /** Takes numbers in; returns where they begin. Not after {@link #numbers}. */
  long add(int[] numbers) {
    if (mapped != null) {
      throw new IllegalStateException("numbers are being read already");
    }
    if (file == null) {
      file = new ScratchFile(folder, 0);
    }
    long place = file.length();
    ByteWriter out = file.out();
    for (int number : numbers) {
      out.u32(number);
    }
    file.flushFull();
    return place;
  }

  /** What was taken in: little-endian, readable until this is closed. */
  MemorySegment numbers() {
    if (mapped == null) {
      arena = Arena.ofConfined();
      mapped = file.map(arena);
    }
    return mapped;
  }

  @Override
  public void close() {
    if (arena != null) {
      arena.close();
    }
    if (file != null) {
      file.close();
    }
  }
}
