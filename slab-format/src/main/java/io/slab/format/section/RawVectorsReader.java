package io.slab.format.section;

import io.slab.bytes.LittleEndian;
import io.slab.bytes.Segments;
import io.slab.format.file.ReadAhead;
import io.slab.format.file.Section;
import io.slab.format.file.SlabFormat;
import io.slab.model.Metric;
import io.slab.vector.CanonicalScore;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Reads RAW_VECTORS and INVERSE_NORMS without copying where the slab is mapped. Thread-safe. */
public final class RawVectorsReader implements DenseRows {
  private final Section vectors;
  private final Section norms;
  private final Metric metric;
  private final int rows;
  private final int dimension;

  /**
   * Checks the sections against rows and dimension.
   *
   * @param norms INVERSE_NORMS or null: they are derived and computed when absent
   */
  public RawVectorsReader(Section vectors, Section norms, int rows, int dimension, Metric metric) {
    check(vectors, rows);
    if (vectors.entry().param() != dimension) {
      throw Sections.corrupt(
              vectors, 0, "dimension " + vectors.entry().param(), "dimension " + dimension)
          .of("SM-dimension");
    }
    Sections.length(vectors, 4L * rows * dimension);
    if (norms != null) {
      if (metric != Metric.COSINE) {
        throw Sections.corrupt(norms, 0, "norms under " + metric.label(), "norms under cosine");
      }
      check(norms, rows);
      Sections.length(norms, 4L * rows);
    }
    this.vectors = vectors;
    this.norms = norms;
    this.rows = rows;
    this.dimension = dimension;
    this.metric = metric;
  }

  private static void check(Section section, int rows) {
    Sections.codec(section, SlabFormat.CODEC_NONE);
    Sections.encoding(section, 1);
    Sections.items(section, rows);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public MemorySegment slice(int first, int count) {
    Objects.checkFromIndexSize(first, count, rows);
    long rowBytes = 4L * dimension;
    return vectors.slice(first * rowBytes, count * rowBytes);
  }

  @Override
  public MemorySegment mapped() {
    return vectors.mapped();
  }

  @Override
  public boolean isAtHand(int row) {
    long rowBytes = 4L * dimension;
    return vectors.isAtHand(row * rowBytes, rowBytes);
  }

  /** Adds the rows {@code first .. first + count}, and their norms, to what is fetched. */
  public void announce(ReadAhead ahead, int first, int count, boolean withNorms) {
    long rowBytes = 4L * dimension;
    ahead.add(vectors, first * rowBytes, count * rowBytes);
    if (withNorms && norms != null) {
      ahead.add(norms, 4L * first, 4L * count);
    }
  }

  @Override
  public MemorySegment inverseNorms(int first, int count) {
    if (metric != Metric.COSINE) {
      return null;
    }
    Objects.checkFromIndexSize(first, count, rows);
    return norms == null ? computedNorms(first, count) : norms.slice(4L * first, 4L * count);
  }

  private MemorySegment computedNorms(int first, int count) {
    MemorySegment result = MemorySegment.ofArray(new float[count]);
    float[] row = new float[dimension];
    for (int i = 0; i < count; i++) {
      copy(first + i, row);
      float norm = RawVectorsLayout.inverseNorm(CanonicalScore.dot(row, row));
      result.set(LittleEndian.FLOAT, 4L * i, norm);
    }
    return result;
  }

  @Override
  public void copy(int row, float[] target) {
    Segments.copyFloats(slice(row, 1), 0, target, 0, dimension);
  }

  /** Recomputes every stored norm. */
  public void verifyNorms() {
    for (int row = 0; norms != null && row < rows; row++) {
      float stored = inverseNorms(row, 1).get(LittleEndian.FLOAT, 0);
      float computed = computedNorms(row, 1).get(LittleEndian.FLOAT, 0);
      if (Float.floatToRawIntBits(stored) != Float.floatToRawIntBits(computed)) {
        throw Sections.corrupt(norms, 4L * row, "norm " + stored, computed + " for row " + row);
      }
    }
  }
}
