package io.slab.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class XxHash64Test {
  private static final long PRIME32 = 2_654_435_761L;

  private static long text(String text) {
    return XxHash64.hash(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void agreesWithPublishedVectors() {
    assertEquals(0xEF46DB3751D8E999L, text(""));
    assertEquals(0xD24EC4F1A98C6E5BL, text("a"));
    assertEquals(0x44BC2CF5AD770999L, text("abc"));
  }

  /** The reference implementation's own sanity check: bytes and seeds from a prime's powers. */
  @Test
  void agreesWithTheSanityCheckOfTheReference() {
    byte[] bytes = new byte[222];
    long generator = PRIME32;
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (generator >>> 56);
      generator *= 0x9E3779B185EBCA8DL;
    }
    assertEquals(0xEF46DB3751D8E999L, XxHash64.hash(bytes, 0, 0, 0));
    assertEquals(0xAC75FDA2929B17EFL, XxHash64.hash(bytes, 0, 0, PRIME32));
    assertEquals(0xE934A84ADB052768L, XxHash64.hash(bytes, 0, 1, 0));
    assertEquals(0x5014607643A9B4C3L, XxHash64.hash(bytes, 0, 1, PRIME32));
    assertEquals(0x8282DCC4994E35C8L, XxHash64.hash(bytes, 0, 14, 0));
    assertEquals(0xC3BD6BF63DEB6DF0L, XxHash64.hash(bytes, 0, 14, PRIME32));
    assertEquals(0xB641AE8CB691C174L, XxHash64.hash(bytes, 0, 222, 0));
    assertEquals(0x20CB8AB7AE10C14AL, XxHash64.hash(bytes, 0, 222, PRIME32));
  }

  @Test
  void hashesTheRangeAndNothingElse() {
    byte[] bytes = new byte[100];
    new java.util.Random(1).nextBytes(bytes);
    for (int length = 0; length <= 70; length++) {
      byte[] part = java.util.Arrays.copyOfRange(bytes, 13, 13 + length);
      assertEquals(XxHash64.hash(part), XxHash64.hash(bytes, 13, length, 0));
    }
  }
}
