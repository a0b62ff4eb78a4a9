package io.slab.bench.serve;

import io.slab.ann.MemoryRows;
import io.slab.model.Metric;
import io.slab.testkit.NpyMatrix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Rows, queries, and how far the tenth nearest row of each query is. The id of a row is {@code r}
 * and its number.
 *
 * @param bounds what a distance may be for its row to be one of the ten, by query
 */
record VectorSet(String name, Metric metric, MemoryRows rows, float[][] queries, double[] bounds) {
  private static final int MADE = 20_000;
  private static final int MADE_DIMENSION = 128;
  private static final int MADE_QUERIES = 200;
  private static final int MOST_QUERIES = 500;

  /** The sets of the folder that {@code SLAB_DATA} names; a made one where it is not there. */
  static List<VectorSet> all() throws IOException {
    List<VectorSet> sets = new ArrayList<>();
    String data = System.getenv("SLAB_DATA");
    for (String name : List.of("fashion-mnist-784", "notes-384")) {
      if (data != null && Files.isDirectory(Path.of(data, name))) {
        sets.add(read(Path.of(data, name)));
      }
    }
    if (sets.isEmpty()) {
      System.out.println("  no sets in SLAB_DATA: made rows");
      sets.add(made());
    }
    return sets;
  }

  private static VectorSet read(Path folder) throws IOException {
    boolean bytes = Files.exists(folder.resolve("base.u8.npy"));
    String suffix = bytes ? ".u8.npy" : ".npy";
    boolean cosine = Files.exists(folder.resolve("gt_cosine_ids.npy"));
    MemoryRows rows = NpyMatrix.read(folder.resolve("base" + suffix));
    float[][] queries = some(NpyMatrix.read(folder.resolve("queries" + suffix)));
    MemoryRows truth =
        NpyMatrix.read(folder.resolve("gt_" + (cosine ? "cosine" : "euclidean") + "_ids.npy"));
    Metric metric = cosine ? Metric.COSINE : Metric.EUCLIDEAN;
    double[] bounds = new double[queries.length];
    float[] ids = new float[truth.dimension()];
    for (int q = 0; q < queries.length; q++) {
      truth.copy(q, ids);
      bounds[q] = distance(metric, queries[q], row(rows, (int) ids[9]));
    }
    return new VectorSet(folder.getFileName().toString(), metric, rows, queries, bounds);
  }

  private static VectorSet made() {
    SplittableRandom random = new SplittableRandom(7);
    MemoryRows rows = MemoryRows.allocate(MADE, MADE_DIMENSION);
    for (int i = 0; i < MADE; i++) {
      rows.set(i, point(random, i));
    }
    float[][] queries = new float[MADE_QUERIES][];
    double[] bounds = new double[MADE_QUERIES];
    for (int q = 0; q < MADE_QUERIES; q++) {
      queries[q] = point(random, q);
      double[] distances = new double[MADE];
      for (int i = 0; i < MADE; i++) {
        distances[i] = distance(Metric.EUCLIDEAN, queries[q], row(rows, i));
      }
      java.util.Arrays.sort(distances);
      bounds[q] = distances[9];
    }
    return new VectorSet("made", Metric.EUCLIDEAN, rows, queries, bounds);
  }

  private static float[] point(SplittableRandom random, int i) {
    float[] point = new float[MADE_DIMENSION];
    for (int d = 0; d < point.length; d++) {
      point[d] = (float) random.nextDouble() + i % 100 * (d % 7) * 0.01f;
    }
    return point;
  }

  private static float[][] some(MemoryRows all) {
    float[][] some = new float[Math.min(MOST_QUERIES, all.rows())][];
    for (int i = 0; i < some.length; i++) {
      some[i] = row(all, i);
    }
    return some;
  }

  private static float[] row(MemoryRows rows, int i) {
    float[] row = new float[rows.dimension()];
    rows.copy(i, row);
    return row;
  }

  private static double distance(Metric metric, float[] a, float[] b) {
    double dot = 0;
    double squares = 0;
    double lengthA = 0;
    double lengthB = 0;
    for (int d = 0; d < a.length; d++) {
      dot += (double) a[d] * b[d];
      squares += ((double) a[d] - b[d]) * ((double) a[d] - b[d]);
      lengthA += (double) a[d] * a[d];
      lengthB += (double) b[d] * b[d];
    }
    return metric == Metric.COSINE ? 1 - dot / Math.sqrt(lengthA * lengthB) : squares;
  }

  int dimension() {
    return rows.dimension();
  }

  float[] row(int i) {
    return row(rows, i);
  }

  /** JSON of a row or a query; whole numbers without a point. */
  static String json(float[] vector) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < vector.length; i++) {
      text.append(i == 0 ? "" : ",");
      if (vector[i] == (int) vector[i]) {
        text.append((int) vector[i]);
      } else {
        text.append(vector[i]);
      }
    }
    return text.append(']').toString();
  }

  /** A body for each batch of rows. */
  byte[] upsert(int from, int to) {
    StringBuilder text = new StringBuilder("{\"vectors\":[");
    for (int i = from; i < to; i++) {
      text.append(i == from ? "" : ",").append("{\"id\":\"r").append(i).append("\",\"values\":");
      text.append(json(row(i))).append('}');
    }
    return text.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** How many of ten answers to a query are right; of equal distances any is. */
  int right(int query, List<String> ids) {
    int right = 0;
    for (String id : ids) {
      double distance = distance(metric, queries[query], row(Integer.parseInt(id.substring(1))));
      right += distance <= bounds[query] * (1 + 1e-6) + 1e-9 ? 1 : 0;
    }
    return Math.min(10, right);
  }
}
