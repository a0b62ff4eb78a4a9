package io.slab.format.section;

import io.slab.bytes.LittleEndian;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;
import java.lang.foreign.MemorySegment;

/** Writes {@link BloomLayout}. One thread only. */
public final class BloomWriter {
  private final long ids;
  private final long blocks;
  private final MemorySegment bits;

  /** A filter for a known number of ids. */
  public BloomWriter(long ids) {
    this.ids = ids;
    this.blocks = BloomLayout.blocks(ids);
    this.bits =
        MemorySegment.ofArray(new long[Math.toIntExact(blocks * BloomLayout.BLOCK_BYTES / 8)]);
  }

  /** Adds the hash of an id. */
  public void add(long hash) {
    long at = BloomLayout.blockOffset(hash, blocks);
    for (int word = 0; word < BloomLayout.WORDS; word++, at += 4) {
      int before = bits.get(LittleEndian.INT, at);
      bits.set(LittleEndian.INT, at, before | BloomLayout.bit(hash, word));
    }
  }

  public void write(SlabFileWriter out) {
    SectionSpec spec = SectionSpec.of(SectionKind.ID_BLOOM).param(blocks);
    out.section(spec, bits, bits.byteSize(), ids);
  }
}
