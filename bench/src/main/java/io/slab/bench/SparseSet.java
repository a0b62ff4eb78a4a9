package io.slab.bench;

import io.slab.format.SlabInput;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Generated sparse vectors shaped like those of learned sparse encoders: 30,522 dimensions whose
 * frequencies follow a power law, about 120 entries a row, weights log(1 + x) of exponential x, and
 * topics, so that rows have neighbours. Half of a row's entries come from its topic's own 300
 * dimensions. Row numbers are ids; a row is the same however often it is made. Not made from text:
 * real encoders' sets may prune better or worse.
 */
final class SparseSet implements SlabInput {
  private static final int SPACE = 30_522;
  private static final int TOPICS = 2000;
  private static final int TOPIC_SPACE = 300;

  /** Exponent of the frequencies. */
  private static final double SKEW = 0.9;

  private final int rows;
  private final int dimension;
  private final long seed;
  private final double[] cumulated = new double[SPACE];
  private final int[] shuffled = new int[SPACE];

  /**
   * @param dimension of the dense part, 0 for none
   */
  SparseSet(int rows, int dimension, long seed) {
    this.rows = rows;
    this.dimension = dimension;
    this.seed = seed;
    double sum = 0;
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < SPACE; i++) {
      sum += Math.pow(i + 10, -SKEW);
      cumulated[i] = sum;
      int other = random.nextInt(i + 1);
      shuffled[i] = shuffled[other];
      shuffled[other] = i;
    }
  }

  /** A dimension by the power law, as its rank. */
  private int draw(SplittableRandom random) {
    int at = Arrays.binarySearch(cumulated, random.nextDouble() * cumulated[SPACE - 1]);
    return Math.min(SPACE - 1, at < 0 ? -at - 1 : at);
  }

  private SparseVector vector(SplittableRandom random, int topic, int entries) {
    TreeMap<Integer, Float> chosen = new TreeMap<>();
    while (chosen.size() < entries) {
      boolean ofTopic = random.nextBoolean();
      int rank = draw(ofTopic ? topicRandom(topic, random.nextInt(TOPIC_SPACE)) : random);
      double x = -Math.log(1 - random.nextDouble()) * (ofTopic ? 1.5 : 0.7);
      chosen.putIfAbsent(shuffled[rank], (float) Math.log1p(x));
    }
    int[] indices = new int[entries];
    float[] weights = new float[entries];
    int i = 0;
    for (var entry : chosen.entrySet()) {
      indices[i] = entry.getKey();
      weights[i++] = entry.getValue();
    }
    return new SparseVector(indices, weights);
  }

  private SplittableRandom topicRandom(int topic, int member) {
    return new SplittableRandom(0x5EEDL + (long) topic * TOPIC_SPACE + member);
  }

  SparseVector row(int row) {
    SplittableRandom random = new SplittableRandom(seed + row);
    int entries = (int) Math.clamp(120 + 35 * random.nextGaussian(), 8, 400);
    return vector(random, random.nextInt(TOPICS), entries);
  }

  /** Of 10 to 50 entries. */
  SparseVector query(int number) {
    SplittableRandom random = new SplittableRandom(~seed - number);
    return vector(random, random.nextInt(TOPICS), 10 + random.nextInt(41));
  }

  float[] dense(long number) {
    SplittableRandom random = new SplittableRandom(seed ^ number * 31);
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public Cursor open() {
    return new Cursor() {
      private int row = -1;

      @Override
      public boolean next() {
        return ++row < rows;
      }

      @Override
      public byte[] id() {
        return Utf8.bytes(Integer.toString(1_000_000_000 + row));
      }

      @Override
      public long lsn() {
        return row;
      }

      @Override
      public float[] values() {
        return dimension == 0 ? null : dense(row);
      }

      @Override
      public SparseVector sparse() {
        return row(row);
      }

      @Override
      public Metadata metadata() {
        return Metadata.EMPTY;
      }
    };
  }
}
