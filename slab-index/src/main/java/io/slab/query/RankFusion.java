package io.slab.query;

import io.slab.model.Limits;
import io.slab.model.Utf8;
import io.slab.search.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the answers of two searches together by their ranks (reciprocal rank fusion: Cormack, Clarke
 * and Buettcher, SIGIR 2009), so that their scores need no common scale. Thread-safe.
 */
public final class RankFusion {
  /** What keeps the first ranks from deciding alone. */
  private static final int RANK_OFFSET = 60;

  /** Answers of each search that are looked at, at least, and for each one that is wanted. */
  private static final int LEAST_DEPTH = 100;

  private static final int DEPTH = 3;

  /** Best first, ties in the order of the ids. */
  static final Comparator<Match> ORDER =
      Comparator.comparingDouble((Match match) -> -match.score())
          .thenComparing(Match::id, Utf8.ORDER);

  private RankFusion() {}

  /** How many answers each search is to give, for so many of both. */
  public static int depth(int topK) {
    return Math.min(Limits.MAX_TOP_K, Math.max(LEAST_DEPTH, DEPTH * topK));
  }

  /**
   * The best of both: each record with the sum of 1 / (60 + rank) as its score, ranks counted from
   * 1; ties in the order of the ids.
   *
   * @param topK how many
   */
  public static List<Match> of(List<Match> one, List<Match> other, int topK) {
    Map<String, Double> scores = new HashMap<>();
    add(one, scores);
    add(other, scores);
    List<Match> all = new ArrayList<>();
    scores.forEach((id, score) -> all.add(new Match(id, score.floatValue(), null)));
    all.sort(ORDER);
    return all.subList(0, Math.min(topK, all.size()));
  }

  private static void add(List<Match> ranked, Map<String, Double> scores) {
    for (int i = 0; i < ranked.size(); i++) {
      scores.merge(ranked.get(i).id(), 1.0 / (RANK_OFFSET + i + 1), Double::sum);
    }
  }
}
