package io.slab.filter;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The operator names, and the guess at what a misspelt one was meant to be. */
final class Operators {
  static final List<String> FIELD =
      List.of("$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists", "$not");
  static final List<String> LOGICAL = List.of("$and", "$or");

  /** Names from other languages, and misspellings that lie equally near to two operators. */
  private static final Map<String, String> SYNONYMS =
      Map.ofEntries(
          Map.entry("ge", "$gte"),
          Map.entry("le", "$lte"),
          Map.entry("neq", "$ne"),
          Map.entry("=", "$eq"),
          Map.entry("==", "$eq"),
          Map.entry("!=", "$ne"),
          Map.entry("<>", "$ne"),
          Map.entry(">", "$gt"),
          Map.entry(">=", "$gte"),
          Map.entry("<", "$lt"),
          Map.entry("<=", "$lte"),
          Map.entry("equals", "$eq"),
          Map.entry("contains", "$eq"),
          Map.entry("any", "$in"),
          Map.entry("notin", "$nin"),
          Map.entry("not_in", "$nin"),
          Map.entry("&&", "$and"),
          Map.entry("||", "$or"));

  /**
   * Operators of other systems that stand for something this language says in another way, or not
   * at all.
   */
  private static final Map<String, String> FOREIGN =
      Map.of(
          "$all", "write {\"$and\": [{\"field\": \"a\"}, {\"field\": \"b\"}]}",
          "$nor", "negate each clause with $ne, $nin or $not and join them with $and",
          "$regex", "there is no search inside strings; filters compare whole strings",
          "$match_phrase", "there is no search inside strings; filters compare whole strings",
          "$match_all", "there is no search inside strings; filters compare whole strings",
          "$match_any", "there is no search inside strings; filters compare whole strings");

  private Operators() {}

  /**
   * What to write in place of an operator that only other systems have; null for any other name.
   */
  static String insteadOf(String name) {
    return FOREIGN.get(name);
  }

  /** The operator of {@code candidates} that {@code name} most likely stands for, or null. */
  static String guess(String name, List<String> candidates) {
    String bare = bare(name);
    String synonym = SYNONYMS.get(bare);
    if (synonym != null && candidates.contains(synonym)) {
      return synonym;
    }
    String best = null;
    int bestDistance = 3;
    for (String candidate : candidates) {
      int distance = distance(bare, bare(candidate));
      // Two changes in a word of three letters make another word.
      if (distance < bestDistance && distance * 2 <= bare(candidate).length()) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best;
  }

  private static String bare(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("$") ? lower.substring(1) : lower;
  }

  /** Levenshtein distance where swapping two neighbours counts once; long words are simply far. */
  private static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > 2) {
      return 3;
    }
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(int[][] cost, String a, String b, int i, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int best = cost[i - 1][j - 1] + (same ? 0 : 1);
    best = Math.min(best, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
    if (i > 1
        && j > 1
        && a.charAt(i - 1) == b.charAt(j - 2)
        && a.charAt(i - 2) == b.charAt(j - 1)) {
      best = Math.min(best, cost[i - 2][j - 2] + 1);
    }
    return best;
  }
}
