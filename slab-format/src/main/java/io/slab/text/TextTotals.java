package io.slab.text;

import io.slab.model.SparseVector;

/**
 * What is counted of the texts of many records (spec/text.md).
 *
 * @param texts records whose text has a term
 * @param terms of all of these texts, those that occur twice counted two times
 */
public record TextTotals(long texts, long terms) {
  public static final TextTotals NONE = new TextTotals(0, 0);

  public TextTotals {
    if (texts < 0 || terms < texts) {
      throw new IllegalArgumentException(terms + " terms in " + texts + " texts");
    }
  }

  /** With one record more. */
  public TextTotals plus(SparseVector stored) {
    int length = TextTerms.length(stored);
    return length == 0 ? this : new TextTotals(texts + 1, terms + length);
  }

  /** Together with others. */
  public TextTotals plus(TextTotals other) {
    return new TextTotals(texts + other.texts, terms + other.terms);
  }

  /** Terms of an average text; 1 where there is none. */
  public double averageLength() {
    return texts == 0 ? 1 : (double) terms / texts;
  }
}
