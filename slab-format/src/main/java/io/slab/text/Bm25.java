package io.slab.text;

import io.slab.model.SparseVector;

/**
 * BM25 in two parts (spec/text.md): what is stored with a record depends on its text and a recorded
 * average length alone, and what depends on the other records is computed with each question. Their
 * product, summed over the terms of the question, finds the records; since what is stored tells the
 * frequencies, those found are scored by the average length of today. Thread-safe.
 */
public final class Bm25 {
  /** How soon more occurrences of a term stop to count. */
  static final double K1 = 1.2;

  /** How much of the length of a text counts. */
  static final double B = 0.75;

  private Bm25() {}

  /**
   * The stored part.
   *
   * @param frequency how often the term occurs in the text, at least 1
   * @param length terms of the text
   * @param averageLength terms of an average text, above 0
   * @return above 0 and below 1
   */
  static float stored(int frequency, int length, double averageLength) {
    return (float) part(frequency, length, averageLength);
  }

  private static double part(double frequency, int length, double averageLength) {
    return frequency / (frequency + K1 * (1 - B + B * length / averageLength));
  }

  /**
   * How much a term says: the less, the more records have it.
   *
   * @param texts all of them
   * @param having those with the term, at most as many
   * @return above 0
   */
  public static double rarity(long texts, long having) {
    return Math.log(1 + (texts - having + 0.5) / (having + 0.5));
  }

  /**
   * The score of a record by an average length, whichever it was stored with.
   *
   * @param question its terms in unsigned order, each with its weight
   * @param stored what the record stores; null for nothing
   * @param averageLength terms of an average text, above 0
   */
  public static double score(SparseVector question, SparseVector stored, double averageLength) {
    int length = TextTerms.length(stored);
    if (length == 0) {
      return 0;
    }
    double scale = length / odds(stored);
    double sum = 0;
    int at = 0;
    for (int i = 0; i < question.size(); i++) {
      int term = question.indices()[i];
      while (at < stored.size() && Integer.compareUnsigned(stored.indices()[at], term) < 0) {
        at++;
      }
      if (at < stored.size() && stored.indices()[at] == term) {
        double frequency = Math.max(1, Math.rint(odds(stored.weights()[at]) * scale));
        sum += question.weights()[i] * part(frequency, length, averageLength);
      }
    }
    return sum;
  }

  /**
   * In what a record stores other terms than those of its text; null where nothing differs. Any
   * average length may have been recorded when it was written.
   *
   * @param stored what the record stores; null for nothing
   */
  static String difference(TextTerms made, SparseVector stored) {
    int[] dimensions = made.dimensions();
    int[] frequencies = made.frequencies();
    int terms = stored == null ? -1 : stored.size() - 1;
    if (terms < 0 || stored.indices()[terms] != TextTerms.LENGTH) {
      return "has no length";
    }
    if (stored.weights()[terms] != made.length()) {
      return "has the length " + stored.weights()[terms] + ", and its text " + made.length();
    }
    if (terms != dimensions.length) {
      return "has " + terms + " terms, and its text " + dimensions.length;
    }
    double all = 0;
    for (int i = 0; i < terms; i++) {
      if (stored.indices()[i] != dimensions[i]) {
        return "has a term that its text has not, " + Integer.toHexString(stored.indices()[i]);
      }
      all += frequencies[i];
    }
    double scale = all / odds(stored);
    for (int i = 0; i < terms; i++) {
      double frequency = odds(stored.weights()[i]) * scale;
      // Far more than rounding to 32 bits does to a weight near 1.
      if (!(Math.abs(frequency - frequencies[i]) <= Math.max(0.1, 0.01 * frequencies[i]))) {
        return "has the term "
            + Integer.toHexString(dimensions[i])
            + " with a weight for "
            + Math.round(frequency)
            + " occurrences, and its text has it "
            + (frequencies[i] == 1 ? "once" : frequencies[i] + " times");
      }
    }
    return null;
  }

  /** Of all terms: frequencies divided by one number, which only the length tells. */
  private static double odds(SparseVector stored) {
    double sum = 0;
    for (int i = 0; i < stored.size() - 1; i++) {
      sum += odds(stored.weights()[i]);
    }
    return sum;
  }

  /** A weight that is none, which only damage or another program wrote, counts as the nearest. */
  private static double odds(float weight) {
    double inside = Math.clamp(weight, Float.MIN_NORMAL, Math.nextDown(1f));
    return inside / (1 - inside);
  }
}
