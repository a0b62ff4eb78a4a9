package io.slab.source.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.slab.error.UnsupportedException;
import io.slab.source.ForeignFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.format.CompressionCodec;

/** Unpacks the bytes of pages. Thread-safe. */
final class PageCodec {
  private PageCodec() {}

  /**
   * Unpacks a page or the data part of one.
   *
   * @param size bytes expected, already checked against the limit of a page
   * @throws Malformed when the bytes are not what the codec writes, or are more or fewer than
   *     expected
   * @throws UnsupportedException for a codec that is not read
   */
  static byte[] unpack(
      String file, CompressionCodec codec, byte[] in, int from, int length, int size) {
    try {
      return switch (codec) {
        case SNAPPY -> BlockCodecs.snappy(in, from, from + length, size);
        case LZ4_RAW -> BlockCodecs.lz4(in, from, from + length, size);
        case LZ4 -> oldLz4(in, from, length, size);
        case GZIP -> gzip(in, from, length, size);
        case ZSTD -> zstd(in, from, length, size);
        case BROTLI ->
            exactly(
                new org.brotli.dec.BrotliInputStream(new ByteArrayInputStream(in, from, length)),
                size);
        default ->
            throw ForeignFile.unsupported(
                file, -1, "pages packed with " + codec, "none, snappy, gzip, zstd, lz4 or brotli");
      };
    } catch (IOException | ZstdException e) {
      throw new Malformed(codec + " data that cannot be unpacked: " + e.getMessage());
    }
  }

  private static byte[] zstd(byte[] in, int from, int length, int size) {
    byte[] out = new byte[size];
    long n = Zstd.decompressByteArray(out, 0, size, in, from, length);
    if (Zstd.isError(n) || n != size) {
      String what = Zstd.isError(n) ? Zstd.getErrorName(n) : n + " bytes, not " + size;
      throw new Malformed("zstd data: " + what);
    }
    return out;
  }

  private static byte[] gzip(byte[] in, int from, int length, int size) throws IOException {
    return exactly(new GZIPInputStream(new ByteArrayInputStream(in, from, length), 1 << 14), size);
  }

  private static byte[] exactly(InputStream in, int size) throws IOException {
    try (in) {
      byte[] out = in.readNBytes(size);
      if (out.length < size || in.read() >= 0) {
        throw new Malformed("fewer or more bytes than the " + size + " of the page");
      }
      return out;
    }
  }

  /**
   * The old codec LZ4: blocks as Hadoop frames them or, from some writers, a bare block. A bare one
   * whose first bytes look like a frame does not unpack as frames to the very size of the page.
   */
  private static byte[] oldLz4(byte[] in, int from, int length, int size) {
    byte[] out = new byte[size];
    return unframe(in, from, from + length, out)
        ? out
        : BlockCodecs.lz4(in, from, from + length, size);
  }

  /**
   * Unpacks what Hadoop's block streams write: frames of a big-endian unpacked length and then
   * blocks, each behind its big-endian packed length, until they make up the unpacked one.
   *
   * @return false when it is something else
   */
  private static boolean unframe(byte[] in, int from, int to, byte[] out) {
    int p = from;
    int at = 0;
    try {
      while (to - p >= 8) {
        long end = at + (long) bigEndian(in, p);
        p += 4;
        if (end < at || end > out.length) {
          return false;
        }
        while (at < end) {
          int packed = to - p < 4 ? -1 : bigEndian(in, p);
          p += 4;
          if (packed <= 0 || packed > to - p) {
            return false;
          }
          at = BlockCodecs.lz4(in, p, p + packed, out, at);
          p += packed;
        }
        if (at > end) {
          return false;
        }
      }
    } catch (Malformed e) {
      return false;
    }
    return p == to && at == out.length;
  }

  private static int bigEndian(byte[] in, int at) {
    return (in[at] & 0xFF) << 24
        | (in[at + 1] & 0xFF) << 16
        | (in[at + 2] & 0xFF) << 8
        | in[at + 3] & 0xFF;
  }
}
