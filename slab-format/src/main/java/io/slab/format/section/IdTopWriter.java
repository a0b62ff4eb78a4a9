package io.slab.format.section;

import io.slab.bytes.ByteWriter;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;

/** Writes {@link IdTopLayout}. One thread only. */
public final class IdTopWriter {
  private final ByteWriter offsets = new ByteWriter().u32(0);
  private final ByteWriter text = new ByteWriter();
  private int blocks;

  /** Adds the first id of the next block. */
  public void add(byte[] firstId) {
    text.bytes(firstId);
    offsets.u32(text.size());
    blocks++;
  }

  public void write(SlabFileWriter out) {
    offsets.bytes(text.array(), 0, text.size());
    SectionSpec spec = SectionSpec.of(SectionKind.ID_TOP);
    out.section(spec, offsets.segment(), offsets.size(), blocks);
  }
}
