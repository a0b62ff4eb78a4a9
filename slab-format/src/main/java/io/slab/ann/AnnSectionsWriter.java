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

  /** The lists. */
  public void writeLists(SlabFileWriter out) {
    section(
        out,
        SectionSpec.of(SectionKind.IVF_LISTS).encoding(AnnSectionsLayout.FINE),
        index.lists().slice(0, index.listBytes()),
        index.rows());
  }

  /** What a search reads before it knows which lists to read: codebook, directory, centroids. */
  public void writeHead(SlabFileWriter out) {
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
        .f32(index.grid())
        .u32(0)
        .floats(index.centre());
    section(
        out,
        SectionSpec.of(SectionKind.ROTATION).encoding(AnnSectionsLayout.FINE),
        head.segment(),
        1);
    if (index.codebook() != null) {
      section(out, SectionSpec.of(SectionKind.PQ_CODEBOOK), index.codebook(), index.padded() / 2);
    }
    section(out, SectionSpec.of(SectionKind.IVF_DIR), index.directory().write(), index.cells());
    section(out, SectionSpec.of(SectionKind.IVF_CENTROIDS), index.centroids(), index.cells());
  }

  private static void section(
      SlabFileWriter out, SectionSpec spec, MemorySegment bytes, long items) {
    out.section(spec, bytes, bytes.byteSize(), items);
  }
}
