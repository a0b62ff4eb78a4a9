package io.slab.bytes;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.slab.error.CorruptException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Independent zstd frames with the content size present. A block is stored raw when compression
 * does not make it smaller, so {@code stored length == raw length} always means raw bytes.
 */
public final class Zstd {
  /** Most raw bytes of one block; a reader refuses larger claims before it allocates. */
  public static final int MAX_BLOCK = 8 << 20;

  private static final int LEVEL = 3;

  /** Making a context takes longer than to decompress a small block with it. */
  private static final ArrayBlockingQueue<ZstdDecompressCtx> IDLE = new ArrayBlockingQueue<>(16);

  private Zstd() {}

  /** Compresses one block, or returns the very bytes given when that is not smaller. */
  public static byte[] compress(byte[] raw, int offset, int length) {
    byte[] target = new byte[(int) com.github.luben.zstd.Zstd.compressBound(length)];
    long size =
        com.github.luben.zstd.Zstd.compressByteArray(
            target, 0, target.length, raw, offset, length, LEVEL);
    if (com.github.luben.zstd.Zstd.isError(size)) {
      throw new IllegalStateException(com.github.luben.zstd.Zstd.getErrorName(size));
    }
    return size < length
        ? Arrays.copyOf(target, Math.toIntExact(size))
        : Arrays.copyOfRange(raw, offset, offset + length);
  }

  /** Undoes {@link #compress}: {@code rawLength} must already be known from a checked table. */
  public static byte[] decompress(byte[] stored, int rawLength, String resource, long offset) {
    if (rawLength < 0 || rawLength > MAX_BLOCK) {
      throw new CorruptException(
          resource, offset, "a block of " + rawLength + " bytes", "at most " + MAX_BLOCK);
    }
    if (stored.length == rawLength) {
      return stored;
    }
    ZstdHeader.check(stored, rawLength, resource, offset);
    byte[] raw = new byte[rawLength];
    String found;
    ZstdDecompressCtx known = IDLE.poll();
    ZstdDecompressCtx context = known == null ? new ZstdDecompressCtx() : known;
    try {
      int size = context.decompressByteArray(raw, 0, rawLength, stored, 0, stored.length);
      if (size == rawLength) {
        return raw;
      }
      found = size + " bytes";
    } catch (ZstdException e) {
      found = e.getMessage();
    } finally {
      if (!IDLE.offer(context)) {
        context.close();
      }
    }
    throw new CorruptException(resource, offset, found, "a zstd frame of " + rawLength + " bytes");
  }
}
