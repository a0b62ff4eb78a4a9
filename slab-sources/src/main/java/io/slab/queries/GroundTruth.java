package io.slab.queries;

import io.slab.error.InvalidInputException;
import io.slab.model.Metric;
import io.slab.search.Match;
import io.slab.source.matrix.NpyFile;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The right answers, by which recall is judged. */
public interface GroundTruth {
  /** How far a score may lie beyond the k-th right one, relative to it: rounding, no more. */
  double TOLERANCE = 1e-5;

  /** What reports call it. */
  String source();

  /**
   * The share of the k nearest records that an answer holds, or NaN when the truth of this query is
   * not known.
   *
   * @param query position of the query, from 0
   */
  double recall(int query, List<Match> answer, int k);

  /**
   * Judged by ids.
   *
   * @param numbers for each query the rows nearest to it, nearest first; -1 fills up
   */
  static GroundTruth rows(NpyFile numbers, IdRows ids, int k) {
    requireColumns(numbers, k);
    return new GroundTruth() {
      @Override
      public String source() {
        return "ids";
      }

      @Override
      public double recall(int query, List<Match> answer, int k) {
        if (query >= numbers.rows()) {
          return Double.NaN;
        }
        Set<Long> wanted = new HashSet<>();
        for (int column = 0; column < k; column++) {
          long row = numbers.number(query, column);
          if (row >= 0) {
            wanted.add(row);
          }
        }
        long found = answer.stream().limit(k).filter(m -> wanted.contains(ids.row(m.id()))).count();
        // A query to which nothing is the right answer is answered rightly by nothing.
        return wanted.isEmpty() ? (answer.isEmpty() ? 1 : 0) : (double) found / wanted.size();
      }
    };
  }

  /**
   * Judged by scores, so that it does not matter which of several equal vectors was found.
   *
   * @param scores for each query the scores of the records nearest to it, nearest first, as this
   *     index computes them
   */
  static GroundTruth scores(NpyFile scores, Metric metric, int k) {
    requireColumns(scores, k);
    return new GroundTruth() {
      @Override
      public String source() {
        return "scores";
      }

      @Override
      public double recall(int query, List<Match> answer, int k) {
        if (query >= scores.rows()) {
          return Double.NaN;
        }
        float[] row = new float[scores.columns()];
        scores.copy(query, row);
        return byScore(row[k - 1], k, answer, metric);
      }
    };
  }

  /** Judged by the scores of exact answers to some of the queries. */
  static GroundTruth sample(Map<Integer, List<Match>> exact, Metric metric) {
    return new GroundTruth() {
      @Override
      public String source() {
        return "exact-sample";
      }

      @Override
      public double recall(int query, List<Match> answer, int k) {
        List<Match> right = exact.get(query);
        if (right == null) {
          return Double.NaN;
        }
        return right.isEmpty()
            ? (answer.isEmpty() ? 1 : 0)
            : byScore(right.getLast().score(), right.size(), answer, metric);
      }
    };
  }

  private static double byScore(float last, int count, List<Match> answer, Metric metric) {
    double slack = TOLERANCE * Math.abs((double) last);
    long found =
        answer.stream()
            .limit(count)
            .filter(m ->
                metric == Metric.EUCLIDEAN ? m.score() <= last + slack : m.score() >= last - slack)
            .count();
    return (double) found / count;
  }

  private static void requireColumns(NpyFile file, int k) {
    if (file.columns() < k) {
      throw new InvalidInputException(
          file.name() + " has " + file.columns() + " answers per query, -k asks for " + k);
    }
  }
}
