package io.slab.format.section;

import io.slab.bytes.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * ID_BLOOM: Parquet's split-block bloom filter over the XXH64 hashes (seed 0) of the id bytes. The
 * section is {@code n} blocks of 32 bytes, eight little-endian u32 words each. A hash selects block
 * {@code ((hash >>> 32) * n) >>> 32}, and in word i of it bit {@code ((u32) hash * SALT[i]) >>>
 * 27}.
 */
public final class BloomLayout {
  public static final int BLOCK_BYTES = 32;
  static final int WORDS = 8;
  static final int BITS_PER_ID = 10;

  private static final int[] SALT = {
    0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31
  };

  private BloomLayout() {}

  /** Blocks of a filter for so many ids. */
  public static long blocks(long ids) {
    return Math.max(1, (ids * BITS_PER_ID + 255) / 256);
  }

  /** Offset of the block of a hash. */
  static long blockOffset(long hash, long blocks) {
    return ((hash >>> 32) * blocks >>> 32) * BLOCK_BYTES;
  }

  static int bit(long hash, int word) {
    return 1 << ((int) hash * SALT[word] >>> 27);
  }

  /** True when every bit of a hash is set. */
  static boolean contains(MemorySegment block, long hash) {
    for (int word = 0; word < WORDS; word++) {
      if ((block.get(LittleEndian.INT, 4L * word) & bit(hash, word)) == 0) {
        return false;
      }
    }
    return true;
  }
}
