package io.slab.source.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.slab.error.UnsupportedException;
import io.slab.source.parquet.BlockCodecs.Malformed;
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
        case LZ4 -> framedLz4(in, from, length, size);
        case GZIP -> gzip(in, from, length, size);
        case ZSTD -> zstd(in, from, length, size);
        case BROTLI ->
            exactly(
                new org.brotli.dec.BrotliInputStream(new ByteArrayInputStream(in, from, length)),
                size);
        default ->
            throw new UnsupportedException(
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
   * The old codec LZ4: blocks behind two big-endian lengths as Hadoop writes them, or, from some
   * writers, a bare block.
   */
  private static byte[] framedLz4(byte[] in, int from, int length, int size) {
    if (length > 8) {
      int whole = bigEndian(in, from);
      int packed = bigEndian(in, from + 4);
      if (whole == size && packed == length - 8) {
        return BlockCodecs.lz4(in, from + 8, from + length, size);
      }
    }
    return BlockCodecs.lz4(in, from, from + length, size);
  }

  private static int bigEndian(byte[] in, int at) {
    return (in[at] & 0xFF) << 24
        | (in[at + 1] & 0xFF) << 16
        | (in[at + 2] & 0xFF) << 8
        | in[at + 3] & 0xFF;
  }
}
