package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.queries.GroundTruth;
import io.slab.search.Match;
import java.util.List;

/**
 * Recall over the queries whose right answer is known.
 *
 * @param k of recall@k
 * @param queries judged
 * @param mean null when none was
 * @param worst null when none was
 * @param incomplete judged queries with fewer answers than k
 * @param source how it was judged
 */
record BenchRecall(int k, long queries, Double mean, Double worst, long incomplete, String source) {
  static BenchRecall of(List<List<Match>> answers, GroundTruth truth, int k) {
    long judged = 0;
    long incomplete = 0;
    double sum = 0;
    double worst = 1;
    for (int query = 0; query < answers.size(); query++) {
      List<Match> answer = answers.get(query);
      double recall = answer == null ? Double.NaN : truth.recall(query, answer, k);
      if (!Double.isNaN(recall)) {
        judged++;
        incomplete += answer.size() < k ? 1 : 0;
        sum += recall;
        worst = Math.min(worst, recall);
      }
    }
    return new BenchRecall(
        k,
        judged,
        judged == 0 ? null : round(sum / judged),
        judged == 0 ? null : round(worst),
        incomplete,
        truth.source());
  }

  /** Without the crumbs that summing leaves. */
  private static double round(double value) {
    return Math.round(value * 1e6) / 1e6;
  }

  Doc doc() {
    return new Doc()
        .put("k", k)
        .put("mean", mean)
        .put("worst", worst)
        .put("queries", queries)
        .put("incomplete", incomplete)
        .put("judgedBy", source);
  }
}
