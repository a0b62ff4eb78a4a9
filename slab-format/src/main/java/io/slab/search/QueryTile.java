package io.slab.search;

import java.util.ArrayList;
import java.util.List;

/**
 * Queries that go through a kernel's tile together.
 *
 * @param first the first query of the tile
 * @param count queries in it; lanes beyond them are zero
 * @param values the queries transposed, see {@link io.slab.vector.DenseKernel#dotTile}
 */
record QueryTile(int first, int count, float[] values) {

  /** Tiles for the leading queries; those after the last tile are too few for one and go singly. */
  static List<QueryTile> of(List<PreparedQuery> targets, int lanes) {
    List<QueryTile> tiles = new ArrayList<>();
    int first = 0;
    while (lanes > 1 && targets.size() - first >= lanes / 2) {
      int count = Math.min(lanes, targets.size() - first);
      tiles.add(transpose(targets, first, count, lanes));
      first += count;
    }
    return tiles;
  }

  private static QueryTile transpose(List<PreparedQuery> targets, int first, int count, int lanes) {
    int dimension = targets.get(first).kernelVector().length;
    float[] values = new float[dimension * lanes];
    for (int query = 0; query < count; query++) {
      float[] vector = targets.get(first + query).kernelVector();
      for (int i = 0; i < dimension; i++) {
        values[i * lanes + query] = vector[i];
      }
    }
    return new QueryTile(first, count, values);
  }
}
