package io.slab.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.SparseVector;
import org.junit.jupiter.api.Test;

class Bm25Test {
  /** Of a text of a hundred million times the same word it is 1 when it is rounded. */
  @Test
  void aWeightOutsideOfItsRangeStillGivesAScore() {
    assertEquals(1f, Bm25.stored(100_000_000, 100_000_000, 100_000_000));
    SparseVector question = new SparseVector(new int[] {3}, new float[] {1});
    for (float weight : new float[] {1, 7, 0, -2}) {
      SparseVector stored =
          new SparseVector(new int[] {3, 9, TextTerms.LENGTH}, new float[] {weight, 0.5f, 100});
      double score = Bm25.score(question, stored, 100);
      assertTrue(score > 0 && score < 1, weight + " gives " + score);
    }
  }
}
