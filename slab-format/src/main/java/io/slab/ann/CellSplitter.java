package io.slab.ann;

import io.slab.format.section.DenseRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Balances cells after the assignment: empty ones go, oversized ones are split by k-means over
 * their own rows, and rows that no distance can part (duplicates) by their order. A query pays for
 * the largest list it meets, not for the average one.
 */
final class CellSplitter {
  private static final int SAMPLE_PER_PART = 64;

  private final DenseRows rows;
  private final VectorSpace space;
  private final AnnKernels kernels;
  private final IvfParams params;

  CellSplitter(DenseRows rows, VectorSpace space, AnnKernels kernels, IvfParams params) {
    this.rows = rows;
    this.space = space;
    this.kernels = kernels;
    this.params = params;
  }

  /**
   * @param assignment the cell of each row; renumbered to the cells returned
   * @param largest most rows a cell may keep
   */
  Cells split(Cells cells, int[] assignment, int largest) {
    KMeans.Grouping groups = KMeans.Grouping.of(assignment, cells.count());
    int count = cells.count();
    Part[] parts = new Part[count];
    Parallel.run(
        params.threads(),
        count,
        cell -> {
          if (groups.size(cell) > largest) {
            int[] members =
                Arrays.copyOfRange(groups.items(), groups.start(cell), groups.start(cell + 1));
            parts[cell] = part(members, largest, SplitMix64.at(params.seed() + 4, cell));
          }
        });
    return join(cells, assignment, groups, parts);
  }

  /** Centroids of the parts of one cell and the part of each member. */
  private record Part(List<float[]> centroids, int[] members, int[] part) {}

  private Part part(int[] members, int largest, long seed) {
    int wanted = (int) Math.ceil(2.0 * members.length / largest);
    int sampled = (int) Math.min(members.length, (long) wanted * SAMPLE_PER_PART);
    int[] positions = Sample.positions(members.length, sampled, seed);
    Sample sample = Sample.allocate(sampled, space.padded());
    float[] vector = new float[space.padded()];
    for (int i = 0; i < sampled; i++) {
      space.load(rows, members[positions[i]], vector);
      sample.set(i, vector);
    }
    Cells inner =
        new KMeans(kernels, 1, params.iterations()).train(sample, Math.min(wanted, sampled), seed);
    int[] part = assign(members, inner);
    List<float[]> centroids = new ArrayList<>();
    for (int i = 0; i < inner.count(); i++) {
      float[] centroid = new float[space.padded()];
      inner.get(i, centroid);
      centroids.add(centroid);
    }
    cutByOrder(part, centroids, largest);
    return new Part(centroids, members, part);
  }

  private int[] assign(int[] members, Cells inner) {
    int[] part = new int[members.length];
    float[] vector = new float[space.padded()];
    Sample chunk = Sample.allocate(Math.min(KMeans.TASK_ROWS, members.length), space.padded());
    for (int first = 0; first < members.length; first += KMeans.TASK_ROWS) {
      int count = Math.min(KMeans.TASK_ROWS, members.length - first);
      for (int i = 0; i < count; i++) {
        space.load(rows, members[first + i], vector);
        chunk.set(i, vector);
      }
      kernels.nearest(
          chunk.vectors(), count, space.padded(), inner.panels(), inner.squares(), part, first);
    }
    return part;
  }

  /** Members beyond {@code largest} of a part go to a new part with the same centroid. */
  private static void cutByOrder(int[] part, List<float[]> centroids, int largest) {
    int trained = centroids.size();
    int[] filled = new int[trained];
    int[] current = new int[trained];
    Arrays.setAll(current, i -> i);
    for (int i = 0; i < part.length; i++) {
      int p = part[i];
      if (filled[p] == largest) {
        current[p] = centroids.size();
        centroids.add(centroids.get(p));
        filled[p] = 0;
      }
      filled[p]++;
      part[i] = current[p];
    }
  }

  private static Cells join(Cells cells, int[] assignment, KMeans.Grouping groups, Part[] parts) {
    List<float[]> centroids = new ArrayList<>();
    for (int cell = 0; cell < cells.count(); cell++) {
      if (parts[cell] != null) {
        appendParts(parts[cell], assignment, centroids);
      } else if (groups.size(cell) > 0) {
        float[] centroid = new float[cells.padded()];
        cells.get(cell, centroid);
        for (int i = groups.start(cell); i < groups.start(cell + 1); i++) {
          assignment[groups.items()[i]] = centroids.size();
        }
        centroids.add(centroid);
      }
    }
    Cells joined = Cells.allocate(centroids.size(), cells.padded());
    for (int cell = 0; cell < centroids.size(); cell++) {
      joined.set(cell, centroids.get(cell));
    }
    return joined;
  }

  private static void appendParts(Part part, int[] assignment, List<float[]> centroids) {
    int[] number = new int[part.centroids().size()];
    Arrays.fill(number, -1);
    for (int i = 0; i < part.members().length; i++) {
      int p = part.part()[i];
      if (number[p] < 0) {
        number[p] = centroids.size();
        centroids.add(part.centroids().get(p));
      }
      assignment[part.members()[i]] = number[p];
    }
  }
}
