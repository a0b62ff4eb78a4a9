package io.slab.serve.rest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Bodies as gzip, the quickest way. */
final class Gzip {
  /** A shorter body is sent as it is. */
  private static final int FROM = 8 << 10;

  private Gzip() {}

  /**
   * Whether a body is to be compressed.
   *
   * @param accepted header of the request, or null
   */
  static boolean suits(String accepted, int bytes) {
    return bytes >= FROM && accepted != null && accepted.contains("gzip");
  }

  static byte[] of(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 2);
    try (OutputStream gzip = new Fast(out)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // There is no storage behind it.
    }
    return out.toByteArray();
  }

  private static final class Fast extends GZIPOutputStream {
    Fast(OutputStream out) throws IOException {
      super(out, 4096);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
