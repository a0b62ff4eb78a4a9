package io.slab.ann;

import io.slab.bytes.ByteWriter;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;
import java.lang.foreign.MemorySegment;

/** Writes the sections of an index. */
public final class AnnSectionsWriter {
  private final IvfIndex index;

  public AnnSectionsWriter(IvfIndex index) {
    this.index = index;
  }

  /** Centroids, lists and codebook, and a large directory. */
  public void writeCold(SlabFileWriter out) {
    section(out, SectionKind.IVF_CENTROIDS, index.centroids(), index.cells());
    section(out, SectionKind.IVF_LISTS, index.lists().slice(0, index.listBytes()), index.rows());
    if (index.codebook() != null) {
      section(out, SectionKind.PQ_CODEBOOK, index.codebook(), index.padded() / 2);
    }
    if (!hotDirectory()) {
      directory(out);
    }
  }

  /** Head, and the directory where it is small. */
  public void writeHot(SlabFileWriter out) {
    ByteWriter head = new ByteWriter(AnnSectionsLayout.CENTRE + 4 * index.padded());
    head.u64(index.seed())
        .u32(index.dimension())
        .u32(index.padded())
        .u32(index.cells())
        .u8(index.metric().code())
        .u8(index.quantizer().code())
        .u8(Rotation.ROUNDS)
        .u8(0)
        .u64(index.listBytes())
        .floats(index.centre());
    section(out, SectionKind.ROTATION, head.segment(), 1);
    if (hotDirectory()) {
      directory(out);
    }
  }

  private boolean hotDirectory() {
    return (long) CellDirectory.ENTRY_BYTES * index.cells() <= AnnSectionsLayout.HOT_BYTES;
  }

  private void directory(SlabFileWriter out) {
    section(out, SectionKind.IVF_DIR, index.directory().write(), index.cells());
  }

  private static void section(
      SlabFileWriter out, SectionKind kind, MemorySegment bytes, long items) {
    out.section(SectionSpec.of(kind), bytes, bytes.byteSize(), items);
  }
}
