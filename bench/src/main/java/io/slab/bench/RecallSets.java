package io.slab.bench;

import io.slab.ann.MemoryRows;
import io.slab.testkit.NpyMatrix;
import io.slab.testkit.SyntheticRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Sets of rows by name. {@code FILE.npy} is a matrix, {@code FILE.npy:ROWS} its first rows, {@code
 * FILE.npy:ROWS:STEP} these with every number divided by STEP and rounded, so that many are equal.
 * The others are made to be hard: {@code noise} has no structure at all, {@code groups} is hundreds
 * of tight groups of 25, {@code clusters} has clusters of very different sizes.
 */
final class RecallSets {
  private static final int ROWS = 30_000;
  private static final int DIMENSION = 48;
  private static final int GROUP = 25;
  private static final long SEED = 11;

  private RecallSets() {}

  static MemoryRows of(String name) throws IOException {
    return switch (name) {
      case "noise" -> groups(1, 1);
      case "groups" -> groups(GROUP, 0.1f);
      case "clusters" -> new SyntheticRows(DIMENSION, 60, 10, 0.08f, 0.05f, SEED).generate(0, ROWS);
      default -> matrix(name.split(":"));
    };
  }

  private static MemoryRows matrix(String[] parts) throws IOException {
    MemoryRows all = NpyMatrix.read(Path.of(parts[0]));
    int rows = parts.length < 2 ? all.rows() : Math.min(all.rows(), Integer.parseInt(parts[1]));
    MemoryRows some = MemoryRows.allocate(rows, all.dimension());
    float step = parts.length < 3 ? 0 : Float.parseFloat(parts[2]);
    float[] row = new float[all.dimension()];
    for (int i = 0; i < rows; i++) {
      all.copy(i, row);
      for (int d = 0; step > 0 && d < row.length; d++) {
        row[d] = Math.round(row[d] / step);
      }
      some.set(i, row);
    }
    return some;
  }

  /** Rows around as many centres as fit; the rows of a group follow each other nowhere. */
  private static MemoryRows groups(int size, float noise) {
    SplittableRandom random = new SplittableRandom(SEED);
    int groups = ROWS / size;
    MemoryRows rows = MemoryRows.allocate(ROWS, DIMENSION);
    float[][] centres = new float[groups][DIMENSION];
    for (float[] centre : centres) {
      for (int d = 0; d < DIMENSION; d++) {
        centre[d] = size == 1 ? 0 : (float) random.nextGaussian();
      }
    }
    float[] row = new float[DIMENSION];
    for (int i = 0; i < ROWS; i++) {
      float[] centre = centres[random.nextInt(groups)];
      for (int d = 0; d < DIMENSION; d++) {
        row[d] = centre[d] + noise * (float) random.nextGaussian();
      }
      rows.set(i, row);
    }
    return rows;
  }
}
