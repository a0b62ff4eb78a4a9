package io.slab.store;

import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.error.OnFailure;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A local object read by ordinary reads into memory of the caller's own. Slower than a mapping
 * where bytes are read again and again. But what cannot be read is an error of that read, and what
 * was read and checked stays as it is when the file changes. Thread-safe.
 */
public final class FileSource implements ByteSource {
  /** The JDK keeps a buffer of this size for each thread that reads. */
  private static final int STEP = 256 << 10;

  private static final int MAX_ARRAY = 1 << 30;

  private final String name;
  private final Path path;
  private final long length;
  private FileChannel channel;
  private boolean closed;

  private FileSource(String name, Path path, FileChannel channel, long length) {
    this.name = name;
    this.path = path;
    this.channel = channel;
    this.length = length;
  }

  /** Opens a file; {@code name} is what errors call it. */
  public static FileSource open(String name, Path path) {
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      return OnFailure.close(channel, () -> new FileSource(name, path, channel, channel.size()));
    } catch (NoSuchFileException e) {
      throw new MissingException(path.toString(), -1, "no such object", "an object");
    } catch (IOException e) {
      throw StoreErrors.of("open", path, e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public boolean mapped() {
    return false;
  }

  @Override
  public boolean isNear() {
    return true;
  }

  @Override
  public ByteSource forSearch() {
    return MappedSource.open(name, path);
  }

  @Override
  public MemorySegment read(long offset, long count) {
    ObjectRange.require(name, length, offset, count);
    MemorySegment bytes =
        count <= MAX_ARRAY
            ? MemorySegment.ofArray(new byte[(int) count])
            : Arena.ofAuto().allocate(count, 64);
    // An interrupt would close the channel in the middle of a read, for all threads.
    boolean interrupted = Thread.interrupted();
    try {
      fill(bytes, offset);
    } catch (IOException e) {
      throw StoreErrors.unreadable(name, path, offset, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return bytes;
  }

  private void fill(MemorySegment bytes, long offset) throws IOException {
    long size = bytes.byteSize();
    for (long at = 0; at < size; ) {
      ByteBuffer part = bytes.asSlice(at, Math.min(STEP, size - at)).asByteBuffer();
      int read = read(part, offset + at);
      if (read < 0) {
        throw new CorruptException(
            name, offset + at, "the end of the file", length + " bytes, as when it was opened");
      }
      at += read;
    }
  }

  private int read(ByteBuffer part, long at) throws IOException {
    while (true) {
      FileChannel open = channel();
      try {
        return open.read(part, at);
      } catch (ClosedChannelException e) {
        // Another thread was interrupted while it read; or this source was closed, which shows now.
        Thread.interrupted();
      }
    }
  }

  private synchronized FileChannel channel() throws IOException {
    if (closed) {
      throw new IllegalStateException(name + " is closed");
    }
    if (!channel.isOpen()) {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    }
    return channel;
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written: there is nothing to lose.
    }
  }
}
