package io.slab.search;

import java.util.ArrayList;
import java.util.List;

/**
 * Queries that go through a kernel's tile together.
 *
 * @param first the first query of the panel
 * @param count queries in it; lanes beyond them are zero
 * @param values the queries transposed, see {@link io.slab.vector.DenseKernel#dotTile}
 */
record Panel(int first, int count, float[] values) {

  /**
   * Panels for the leading queries; those after the last panel are too few for one and go singly.
   */
  static List<Panel> of(List<Target> targets, int lanes) {
    List<Panel> panels = new ArrayList<>();
    int first = 0;
    while (lanes > 1 && targets.size() - first >= lanes / 2) {
      int count = Math.min(lanes, targets.size() - first);
      panels.add(transpose(targets, first, count, lanes));
      first += count;
    }
    return panels;
  }

  private static Panel transpose(List<Target> targets, int first, int count, int lanes) {
    int dimension = targets.get(first).kernelVector().length;
    float[] values = new float[dimension * lanes];
    for (int query = 0; query < count; query++) {
      float[] vector = targets.get(first + query).kernelVector();
      for (int i = 0; i < dimension; i++) {
        values[i * lanes + query] = vector[i];
      }
    }
    return new Panel(first, count, values);
  }
}
