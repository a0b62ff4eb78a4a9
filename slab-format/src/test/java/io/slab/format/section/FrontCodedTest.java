package io.slab.format.section;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import io.slab.error.CorruptException;
import io.slab.model.Utf8;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Single strings are what decoding the whole block finds. */
class FrontCodedTest {
  private static byte[] block(byte[][] strings) {
    ByteWriter out = new ByteWriter(64);
    byte[] last = {};
    for (byte[] string : strings) {
      int mismatch = Arrays.mismatch(last, string);
      int shared = mismatch < 0 ? last.length : mismatch;
      out.uvarint(shared).uvarint(string.length - shared);
      out.bytes(Arrays.copyOfRange(string, shared, string.length));
      last = string;
    }
    return out.toBytes();
  }

  @Test
  void findsWhatDecodingFinds() {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      TreeSet<String> sorted = new TreeSet<>();
      for (int i = 0; i < 256; i++) {
        sorted.add("k".repeat(random.nextInt(round < 5 ? 400 : 9)) + random.nextInt(5000));
      }
      byte[][] strings = sorted.stream().map(Utf8::bytes).toArray(byte[][]::new);
      byte[] block = block(strings);
      StringBlock decoded = StringBlock.decode(new ByteCursor("block", block), strings.length, 512);
      FrontCoded coded = new FrontCoded(block, strings.length, 512, () -> "block");
      for (int i = 0; i < strings.length; i++) {
        assertArrayEquals(strings[i], coded.get(i));
        assertArrayEquals(decoded.get(i), coded.get(i));
      }
    }
  }

  @Test
  void damageIsReported() {
    byte[] block = block(new byte[][] {Utf8.bytes("abc"), Utf8.bytes("abd")});
    byte[] cut = Arrays.copyOf(block, block.length - 1);
    assertThrows(CorruptException.class, () -> new FrontCoded(cut, 2, 512, () -> "x"));
    assertThrows(CorruptException.class, () -> new FrontCoded(block, 3, 512, () -> "x"));
    assertThrows(
        IndexOutOfBoundsException.class, () -> new FrontCoded(block, 2, 9, () -> "x").get(16));
    assertThrows(CorruptException.class, () -> new FrontCoded(block, 2, 2, () -> "x"));
    byte[] shares = block.clone();
    shares[5] = 4;
    assertThrows(CorruptException.class, () -> new FrontCoded(shares, 2, 512, () -> "x"));
  }
}
