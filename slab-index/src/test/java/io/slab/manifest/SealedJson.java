package io.slab.manifest;

import io.slab.bytes.Crc;
import io.slab.model.Utf8;

/** Checked JSON whose text was changed, with the checksum that fits it. */
public final class SealedJson {
  private SealedJson() {}

  public static byte[] seal(String text) {
    String zeros = text.replaceFirst("\"crc32c\":\"........\"", "\"crc32c\":\"00000000\"");
    byte[] bytes = Utf8.bytes(zeros);
    String right = Crc.hex(Crc.of(bytes, 0, bytes.length));
    return Utf8.bytes(zeros.replaceFirst("00000000", right));
  }
}
