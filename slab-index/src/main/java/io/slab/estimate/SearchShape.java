package io.slab.estimate;

import io.slab.ann.AnnIndex;
import io.slab.format.SlabManifest;
import io.slab.format.SlabManifest.Measurement;
import java.util.Comparator;
import java.util.List;

/**
 * What a query does in an indexed slab.
 *
 * @param algorithm of slabs with enough rows: {@code ananas}, {@code ivf} or {@code pqfs}
 * @param rowsPerCell mean; all rows for {@code ananas}
 * @param cells lists that one query scans
 * @param rescored rows that one query reads in full
 * @param measured false when all of it is assumed
 */
public record SearchShape(
    String algorithm, double rowsPerCell, double cells, double rescored, boolean measured) {
  /*
   * Assumed: what calibration chose for the recall of 0.95 on text embeddings (26,631 x 384) and images
   * (60,000 x 784), rounded up.
   */
  private static final double ROWS_PER_CELL = 500;
  private static final double CELLS = 8;
  private static final double RESCORED = 25;

  /** Queries ask for that many results where nothing else is said. */
  static final int RESULTS = 10;

  /** What is assumed where there is no slab to ask. */
  public static SearchShape assumed() {
    return new SearchShape(AnnIndex.IVF, ROWS_PER_CELL, CELLS, RESCORED, false);
  }

  /**
   * What was measured when a slab was built.
   *
   * @param cells of its index
   * @param recall aimed at
   * @return null when the slab has no index
   */
  public static SearchShape measured(SlabManifest manifest, int cells, double recall) {
    if (manifest.algorithm().equals(SlabManifest.EXACT) || cells < 1) {
      return null;
    }
    Measurement effort = effort(manifest.measured(), recall);
    return effort == null
        ? null
        : new SearchShape(
            manifest.algorithm(),
            (double) manifest.rows() / cells,
            effort.cells(),
            effort.rescored(),
            true);
  }

  private static Measurement effort(List<Measurement> measured, double recall) {
    List<Measurement> few = measured.stream().filter(m -> m.k() == RESULTS).toList();
    return few.stream()
        .filter(m -> m.assured() >= recall)
        .min(Comparator.comparingDouble(Measurement::cost))
        .orElseGet(
            () -> few.stream().max(Comparator.comparingDouble(Measurement::cost)).orElse(null));
  }
}
