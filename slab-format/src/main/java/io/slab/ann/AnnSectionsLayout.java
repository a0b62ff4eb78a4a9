package io.slab.ann;

import io.slab.format.section.CellListsLayout;
import io.slab.model.Metric;

/**
 * The sections of an index (spec/ann.md). ROTATION holds
 *
 * <pre>
 *    0  u64  seed of the rotation
 *    8  u32  dimension
 *   12  u32  padded dimension, the next multiple of 16
 *   16  u32  cells, at least 1
 *   20  u8   metric code
 *   21  u8   quantizer code
 *   22  u8   rounds, 3
 *   23  u8   zero
 *   24  u64  length of IVF_LISTS
 *   32  f32  half of the step between the digits of fine codes
 *   36  u32  zero
 *   40  f32  centre, one number per padded dimension
 * </pre>
 *
 * IVF_CENTROIDS is {@link Cells}' panels, IVF_DIR {@link CellDirectory}, IVF_LISTS {@link
 * ListLayout}'s lists and PQ_CODEBOOK {@link PqCodebook}'s points.
 */
final class AnnSectionsLayout {
  /** Encoding of ROTATION and IVF_LISTS; 1 had no fine codes. */
  static final int FINE = CellListsLayout.ENCODING;

  static final int SEED = 0;
  static final int DIMENSION = 8;
  static final int PADDED = 12;
  static final int CELLS = 16;
  static final int METRIC = 20;
  static final int QUANTIZER = 21;
  static final int ROUNDS = 22;
  static final int LIST_BYTES = 24;
  static final int GRID = 32;
  static final int CENTRE = 40;

  private AnnSectionsLayout() {}

  /** The metric of a code, or null. */
  static Metric metric(int code) {
    for (Metric metric : Metric.values()) {
      if (metric.code() == code) {
        return metric;
      }
    }
    return null;
  }
}
