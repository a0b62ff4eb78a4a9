package io.slab.format;

import io.slab.bytes.ByteWriter;
import io.slab.error.StoreException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Bytes that are needed for a while and may be too many for memory: written once from front to
 * back, then mapped. The file leaves its folder at once, and the disk when its mapping ends. One
 * thread only until it is mapped.
 */
final class ScratchFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final FileChannel channel;
  private final ByteWriter buffer = new ByteWriter(BUFFER_BYTES + (1 << 16));
  private long written;

  /**
   * @param folder where to; null for the system's folder of temporary files
   */
  ScratchFile(Path folder) {
    try {
      Path file =
          folder == null
              ? Files.createTempFile("slab", ".rows")
              : Files.createTempFile(folder, ".tmp-", ".rows");
      channel =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private StoreException failed(IOException e) {
    return new StoreException(
        StoreException.Kind.FAILED,
        "cannot write a scratch file of " + length() + " bytes and more",
        "free some space in the temporary folder",
        e);
  }

  /** Bytes added so far. */
  long length() {
    return written + (buffer == null ? 0 : buffer.size());
  }

  /** Where the next bytes are to be put; call {@link #flushFull} after. */
  ByteWriter out() {
    return buffer;
  }

  /** Writes what was put into {@link #out} when it is much. */
  void flushFull() {
    if (buffer.size() >= BUFFER_BYTES) {
      flush();
    }
  }

  private void flush() {
    ByteBuffer bytes = ByteBuffer.wrap(buffer.array(), 0, buffer.size());
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw failed(e);
    }
    written += buffer.size();
    buffer.clear();
  }

  /** All bytes, readable as long as the arena lives. */
  MemorySegment map(Arena arena) {
    flush();
    try {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, written, arena);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
