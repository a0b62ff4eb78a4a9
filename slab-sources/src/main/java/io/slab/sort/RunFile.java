package io.slab.sort;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** A scratch file being written from front to back, with its checksum. One thread only. */
final class RunFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final CRC32C crc = new CRC32C();
  private long length;

  /** Creates the file, or empties it. */
  RunFile(Path path) {
    this.path = path;
    try {
      channel =
          FileChannel.open(
              path,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING);
    } catch (IOException e) {
      throw Scratch.failure("write", path, e);
    }
  }

  void write(byte[] bytes, int count) {
    crc.update(bytes, 0, count);
    length += count;
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw Scratch.failure("write", path, e);
    }
  }

  long length() {
    return length;
  }

  int crc() {
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw Scratch.failure("write", path, e);
    }
  }
}
