package io.slab.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.Limits;
import io.slab.model.MetaValue;
import io.slab.model.SparseVector;
import io.slab.testkit.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TextTermsTest {
  private static final TextAnalyzer WORDS =
      (text, each) -> Arrays.stream(text.split(" ")).filter(w -> !w.isEmpty()).forEach(each);

  /** What is stored by one average tells the frequencies, and so the score by every other. */
  @Test
  void theScoreIsThatOfTodaysAverage() {
    Random random = new Random(Seeds.of(TextTermsTest.class));
    for (int round = 0; round < 200; round++) {
      TreeMap<Integer, Integer> counts = new TreeMap<>(Integer::compareUnsigned);
      StringBuilder text = new StringBuilder();
      int words = 1 + random.nextInt(40);
      for (int i = 0; i < words; i++) {
        int times = 1 + (int) Math.pow(random.nextDouble() * 6, 3);
        counts.put(TextTerms.dimension("w" + i), times);
        text.append(("w" + i + " ").repeat(times));
      }
      TextTerms terms = TextTerms.of(WORDS, text.toString());
      int length = counts.values().stream().mapToInt(Integer::intValue).sum();
      assertEquals(length, terms.length());
      SparseVector stored = terms.stored(1 + random.nextInt(10_000));
      assertEquals(length, TextTerms.length(stored));
      float[] ones = new float[counts.size()];
      Arrays.fill(ones, 1);
      SparseVector question = new SparseVector(terms.dimensions(), ones);
      double average = 1 + random.nextInt(1_000);
      double expected = 0;
      for (int times : counts.values()) {
        expected += times / (times + 1.2 * (0.25 + 0.75 * length / average));
      }
      assertEquals(expected, Bm25.score(question, stored, average), 1e-12 * words);
    }
  }

  @Test
  void aTextWithoutTermsStoresItsLength() {
    SparseVector stored = TextTerms.of(WORDS, "").stored(7);
    assertArrayEquals(new int[] {TextTerms.LENGTH}, stored.indices());
    assertArrayEquals(new float[] {0}, stored.weights());
    assertEquals(TextTotals.NONE, TextTotals.NONE.plus(stored).plus((SparseVector) null));
    assertEquals(0, Bm25.score(stored, stored, 1));
    assertEquals(1, TextTotals.NONE.averageLength());
  }

  /**
   * Of too many terms the most frequent stay, and no writer makes more entries than records may
   * have.
   */
  @Test
  void veryLongTextsKeepTheirMostFrequentTerms() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      text.append("w").append(i).append(i % 3 == 0 ? " " : " w" + i + " ");
    }
    TextTerms terms = TextTerms.of(WORDS, text.toString());
    assertEquals(5_000, terms.length());
    assertEquals(Limits.MAX_SPARSE_ENTRIES, terms.stored(100).size());
    long twice = Arrays.stream(terms.frequencies()).filter(count -> count == 2).count();
    assertEquals(2_000, twice);
  }

  @Test
  void textsAreStringsAndListsOfThem() {
    assertEquals("a b", TextTerms.text(new MetaValue.Str("a b")));
    assertEquals("a\nb", TextTerms.text(new MetaValue.StrList(List.of("a", "b"))));
    assertEquals("", TextTerms.text(new MetaValue.Num(3)));
    assertEquals("", TextTerms.text(null));
    assertNotEquals(TextTerms.LENGTH, TextTerms.dimension("a"));
  }

  @Test
  void rareTermsSayMore() {
    assertTrue(Bm25.rarity(100, 1) > Bm25.rarity(100, 50));
    assertTrue(Bm25.rarity(100, 100) > 0);
  }
}
