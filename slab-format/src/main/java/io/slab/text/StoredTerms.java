package io.slab.text;

import io.slab.error.UnsupportedException;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.TextIndex;

/**
 * Makes the terms of texts anew and compares them with what records store (spec/text.md). The
 * analyzer is looked for when the first text comes. One thread only.
 */
public final class StoredTerms {
  private final TextIndex index;
  private final boolean hasDense;
  private TextAnalyzer analyzer;

  /**
   * @param hasDense true where records may have vectors and no text
   */
  public StoredTerms(TextIndex index, boolean hasDense) {
    this.index = index;
    this.hasDense = hasDense;
  }

  /**
   * In what the terms of a record are not those of its text, for people; null where they are.
   *
   * @param stored its sparse values, or null
   * @throws UnsupportedException when there is no analyzer for the language
   */
  public String difference(Metadata metadata, SparseVector stored) {
    String text = TextTerms.text(metadata.get(index.field()));
    if (stored == null && text.isBlank() && hasDense) {
      // An update that never gave it a text left it without any.
      return null;
    }
    if (!text.isBlank() && analyzer == null) {
      analyzer = TextAnalyzers.of(index);
    }
    return Bm25.difference(text.isBlank() ? TextTerms.NONE : TextTerms.of(analyzer, text), stored);
  }
}
