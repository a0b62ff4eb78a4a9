package io.slab.format.section;

import io.slab.format.file.Section;
import io.slab.format.file.SlabFormat;

/** Reads {@link BloomLayout}. Thread-safe. */
public final class BloomReader {
  private final Section section;
  private final long blocks;

  /** Checks the section against the number of ids. */
  public BloomReader(Section section, long ids) {
    Sections.codec(section, SlabFormat.CODEC_NONE);
    Sections.encoding(section, 1);
    Sections.items(section, ids);
    this.section = section;
    this.blocks = section.entry().param();
    if (blocks < 1 || blocks > 1L << 31 || section.length() != blocks * BloomLayout.BLOCK_BYTES) {
      throw Sections.corrupt(
          section, 0, section.length() + " bytes", blocks + " blocks of 32 bytes");
    }
  }

  /** False when no id has this hash for certain. */
  public boolean mayContain(long hash) {
    long at = BloomLayout.blockOffset(hash, blocks);
    return BloomLayout.contains(section.slice(at, BloomLayout.BLOCK_BYTES), hash);
  }
}
