package io.slab.serve.rest;

import io.slab.serve.api.ApiException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Segments of paths, in which a plus is a plus. */
final class Percent {
  private Percent() {}

  /** The text of a segment. */
  static String decode(String segment) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    byte[] in = segment.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length];
    int length = 0;
    for (int i = 0; i < in.length; i++) {
      if (in[i] != '%') {
        out[length++] = in[i];
      } else if (i + 2 < in.length && hex(in[i + 1]) && hex(in[i + 2])) {
        out[length++] =
            (byte) (HexFormat.fromHexDigit(in[i + 1]) << 4 | HexFormat.fromHexDigit(in[i + 2]));
        i += 2;
      } else {
        throw ApiException.invalid("'%' in the path without two hexadecimal digits behind");
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(out, 0, length)).toString();
    } catch (CharacterCodingException e) {
      throw ApiException.invalid("the path is not UTF-8");
    }
  }

  private static boolean hex(byte digit) {
    return HexFormat.isHexDigit(digit);
  }
}
