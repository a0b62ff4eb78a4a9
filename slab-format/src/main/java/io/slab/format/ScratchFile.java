package io.slab.format;

import io.slab.bytes.ByteWriter;
import io.slab.error.StoreException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Bytes that are needed for a while and may be too many for memory: written once, then mapped. The
 * file leaves its folder at once, and the disk when its mapping ends. One thread only until it is
 * mapped.
 */
final class ScratchFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path folder;
  private final FileChannel channel;
  private final ByteWriter buffer = new ByteWriter(BUFFER_BYTES + (1 << 16));

  /** Values of one row on their way to a place of their own. */
  private ByteBuffer row = ByteBuffer.allocate(0);

  /** Where {@link #buffer} goes. */
  private long written;

  /** Bytes up to the last one that was written. */
  private long end;

  /**
   * @param folder where to; null for the system's folder of temporary files
   * @param least bytes that are going to be written at least
   * @throws StoreException when they have no room there
   */
  ScratchFile(Path folder, long least) {
    this.folder = folder == null ? Path.of(System.getProperty("java.io.tmpdir")) : folder;
    try {
      long room = room();
      // Some mounted file systems say 0 for want of knowing.
      if (room > 0 && room < least) {
        throw failed("it has room for " + room + " bytes of at least " + least, null);
      }
      Path file = Files.createTempFile(this.folder, ".tmp-slab-", ".rows");
      channel =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw failed("it cannot be written to", e);
    }
  }

  /** Bytes that are free, as far as they are known; else 0. */
  private long room() {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      // As without /proc: the writes will tell.
      return 0;
    }
  }

  private StoreException failed(String why, IOException e) {
    return new StoreException(
        StoreException.Kind.FAILED,
        "cannot write a scratch file of " + length() + " bytes and more to " + folder + ": " + why,
        "free some space there, or name another folder with the environment variable TMPDIR",
        e);
  }

  /** Bytes added to {@link #out} so far. */
  long length() {
    return written + (buffer == null ? 0 : buffer.size());
  }

  /** Where the next bytes are to be put; call {@link #flushFull} after. */
  ByteWriter out() {
    return buffer;
  }

  /**
   * Puts values at a place: those that follow the ones before are gathered.
   *
   * @param at offset in the file
   */
  void floats(long at, float[] values) {
    if (at == length()) {
      buffer.floats(values);
      flushFull();
      return;
    }
    if (row.capacity() != 4 * values.length) {
      row = ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    }
    row.clear();
    row.asFloatBuffer().put(values);
    write(row, at);
  }

  /** Writes what was put into {@link #out} when it is much. */
  void flushFull() {
    if (buffer.size() >= BUFFER_BYTES) {
      flush();
    }
  }

  private void flush() {
    write(ByteBuffer.wrap(buffer.array(), 0, buffer.size()), written);
    written += buffer.size();
    buffer.clear();
  }

  private void write(ByteBuffer bytes, long at) {
    try {
      for (long place = at; bytes.hasRemaining(); ) {
        place += channel.write(bytes, place);
        end = Math.max(end, place);
      }
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()), e);
    }
  }

  /** All bytes, readable as long as the arena lives. */
  MemorySegment map(Arena arena) {
    flush();
    try {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, end, arena);
    } catch (IOException e) {
      throw failed("it cannot be mapped", e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed("it cannot be closed", e);
    }
  }
}
