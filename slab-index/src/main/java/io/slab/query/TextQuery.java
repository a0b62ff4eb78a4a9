package io.slab.query;

import io.slab.error.DataException;
import io.slab.error.InvalidInputException;
import io.slab.format.SlabView;
import io.slab.format.section.SparseIndex;
import io.slab.format.section.SparsePostings;
import io.slab.memtable.MemRow;
import io.slab.model.IndexSpec;
import io.slab.model.SparseVector;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.text.Bm25;
import io.slab.text.TextAnalyzers;
import io.slab.text.TextTerms;
import io.slab.text.TextTotals;
import java.util.Arrays;

/**
 * The terms of a question with what they weigh in a snapshot (spec/text.md). How many records have
 * a term is counted in all slabs and in what is in no slab yet, with each question, so that no
 * stored weight goes stale. Rows of slabs count until a compaction drops them, the dead ones too.
 * Thread-safe.
 *
 * @param terms each with its weight
 * @param averageLength terms of an average text
 */
public record TextQuery(SparseVector terms, double averageLength) {
  /**
   * The terms as a sparse query, those too that no record has.
   *
   * @throws InvalidInputException when the index has no text index, or nothing of the text is a
   *     term
   * @throws io.slab.error.UnsupportedException when there is no analyzer for its language
   */
  public static TextQuery of(Snapshot snapshot, IndexSpec spec, String text) {
    if (spec.textIndex() == null) {
      throw new InvalidInputException(
          "this index has no text index",
          "make one with a text index, and write the records to it");
    }
    TextTerms terms = TextTerms.of(TextAnalyzers.of(spec.textIndex()), text);
    if (terms.length() == 0) {
      throw new InvalidInputException(
          "the text has no word that is looked for",
          "words such as 'the' and 'of' are not indexed; give others");
    }
    int[] dimensions = terms.dimensions();
    int[] frequencies = terms.frequencies();
    long[] having = new long[dimensions.length];
    TextTotals totals = count(snapshot, dimensions, having);
    float[] weights = new float[dimensions.length];
    for (int i = 0; i < dimensions.length; i++) {
      weights[i] = (float) (frequencies[i] * Bm25.rarity(totals.texts(), having[i]));
    }
    return new TextQuery(new SparseVector(dimensions, weights), totals.averageLength());
  }

  /** Adds up the records with each term; returns what there is of texts. */
  private static TextTotals count(Snapshot snapshot, int[] dimensions, long[] having) {
    TextTotals totals = TextTotals.NONE;
    for (LiveSlab slab : snapshot.slabs()) {
      totals = totals.plus(slab.view().textTotals());
      count(slab.view(), dimensions, having);
    }
    for (MemRow row : snapshot.memtable()) {
      totals = totals.plus(row.record().sparse());
      count(row.record().sparse(), dimensions, having);
    }
    return totals;
  }

  private static void count(SlabView slab, int[] dimensions, long[] having) {
    long[] found = new long[dimensions.length];
    try {
      if (countLists(slab.sparseIndex(), dimensions, found)) {
        add(found, having);
        return;
      }
    } catch (DataException e) {
      // A damaged list is left out, as by the search that follows; the rows have the same.
      if (!slab.withdraw(e)) {
        throw e;
      }
    }
    Arrays.fill(found, 0);
    for (int row = 0; row < slab.rows(); row++) {
      count(slab.sparse(row), dimensions, found);
    }
    add(found, having);
  }

  private static boolean countLists(SparseIndex index, int[] dimensions, long[] found) {
    if (index == null) {
      return false;
    }
    index.announce(dimensions);
    for (int i = 0; i < dimensions.length; i++) {
      SparsePostings postings = index.find(dimensions[i]);
      found[i] = postings == null ? 0 : postings.size();
    }
    return true;
  }

  private static void add(long[] found, long[] having) {
    for (int i = 0; i < found.length; i++) {
      having[i] += found[i];
    }
  }

  /** Both are in unsigned order. */
  private static void count(SparseVector row, int[] dimensions, long[] having) {
    int at = 0;
    for (int i = 0; row != null && i < dimensions.length && at < row.size(); ) {
      int order = Integer.compareUnsigned(dimensions[i], row.indices()[at]);
      if (order == 0) {
        having[i++]++;
        at++;
      } else if (order < 0) {
        i++;
      } else {
        at++;
      }
    }
  }
}
