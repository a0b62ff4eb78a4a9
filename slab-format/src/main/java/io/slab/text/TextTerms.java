package io.slab.text;

import io.slab.bytes.XxHash64;
import io.slab.model.Limits;
import io.slab.model.MetaValue;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The terms of one text with their frequencies, as a sparse vector's dimensions (spec/text.md).
 * Immutable by contract and thread-safe.
 */
public final class TextTerms {
  /** The dimension whose weight is the length of the text; no term has it. */
  public static final int LENGTH = -1;

  /** Of a text without any term. */
  public static final TextTerms NONE = new TextTerms(new TreeMap<>(), 0);

  /** Terms of one text that are kept; the last entry is the length. */
  private static final int MOST = Limits.MAX_SPARSE_ENTRIES - 1;

  /** By unsigned number of the term. */
  private final TreeMap<Integer, Integer> frequencies;

  private final int length;

  private TextTerms(TreeMap<Integer, Integer> frequencies, int length) {
    this.frequencies = frequencies;
    this.length = length;
  }

  /** The terms of a text. */
  public static TextTerms of(TextAnalyzer analyzer, String text) {
    Map<Integer, Integer> all = new HashMap<>();
    int[] length = new int[1];
    analyzer.terms(
        text,
        term -> {
          all.merge(dimension(term), 1, Integer::sum);
          length[0]++;
        });
    TreeMap<Integer, Integer> kept = new TreeMap<>(Integer::compareUnsigned);
    if (all.size() <= MOST) {
      kept.putAll(all);
    } else {
      all.entrySet().stream()
          .sorted(
              Map.Entry.<Integer, Integer>comparingByValue(Comparator.reverseOrder())
                  .thenComparing(Map.Entry.comparingByKey(Integer::compareUnsigned)))
          .limit(MOST)
          .forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
    }
    return new TextTerms(kept, length[0]);
  }

  /**
   * The text of a metadata value: a string, or the strings of a list one after the other; empty for
   * every other value and for none.
   */
  public static String text(MetaValue value) {
    if (value instanceof MetaValue.Str(String text)) {
      return text;
    }
    return value instanceof MetaValue.StrList(List<String> texts) ? String.join("\n", texts) : "";
  }

  /**
   * How many terms the text of a record has; 0 where it stores none, or no number of terms (damage,
   * which the counts of the slab tell).
   */
  static int length(SparseVector stored) {
    int last = stored == null ? -1 : stored.size() - 1;
    if (last < 0 || stored.indices()[last] != LENGTH) {
      return 0;
    }
    float length = stored.weights()[last];
    return length >= 1 && length <= Integer.MAX_VALUE / 2f ? (int) length : 0;
  }

  /** The number that stands for a term. */
  static int dimension(String term) {
    int hash = (int) XxHash64.hash(Utf8.bytes(term));
    return hash == LENGTH ? LENGTH - 1 : hash;
  }

  /** How many terms the text has, those that occur twice counted two times. */
  public int length() {
    return length;
  }

  /** The numbers of the terms in unsigned order. */
  public int[] dimensions() {
    return frequencies.keySet().stream().mapToInt(Integer::intValue).toArray();
  }

  /** How often each of {@link #dimensions} occurs. */
  public int[] frequencies() {
    return frequencies.values().stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * What a record with this text stores: the stored part of each term, and the length, which even a
   * record without any term has.
   *
   * @param averageLength terms of an average text, above 0
   */
  public SparseVector stored(double averageLength) {
    int[] dimensions = Arrays.copyOf(dimensions(), frequencies.size() + 1);
    float[] weights = new float[dimensions.length];
    int[] counts = frequencies();
    for (int i = 0; i < counts.length; i++) {
      weights[i] = Bm25.stored(counts[i], length, averageLength);
    }
    dimensions[counts.length] = LENGTH;
    weights[counts.length] = length;
    return new SparseVector(dimensions, weights);
  }
}
