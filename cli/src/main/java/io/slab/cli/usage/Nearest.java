package io.slab.cli.usage;

import java.util.Collection;
import java.util.Locale;

/** Finds the word that the user probably meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * The candidate that was probably meant, or null: the same word in other case, one that begins
   * with it, what others call so, or one within two edits (one for short words).
   */
  public static String of(String word, Collection<String> candidates) {
    for (String candidate : candidates) {
      if (candidate.equalsIgnoreCase(word)) {
        return candidate;
      }
    }
    String meant = byPrefix(word, candidates);
    if (meant == null) {
      meant = Synonyms.of(word, candidates);
    }
    return meant != null ? meant : byDistance(word, candidates);
  }

  /** The shortest that begins with a word, dashes of options not counted. */
  private static String byPrefix(String word, Collection<String> candidates) {
    int letters = word.length() - (word.startsWith("--") ? 2 : 0);
    String best = null;
    for (String candidate : candidates) {
      boolean begins = letters >= 3 && candidate.startsWith(word.toLowerCase(Locale.ROOT));
      if (begins && (best == null || candidate.length() < best.length())) {
        best = candidate;
      }
    }
    return best;
  }

  private static String byDistance(String word, Collection<String> candidates) {
    String best = null;
    int bestDistance = word.length() <= 3 ? 2 : 3;
    for (String candidate : candidates) {
      int distance = distance(word, candidate);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return best;
  }

  /** Edits between two words, a swap of neighbours counting as one. */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1);
        best = Math.min(best, d[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          best = Math.min(best, d[i - 2][j - 2] + 1);
        }
        d[i][j] = best;
      }
    }
    return d[a.length()][b.length()];
  }
}
