package io.slab.manifest;

import io.slab.bytes.Crc;
import io.slab.error.CorruptException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Utf8;
import java.util.Arrays;
import tools.jackson.core.JsonGenerator;

/**
 * A JSON object whose first member is its own checksum: {@code {"crc32c":"xxxxxxxx",...}}, plain
 * CRC-32C of the whole file with those eight digits as {@code 00000000}. It stays ordinary JSON for
 * every other tool.
 */
final class CheckedJson {
  private static final String PREFIX = "{\"crc32c\":\"";
  private static final int DIGITS = 8;

  /** Writes the members after the checksum. */
  interface Members {
    void write(JsonGenerator out);
  }

  private CheckedJson() {}

  static byte[] write(Members members) {
    byte[] bytes =
        Json.bytes(out -> {
          out.writeStartObject();
          out.writeName("crc32c");
          out.writeString("0".repeat(DIGITS));
          members.write(out);
          out.writeEndObject();
        });
    byte[] digits = Utf8.bytes(Crc.hex(Crc.of(bytes, 0, bytes.length)));
    System.arraycopy(digits, 0, bytes, PREFIX.length(), DIGITS);
    return bytes;
  }

  /** True for what begins with a checksum, right or wrong. */
  private static boolean is(byte[] bytes) {
    int start = PREFIX.length();
    return bytes.length >= start + DIGITS
        && Utf8.string(Arrays.copyOf(bytes, start)).equals(PREFIX);
  }

  /** Parses after checking the checksum. */
  static JsonNode read(String resource, byte[] bytes) {
    int start = PREFIX.length();
    if (!is(bytes)) {
      throw new CorruptException(
          resource,
          0,
          "no checksum at the beginning",
          PREFIX,
          "fetch the file from a copy of the index; where an early draft of the format wrote it, "
              + "make the index anew from its records");
    }
    String found = Utf8.string(Arrays.copyOfRange(bytes, start, start + DIGITS));
    byte[] zeroed = bytes.clone();
    Arrays.fill(zeroed, start, start + DIGITS, (byte) '0');
    String expected = Crc.hex(Crc.of(zeroed, 0, zeroed.length));
    if (!found.equals(expected)) {
      throw new CorruptException(resource, start, "crc32c " + found, "crc32c " + expected);
    }
    return Json.parseStored(resource, bytes);
  }
}
