package io.slab.estimate;

import io.slab.ann.AnnIndex;
import io.slab.format.SlabManifest;
import io.slab.format.SlabReader;
import io.slab.inspect.SlabInspector;
import io.slab.model.Metric;
import io.slab.model.VectorType;

/**
 * What an estimate starts from.
 *
 * @param rows what a record takes
 * @param search what a query does in an index
 */
public record EstimateBasis(RowShape rows, SearchShape search) {
  /**
   * From plain numbers.
   *
   * @param idLength mean length of an id
   * @param metadataJsonBytes mean length of the metadata as compact JSON
   * @param sparseEntries mean number of sparse entries
   */
  public static EstimateBasis assumed(
      VectorType type,
      Metric metric,
      int dimension,
      double idLength,
      double metadataJsonBytes,
      double sparseEntries) {
    return new EstimateBasis(
        RowShape.assumed(type, metric, dimension, idLength, metadataJsonBytes, sparseEntries),
        SearchShape.assumed());
  }

  /**
   * From a slab that is there. Where it has no index, what an index would look like is assumed.
   *
   * @param recall that queries will aim at
   */
  public static EstimateBasis measured(SlabReader slab, double recall) {
    SlabManifest manifest = slab.manifest();
    RowShape rows =
        RowShape.measured(
            manifest.vectorType(),
            manifest.metric(),
            manifest.dimension(),
            manifest.rows(),
            SlabInspector.of(slab.file()).sections());
    AnnIndex index = AnnIndex.of(slab);
    SearchShape search =
        index == null ? null : SearchShape.measured(manifest, index.index().cells(), recall);
    return new EstimateBasis(rows, search == null ? SearchShape.assumed() : search);
  }
}
