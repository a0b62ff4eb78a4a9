package io.slab.text;

/**
 * BM25 in two parts (spec/text.md): what is stored with a record depends on its text and a recorded
 * average length alone, and what depends on the other records is computed with each question. Their
 * product, summed over the terms of the question, is the score. Thread-safe.
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
    return (float) (frequency / (frequency + K1 * (1 - B + B * length / averageLength)));
  }

  /**
   * How much a term says: the less, the more records have it.
   *
   * @param records all of them
   * @param having those with the term, at most as many
   * @return above 0
   */
  public static double rarity(long records, long having) {
    return Math.log(1 + (records - having + 0.5) / (having + 0.5));
  }
}
