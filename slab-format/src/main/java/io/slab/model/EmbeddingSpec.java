package io.slab.model;

import io.slab.error.InvalidInputException;

/**
 * Which model made the dense vectors of an index from texts (spec/index.md, {@code CJ-embedding}).
 * It says nothing of where that model runs: who can write an index must not decide what programs
 * are run or where texts are sent. Immutable and thread-safe.
 *
 * @param model its name, 1 to {@link #MAX_TEXT} characters
 * @param dimension numbers of each of its vectors, 1 to {@link Limits#MAX_DIMENSION}
 * @param normalized true when vectors were scaled to length 1 before they were written
 * @param textField metadata field that holds the texts, at most {@link #MAX_TEXT} characters; null
 *     when no field does
 */
public record EmbeddingSpec(String model, int dimension, boolean normalized, String textField) {
  /** Most characters of the name of a model, and of the field. */
  public static final int MAX_TEXT = 512;

  /**
   * Checks the parts.
   *
   * @throws InvalidInputException when one is out of its range
   */
  public EmbeddingSpec {
    if (!isText(model) || (textField != null && !isText(textField))) {
      throw new InvalidInputException(
          "the name of a model, and that of a field, has 1 to " + MAX_TEXT + " characters");
    }
    if (dimension < 1 || dimension > Limits.MAX_DIMENSION) {
      throw new InvalidInputException(
          "a model gives 1 to " + Limits.MAX_DIMENSION + " numbers, not " + dimension);
    }
  }

  private static boolean isText(String text) {
    return !text.isEmpty() && text.length() <= MAX_TEXT;
  }

  /** The same with another field of texts. */
  public EmbeddingSpec withTextField(String field) {
    return new EmbeddingSpec(model, dimension, normalized, field);
  }
}
