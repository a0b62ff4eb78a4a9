package io.slab.search;

import io.slab.model.MetaValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Chooses a few of many matches, which are in the order of their nearness. Thread-safe. */
public final class MatchChoice {
  private MatchChoice() {}

  /**
   * The first match of each value of a metadata field, in the same order. A match without the field
   * is alone in its group.
   *
   * @param matches with their metadata
   * @param most how many are wanted
   */
  public static List<Match> firstOfEach(List<Match> matches, String field, int most) {
    List<Match> chosen = new ArrayList<>();
    Set<MetaValue> seen = new HashSet<>();
    for (Match match : matches) {
      MetaValue value = match.record().metadata().get(field);
      if (chosen.size() < most && (value == null || seen.add(value))) {
        chosen.add(match);
      }
    }
    return chosen;
  }

  /**
   * Matches that are near and differ from each other, by maximal marginal relevance (Carbonell and
   * Goldstein, SIGIR 1998): each next one has the largest {@code lambda * near - (1 - lambda) *
   * like}, where {@code near} falls evenly from 1 for the first match to 0 for the last by their
   * scores, and {@code like} is the cosine with the most similar one that was chosen before, and at
   * least 0. Ties go to the nearer one.
   *
   * @param matches with their dense values
   * @param lambda 0 to 1; 1 leaves the order as it is
   * @param most how many are wanted
   */
  public static List<Match> diverse(List<Match> matches, double lambda, int most) {
    int count = matches.size();
    double[] like = new double[count];
    double[] lengths = new double[count];
    boolean[] taken = new boolean[count];
    for (int i = 0; i < count; i++) {
      lengths[i] = Math.sqrt(product(matches.get(i), matches.get(i)));
      like[i] = 0;
    }
    List<Match> chosen = new ArrayList<>();
    while (chosen.size() < Math.min(most, count)) {
      int best = -1;
      double highest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < count; i++) {
        double value = lambda * near(matches, i) - (1 - lambda) * like[i];
        if (!taken[i] && (best < 0 || value > highest)) {
          best = i;
          highest = value;
        }
      }
      taken[best] = true;
      chosen.add(matches.get(best));
      for (int i = 0; i < count; i++) {
        double both = lengths[i] * lengths[best];
        double cosine = both == 0 ? 0 : product(matches.get(i), matches.get(best)) / both;
        like[i] = Math.max(like[i], cosine);
      }
    }
    return chosen;
  }

  /** 1 for the best score of all, 0 for the worst, whichever of them is the larger number. */
  private static double near(List<Match> matches, int i) {
    double best = matches.getFirst().score();
    double worst = matches.getLast().score();
    return best == worst ? 1 : (matches.get(i).score() - worst) / (best - worst);
  }

  private static double product(Match a, Match b) {
    float[] x = a.record().values();
    float[] y = b.record().values();
    double sum = 0;
    for (int i = 0; x != null && y != null && i < x.length; i++) {
      sum += (double) x[i] * y[i];
    }
    return sum;
  }
}
