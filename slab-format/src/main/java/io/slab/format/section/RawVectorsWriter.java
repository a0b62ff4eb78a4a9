package io.slab.format.section;

import io.slab.bytes.ByteWriter;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;
import io.slab.vector.CanonicalScore;

/**
 * Writes RAW_VECTORS as the rows come and INVERSE_NORMS afterwards; holds 4 bytes per row when
 * norms are wanted. One thread only.
 */
public final class RawVectorsWriter {
  private final SlabFileWriter out;
  private final int dimension;
  private final ByteWriter norms;
  private final ByteWriter buffer = new ByteWriter(1 << 16);
  private final SlabFileWriter.Open section;
  private long rows;

  /** Begins RAW_VECTORS. */
  public RawVectorsWriter(SlabFileWriter out, int dimension, boolean withNorms) {
    this.out = out;
    this.dimension = dimension;
    this.norms = withNorms ? new ByteWriter() : null;
    this.section =
        out.begin(SectionSpec.of(SectionKind.RAW_VECTORS).pageAligned().param(dimension));
  }

  /** Appends a row. */
  public void add(float[] values) {
    if (values == null || values.length != dimension) {
      throw new IllegalArgumentException(
          "row " + rows + " lacks the " + dimension + " values of this index");
    }
    buffer.floats(values);
    if (buffer.size() >= 1 << 16) {
      section.write(buffer.segment());
      buffer.clear();
    }
    if (norms != null) {
      norms.f32(RawVectorsLayout.inverseNorm(CanonicalScore.dot(values, values)));
    }
    rows++;
  }

  /** Where the first row begins in the slab; the rows follow without gaps. */
  public long offset() {
    return section.offset();
  }

  /** Ends RAW_VECTORS. */
  public void finish() {
    section.write(buffer.segment());
    section.end(section.position(), rows);
  }

  /** Writes INVERSE_NORMS, if wanted, after {@link #finish}. */
  public void writeNorms() {
    if (norms != null) {
      out.section(SectionSpec.of(SectionKind.INVERSE_NORMS), norms.segment(), norms.size(), rows);
    }
  }
}
