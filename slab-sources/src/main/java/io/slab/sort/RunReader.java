package io.slab.sort;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.LittleEndian;
import io.slab.bytes.Segments;
import io.slab.error.StoreException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A run, mapped. Thread-safe, heads are not. */
final class RunReader {
  private final Run run;
  private final int position;
  private final Path path;
  private final MemorySegment records;
  private final MemorySegment vectors;

  /**
   * @param position among the runs, in the order in which their records came
   */
  RunReader(Path folder, Run run, int position, Arena arena) {
    this.run = run;
    this.position = position;
    this.path = folder.resolve(run.recordFile());
    this.records = map(path, run.recordBytes(), arena);
    this.vectors =
        run.vectorBytes() == 0
            ? null
            : map(folder.resolve(run.vectorFile()), run.vectorBytes(), arena);
  }

  private static MemorySegment map(Path file, long bytes, Arena arena) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() != bytes) {
        throw new StoreException(
            StoreException.Kind.FAILED,
            file + " has " + channel.size() + " bytes instead of " + bytes,
            "another program changed the work folder; remove it and begin anew",
            null);
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
    } catch (IOException e) {
      throw Scratch.failure("read", file, e);
    }
  }

  int position() {
    return position;
  }

  /** Bytes of the row at an offset, its length included. */
  long rowBytes(long offset) {
    return RowCodec.LENGTH_BYTES + Integer.toUnsignedLong(records.get(LittleEndian.INT, offset));
  }

  /** A cursor over the row at an offset. */
  ByteCursor row(long offset) {
    return new ByteCursor(path.toString(), offset, records.asSlice(offset, rowBytes(offset)));
  }

  void vector(int row, float[] target) {
    Segments.copyFloats(vectors, 4L * row * target.length, target, 0, target.length);
  }

  /** A head before the first row. */
  Head head() {
    return new Head();
  }

  /** Where the reading of the run stands. One thread only. */
  final class Head implements Comparable<Head> {
    private int row = -1;
    private long offset;
    private long next;
    private long hash;
    private byte[] key;

    boolean advance() {
      row++;
      offset = next;
      if (row == run.rows()) {
        return false;
      }
      ByteCursor in = RunReader.this.row(offset);
      hash = RowCodec.hash(in);
      key = RowCodec.key(in);
      next = offset + rowBytes(offset);
      return true;
    }

    RunReader reader() {
      return RunReader.this;
    }

    private int position() {
      return position;
    }

    int row() {
      return row;
    }

    long offset() {
      return offset;
    }

    long hash() {
      return hash;
    }

    byte[] key() {
      return key;
    }

    @Override
    public int compareTo(Head other) {
      int order = java.util.Arrays.compareUnsigned(key, other.key);
      // Runs are numbered as their records came: the latest of one key comes out last.
      return order != 0 ? order : Integer.compare(position(), other.position());
    }
  }
}
