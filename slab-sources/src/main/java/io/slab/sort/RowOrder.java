package io.slab.sort;

import io.slab.bytes.LittleEndian;
import io.slab.error.InvalidInputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where the rows of a namespace lie, in their order: a mapped file of {@code u32 run, u32 row in
 * the run, u64 offset in its record file}. Thread-safe.
 */
final class RowOrder implements AutoCloseable {
  static final int ENTRY_BYTES = 16;

  private final int rows;
  private final Arena arena;
  private final MemorySegment entries;

  private RowOrder(int rows, Arena arena, MemorySegment entries) {
    this.rows = rows;
    this.arena = arena;
    this.entries = entries;
  }

  static RowOrder open(Path file, long rows) {
    if (rows > Integer.MAX_VALUE - 8) {
      throw new InvalidInputException(
          rows + " records are too many for one namespace", "spread them over several");
    }
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long bytes = rows * ENTRY_BYTES;
      return new RowOrder(
          (int) rows, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena));
    } catch (IOException e) {
      arena.close();
      throw Scratch.failure("read", file, e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  int rows() {
    return rows;
  }

  int run(int at) {
    return entries.get(LittleEndian.INT, (long) at * ENTRY_BYTES);
  }

  int row(int at) {
    return entries.get(LittleEndian.INT, (long) at * ENTRY_BYTES + 4);
  }

  long offset(int at) {
    return entries.get(LittleEndian.LONG, (long) at * ENTRY_BYTES + 8);
  }

  @Override
  public void close() {
    arena.close();
  }
}
