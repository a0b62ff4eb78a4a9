package io.slab.store;

import io.slab.error.ConflictException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A large local object on its way: a temporary file in the target folder that is linked to its name
 * at the end.
 */
final class LocalUpload implements ObjectUpload {
  private static final int BUFFER = 256 << 10;
  private static final long STEP = 8 << 20;

  private final LocalStore store;
  private final FileForce force;
  private final String name;
  private final Path temporary;
  private final FileChannel channel;

  /**
   * Gathers small writes (single rows, padding): a system call for each would cost more than the
   * bytes.
   */
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

  private long position;
  private boolean finished;

  LocalUpload(LocalStore store, FileForce force, String name, Path temporary, FileChannel channel) {
    this.store = store;
    this.force = force;
    this.name = name;
    this.temporary = temporary;
    this.channel = channel;
  }

  @Override
  public void write(MemorySegment bytes) {
    requireOpen();
    long size = bytes.byteSize();
    try {
      if (size > buffer.remaining()) {
        drain();
      }
      if (size <= buffer.remaining()) {
        buffer.put(bytes.asByteBuffer());
      } else {
        for (long at = 0; at < size; at += STEP) {
          writeFully(bytes.asSlice(at, Math.min(STEP, size - at)).asByteBuffer());
        }
      }
    } catch (IOException e) {
      throw StoreErrors.before("write", temporary, e);
    }
    position += size;
  }

  private void drain() throws IOException {
    buffer.flip();
    writeFully(buffer);
    buffer.clear();
  }

  private void writeFully(ByteBuffer part) throws IOException {
    while (part.hasRemaining()) {
      channel.write(part);
    }
  }

  /**
   * Beside the object, where there must be room for it, and where gc removes what a crash leaves.
   */
  @Override
  public Path scratch() {
    return temporary.getParent();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void commit() {
    requireOpen();
    finished = true;
    try (channel) {
      drain();
      force.force(channel);
    } catch (IOException e) {
      store.removeTemporary(temporary);
      throw StoreErrors.before("write", temporary, e);
    }
    if (!store.publishUpload(temporary, name)) {
      throw new ConflictException("the object " + name + " exists already");
    }
  }

  private void requireOpen() {
    if (finished) {
      throw new IllegalStateException("the upload of " + name + " is finished");
    }
  }

  @Override
  public void close() {
    if (finished) {
      return;
    }
    finished = true;
    try {
      channel.close();
    } catch (IOException e) {
      // The file is being thrown away: nothing depends on its last bytes.
    }
    store.removeTemporary(temporary);
  }
}
