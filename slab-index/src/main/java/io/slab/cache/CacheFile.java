package io.slab.cache;

import io.slab.bytes.LittleEndian;
import io.slab.error.StoreException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What is known of one remote object, in one sparse local file:
 *
 * <pre>
 *    0     u64  magic
 *    8     u64  length of the object
 *   16     u64  bytes kept, about
 *   24     u32  length of the key, then the key in UTF-8
 * 4096          the object, with holes
 *    M          one byte for every 64 of the object: 1 where a unit that is at hand begins
 * </pre>
 *
 * Any number of processes use a file at once without locks: a unit is checked before it is written,
 * so that two who write the same place write the same bytes, and it is marked after it was written.
 * A process that is killed in between leaves bytes without a mark. Marks and bytes are written by
 * system calls and read through mappings: a full disk is then an error and not a fault.
 * Thread-safe.
 */
final class CacheFile implements AutoCloseable {
  static final long MAGIC = 0x3143_4142_414C_5389L;
  static final int HEADER = 4096;
  static final int KEY_AT = 28;
  static final int MAX_KEY = HEADER - KEY_AT;
  private static final int GRAIN_LOG2 = 6;

  /** Aligned, as atomic additions must be. */
  private static final VarHandle USED =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private final Path path;
  private final FileChannel channel;
  private final Arena arena;
  private final MemorySegment header;
  private final MemorySegment data;
  private final MemorySegment marks;
  private final long marksAt;

  private CacheFile(Path path, FileChannel channel, long length) throws IOException {
    this.path = path;
    this.channel = channel;
    marksAt = marksAt(length);
    arena = Arena.ofShared();
    try {
      header = channel.map(FileChannel.MapMode.READ_WRITE, 0, HEADER, arena);
      data = channel.map(FileChannel.MapMode.READ_ONLY, HEADER, Math.max(1, length), arena);
      marks = channel.map(FileChannel.MapMode.READ_ONLY, marksAt, marks(length), arena);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static long marksAt(long length) {
    return HEADER + (length + HEADER - 1) / HEADER * HEADER;
  }

  private static long marks(long length) {
    return Math.max(1, (length >> GRAIN_LOG2) + 1);
  }

  /** Fills an empty file. */
  static void format(FileChannel channel, byte[] key, long length) throws IOException {
    if (key.length > MAX_KEY) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes");
    }
    channel.write(ByteBuffer.allocate(1), marksAt(length) + marks(length) - 1);
    MemorySegment header = MemorySegment.ofArray(new byte[HEADER]);
    header.set(LittleEndian.LONG, 0, MAGIC);
    header.set(LittleEndian.LONG, 8, length);
    header.set(LittleEndian.INT, 24, key.length);
    MemorySegment.copy(key, 0, header, ValueLayout.JAVA_BYTE, 28, key.length);
    ByteBuffer bytes = header.asByteBuffer();
    while (bytes.hasRemaining()) {
      channel.write(bytes, bytes.position());
    }
  }

  /**
   * Takes over a channel.
   *
   * @return null when the file is not what {@link #format} makes of this key and length
   */
  static CacheFile open(Path path, FileChannel channel, byte[] key, long length)
      throws IOException {
    if (channel.size() != marksAt(length) + marks(length)) {
      return null;
    }
    CacheFile file = new CacheFile(path, channel, length);
    MemorySegment header = file.header;
    boolean fits =
        header.get(LittleEndian.LONG, 0) == MAGIC
            && header.get(LittleEndian.LONG, 8) == length
            && header.get(LittleEndian.INT, 24) == key.length
            && Arrays.equals(header.asSlice(28, key.length).toArray(ValueLayout.JAVA_BYTE), key);
    if (!fits) {
      file.arena.close();
      return null;
    }
    return file;
  }

  /** Bytes kept in a file that may be any file; -1 when it is none of these. */
  static long used(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      ByteBuffer bytes = ByteBuffer.allocate(24);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes) < 0) {
          return -1;
        }
      }
      MemorySegment header = MemorySegment.ofBuffer(bytes.flip());
      return header.get(LittleEndian.LONG, 0) == MAGIC ? header.get(LittleEndian.LONG, 16) : -1;
    }
  }

  static byte[] key(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  MemorySegment view(long offset, long length) {
    return data.asSlice(offset, length);
  }

  boolean has(long unit) {
    return marks.get(ValueLayout.JAVA_BYTE, unit >> GRAIN_LOG2) == 1;
  }

  /** Writes checked bytes of a stretch; {@link #mark} its units afterwards. */
  void write(long offset, MemorySegment bytes) {
    try {
      writeFully(bytes, HEADER + offset);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void writeFully(MemorySegment bytes, long at) throws IOException {
    long done = 0;
    while (done < bytes.byteSize()) {
      long size = Math.min(1 << 20, bytes.byteSize() - done);
      ByteBuffer buffer = bytes.asSlice(done, size).asByteBuffer();
      while (buffer.hasRemaining()) {
        channel.write(buffer, at + done + buffer.position());
      }
      done += size;
    }
  }

  void mark(long unit, long length) {
    if (!has(unit)) {
      setMark(unit, 1);
      Object before = USED.getAndAdd(header, 16L, length);
      assert before != null;
    }
  }

  /** Forgets a unit whose bytes are not what they should be. */
  void drop(long unit) {
    setMark(unit, 0);
  }

  private void setMark(long unit, int value) {
    try {
      channel.write(ByteBuffer.wrap(new byte[] {(byte) value}), marksAt + (unit >> GRAIN_LOG2));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private StoreException failed(IOException cause) {
    return new StoreException(
        StoreException.Kind.FAILED,
        "cannot write the local cache " + path + ": " + cause.getMessage(),
        "free some space there, or name another folder with --cache-dir",
        cause);
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
    try {
      channel.close();
    } catch (IOException e) {
      // Every write had its own answer.
    }
  }
}
