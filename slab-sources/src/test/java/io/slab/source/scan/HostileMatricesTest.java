package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Files of vectors that look like files of tensors, and the other way round. */
class HostileMatricesTest {
  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void vectorsThatBeginLikeTensorsAreVectors() {
    // Dimension 8 or 128; the first four elements are zero, the next ones are a brace and a quote.
    byte[] bvecs = buffer(12).putInt(8).putInt(0).put(new byte[] {'{', '"', 3, 0}).array();
    assertEquals(FileKind.BINARY, FileKind.of("v.bvecs", bvecs));
    byte[] ivecs = Arrays.copyOf(buffer(12).putInt(100).putInt(0).putInt(8827).array(), 404);
    assertEquals(FileKind.BINARY, FileKind.of("v.ivecs", ivecs));
  }

  @Test
  void tensorsAreTensorsForEachLengthOfTheirHeader() {
    for (int length : new int[] {2, 91, 123, 250, 5_000}) {
      byte[] head = new byte[length];
      Arrays.fill(head, (byte) ' ');
      byte[] json = "{\"a\":{}}".getBytes(StandardCharsets.UTF_8);
      json = length < json.length ? new byte[] {'{', '}'} : json;
      System.arraycopy(json, 0, head, 0, json.length);
      byte[] file = buffer(8 + length + 4).putLong(length).put(head).putInt(1).array();
      byte[] start = Arrays.copyOf(file, Math.min(file.length, FileKind.PREFIX));
      assertEquals(FileKind.SAFETENSORS, FileKind.of("v.safetensors", start), "" + length);
    }
  }
}
