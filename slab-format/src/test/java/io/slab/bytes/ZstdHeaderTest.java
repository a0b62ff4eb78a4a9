package io.slab.bytes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdCompressCtx;
import io.slab.error.CorruptException;
import org.junit.jupiter.api.Test;

class ZstdHeaderTest {
  private static final byte[] RAW = new byte[300_000];

  private static byte[] frame(boolean size) {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setContentSize(size);
      return context.compress(RAW);
    }
  }

  private static void assertRefused(byte[] frame, String what) {
    String message =
        assertThrows(CorruptException.class, () -> Zstd.decompress(frame, RAW.length, "r", 0))
            .getMessage();
    assertTrue(message.contains(what), message);
  }

  @Test
  void framesThatTheLibraryWouldTakeAreRefused() {
    assertArrayEquals(RAW, Zstd.decompress(frame(true), RAW.length, "r", 0));
    assertRefused(frame(false), "content size");
    byte[] window = frame(true);
    // The same frame in the form with a window: one that announces 16 MiB.
    byte[] wide = new byte[window.length + 1];
    System.arraycopy(window, 0, wide, 0, 4);
    wide[4] = (byte) (window[4] & ~0x20);
    wide[5] = 14 << 3;
    System.arraycopy(window, 5, wide, 6, window.length - 5);
    assertRefused(wide, "window");
    byte[] reserved = window.clone();
    reserved[4] |= 8;
    assertRefused(reserved, "reserved");
    byte[] cut = java.util.Arrays.copyOf(window, 5);
    assertThrows(CorruptException.class, () -> Zstd.decompress(cut, RAW.length, "r", 0));
    assertThrows(CorruptException.class, () -> Zstd.decompress(window, RAW.length + 1, "r", 0));
  }

  @Test
  void nothingFollowsTheFrame() {
    byte[] frame = frame(true);
    assertRefused(joined(frame, new byte[] {0}), "1 bytes after the zstd frame");
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      assertRefused(joined(frame, context.compress(new byte[0])), "after the zstd frame");
    }
    byte[] skippable = {0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, 7};
    assertRefused(joined(frame, skippable), "9 bytes after the zstd frame");
    assertRefused(joined(skippable, frame), "magic");
  }

  @Test
  void aFrameMayHaveAChecksum() {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setChecksum(true);
      assertArrayEquals(RAW, Zstd.decompress(context.compress(RAW), RAW.length, "r", 0));
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Test
  void whatIsWrittenHereIsRead() {
    for (int length : new int[] {10, 255, 256, 257, 65_791, 65_792, 300_000}) {
      byte[] raw = new byte[length];
      byte[] stored = Zstd.compress(raw, 0, length);
      assertArrayEquals(raw, Zstd.decompress(stored, length, "r", 0));
    }
  }
}
