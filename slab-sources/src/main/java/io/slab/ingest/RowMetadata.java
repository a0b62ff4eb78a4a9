package io.slab.ingest;

import io.slab.error.InvalidInputException;
import io.slab.model.Metadata;
import io.slab.model.Utf8;
import io.slab.source.ReadFailure;
import io.slab.source.ReadOptions;
import io.slab.source.json.BadRecordException;
import io.slab.source.json.BlockReader;
import io.slab.source.json.RowLine;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A file of JSON lines, one for each row of a matrix, mapped into memory. Held are 8 bytes a row
 * and, where the lines name the rows, 8 more and the ids. Thread-safe, readers are not.
 */
final class RowMetadata implements AutoCloseable {
  private final String name;
  private final ReadOptions options;
  private final Arena arena;
  private final MemorySegment text;

  /** Where line i begins; one more entry than lines. */
  private final long[] starts;

  /** Where id i begins in {@link #ids}; null when the rows are numbered. */
  private long[] idStarts;

  private MemorySegment ids;

  private RowMetadata(String name, Arena arena, MemorySegment text, int rows, ReadOptions options) {
    this.options = options;
    this.name = name;
    this.arena = arena;
    this.text = text;
    this.starts = new long[rows + 1];
  }

  /**
   * Reads and checks every line.
   *
   * @param rows how many lines there must be, empty ones not counted
   * @throws InvalidInputException naming the line and what is wrong with it
   */
  static RowMetadata open(Path file, int rows, ReadOptions options) {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment text = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      RowMetadata metadata = new RowMetadata(file.toString(), arena, text, rows, options);
      metadata.index();
      return metadata;
    } catch (NoSuchFileException e) {
      arena.close();
      throw ReadFailure.missing("--metadata", file);
    } catch (IOException e) {
      arena.close();
      throw ReadFailure.of(file.toString(), e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private final NoteTally notes = new NoteTally();

  private void index() {
    IdArena names = new IdArena(starts.length - 1);
    Reader reader = new Reader();
    long number = 0;
    int row = 0;
    for (long at = 0; at < text.byteSize(); number++) {
      long end = lineEnd(at);
      if (!blank(at, end)) {
        if (row == starts.length - 1) {
          throw bad(number, "one line more than the matrix has rows");
        }
        starts[row] = at;
        add(names, row, number, reader, end);
        row++;
      }
      at = end + 1;
    }
    if (row < starts.length - 1) {
      throw new InvalidInputException(
          name + " has " + row + " lines for the " + (starts.length - 1) + " rows of the matrix");
    }
    starts[row] = text.byteSize();
    if (names.any()) {
      idStarts = names.starts();
      ids = names.bytes();
    }
  }

  private void add(IdArena names, int row, long number, Reader reader, long end) {
    try {
      reader.read(starts[row], end);
      notes.add(reader.line.notes(), name + ":" + (number + 1));
    } catch (BadRecordException e) {
      throw bad(number, e.getMessage());
    }
    String id = reader.line.id();
    if (row > 0 && (id != null) != names.any()) {
      throw bad(number, "either all lines have an 'id' or none has");
    }
    if (id != null) {
      names.add(Utf8.bytes(id));
    }
  }

  private InvalidInputException bad(long number, String what) {
    return new InvalidInputException(name + ":" + (number + 1) + ": " + what);
  }

  private long lineEnd(long from) {
    long at = from;
    while (at < text.byteSize() && text.get(ValueLayout.JAVA_BYTE, at) != '\n') {
      at++;
    }
    return at;
  }

  private boolean blank(long from, long to) {
    for (long at = from; at < to; at++) {
      byte b = text.get(ValueLayout.JAVA_BYTE, at);
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  /** Counts what was done to values. */
  void notes(NoteTally into) {
    notes.counts().forEach(into::add);
  }

  /** True when the lines name the rows. */
  boolean hasIds() {
    return idStarts != null;
  }

  /** UTF-8 bytes of the id of a row. */
  byte[] id(int row) {
    return ids.asSlice(idStarts[row], idStarts[row + 1] - idStarts[row])
        .toArray(ValueLayout.JAVA_BYTE);
  }

  /** Unsigned order of the ids of two rows. */
  int compareIds(int a, int b) {
    long differs =
        MemorySegment.mismatch(
            ids, idStarts[a], idStarts[a + 1], ids, idStarts[b], idStarts[b + 1]);
    if (differs < 0) {
      return 0;
    }
    long lengthA = idStarts[a + 1] - idStarts[a];
    long lengthB = idStarts[b + 1] - idStarts[b];
    if (differs == lengthA || differs == lengthB) {
      return Long.compare(lengthA, lengthB);
    }
    return Byte.compareUnsigned(
        ids.get(ValueLayout.JAVA_BYTE, idStarts[a] + differs),
        ids.get(ValueLayout.JAVA_BYTE, idStarts[b] + differs));
  }

  long bytes() {
    return text.byteSize();
  }

  Reader reader() {
    return new Reader();
  }

  @Override
  public void close() {
    arena.close();
  }

  /** Reads lines again, in any order. One thread only. */
  final class Reader {
    private final RowLine line = new RowLine(options);
    private byte[] buffer = new byte[1024];

    Metadata metadata(int row) {
      read(starts[row], lineEnd(starts[row]));
      return line.metadata();
    }

    private void read(long from, long end) {
      long size = end - from;
      if (size > BlockReader.MAX_LINE_BYTES) {
        throw new BadRecordException(
            0, null, "Record is longer than the limit of " + BlockReader.MAX_LINE_BYTES + " bytes");
      }
      if (size > buffer.length) {
        buffer = new byte[(int) Math.max(size, 2L * buffer.length)];
      }
      MemorySegment.copy(text, ValueLayout.JAVA_BYTE, from, buffer, 0, (int) size);
      line.parse(buffer, 0, (int) size);
    }
  }

  /** Collects ids end to end. */
  private static final class IdArena {
    private final int rows;
    private long[] starts;
    private byte[] bytes = new byte[0];
    private int count;

    IdArena(int rows) {
      this.rows = rows;
    }

    boolean any() {
      return starts != null;
    }

    void add(byte[] id) {
      if (starts == null) {
        starts = new long[rows + 1];
        bytes = new byte[1 << 12];
      }
      long from = starts[count];
      if (from + id.length > bytes.length) {
        if (bytes.length > Integer.MAX_VALUE / 2) {
          throw new BadRecordException(0, "id", "The ids of this file exceed 1 GiB");
        }
        bytes = Arrays.copyOf(bytes, 2 * bytes.length);
      }
      System.arraycopy(id, 0, bytes, (int) from, id.length);
      starts[++count] = from + id.length;
    }

    long[] starts() {
      return starts;
    }

    MemorySegment bytes() {
      return MemorySegment.ofArray(bytes);
    }
  }
}
