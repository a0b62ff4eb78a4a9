package io.slab.text;

import java.util.function.Consumer;

/**
 * Makes terms of a text of one language: splits it into words, folds them, leaves out those that
 * say nothing. The same text gives the same terms on every machine. Thread-safe.
 */
public interface TextAnalyzer {
  /**
   * Gives the terms of a text, one after the other, a term that occurs twice two times.
   *
   * @param text of any length, empty too
   * @param each takes each term, which is not empty
   */
  void terms(String text, Consumer<String> each);
}
