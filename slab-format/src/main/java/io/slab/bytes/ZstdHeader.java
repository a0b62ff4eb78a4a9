package io.slab.bytes;

import io.slab.error.CorruptException;

/**
 * What this format demands of a zstd frame's header (RFC 8878, section 3.1.1) beyond what the
 * library does: the content size is there and as expected, the window is at most 8 MiB, there is no
 * dictionary, and nothing follows the frame. So a frame is known not to ask for more memory before
 * it is decoded.
 */
final class ZstdHeader {
  private static final int MAGIC = 0xFD2FB528;
  private static final int[] SIZE_BYTES = {0, 2, 4, 8};
  private static final int[] DICTIONARY_BYTES = {0, 1, 2, 4};

  private ZstdHeader() {}

  static void check(byte[] frame, int rawLength, String resource, long offset) {
    ByteCursor in = new ByteCursor(resource, frame);
    if (in.i32("zstd magic") != MAGIC) {
      throw wrong(resource, offset, "another magic", "that of a zstd frame");
    }
    int descriptor = in.u8("zstd descriptor");
    if ((descriptor & 0x08) != 0) {
      throw wrong(resource, offset, "a reserved bit in the frame's header", "zero");
    }
    boolean single = (descriptor & 0x20) != 0;
    long window = single ? rawLength : window(in.u8("zstd window"));
    if (window > Zstd.MAX_BLOCK) {
      throw wrong(resource, offset, "a window of " + window, "at most " + Zstd.MAX_BLOCK);
    }
    int dictionary = DICTIONARY_BYTES[descriptor & 3];
    if (dictionary > 0) {
      throw wrong(resource, offset, "a frame with a dictionary", "a frame without one");
    }
    int sizeBytes = descriptor >>> 6 == 0 && single ? 1 : SIZE_BYTES[descriptor >>> 6];
    if (sizeBytes == 0) {
      throw wrong(
          resource, offset, "a frame without its content size", "content size " + rawLength);
    }
    long size = 0;
    for (int i = 0; i < sizeBytes; i++) {
      size |= (long) in.u8("zstd content size") << 8 * i;
    }
    size += sizeBytes == 2 ? 256 : 0;
    if (size != rawLength) {
      throw wrong(resource, offset, "content size " + size, rawLength + " as in the table");
    }
    checkEnd(in, (descriptor & 0x04) != 0, resource, offset);
  }

  /** The one frame is all there is: neither a second one nor a skippable one follows. */
  private static void checkEnd(ByteCursor in, boolean checksum, String resource, long offset) {
    boolean last = false;
    while (!last) {
      int block = in.u16("zstd block header") | in.u8("zstd block header") << 16;
      last = (block & 1) != 0;
      int type = block >>> 1 & 3;
      if (type == 3) {
        throw wrong(resource, offset, "a zstd block of the reserved type", "a known type");
      }
      // A block that repeats one byte is stored as that byte.
      in.skip(type == 1 ? 1 : block >>> 3, "zstd block");
    }
    if (checksum) {
      in.skip(4, "zstd checksum");
    }
    if (in.remaining() > 0) {
      throw wrong(resource, offset, in.remaining() + " bytes after the zstd frame", "none");
    }
  }

  private static long window(int descriptor) {
    long base = 1L << 10 + (descriptor >>> 3);
    return base + base / 8 * (descriptor & 7);
  }

  private static CorruptException wrong(
      String resource, long offset, String found, String expected) {
    return new CorruptException(resource, offset, found, expected);
  }
}
