package io.slab.check;

import io.slab.error.UnsupportedException;
import io.slab.format.SlabInput;
import io.slab.format.SlabReader;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.TextIndex;
import io.slab.model.Utf8;
import io.slab.store.ByteSource;
import io.slab.text.StoredTerms;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Compares the terms of records with their texts: what a faulty writer got wrong, and no checksum
 * tells. For records whose other checks found nothing. One thread only.
 */
public final class TermCheck {
  private final String object;
  private final TextIndex index;
  private final StoredTerms terms;
  private long records;
  private long wrong;
  private String first;

  /** Why nothing can be compared, or null. */
  private String without;

  /**
   * @param object that has the records
   * @param hasDense true where records may have vectors and no text
   */
  public TermCheck(String object, TextIndex index, boolean hasDense) {
    this.object = object;
    this.index = index;
    this.terms = new StoredTerms(index, hasDense);
  }

  /**
   * Notes records of a slab whose terms are not those of their text. They are read in the order in
   * which they lie, which is that of the numbers of dead rows.
   *
   * @param dead true for rows that are not looked at
   */
  static void check(ByteSource source, IntPredicate dead, Findings findings) {
    // Closing the slab would close the caller's source.
    SlabReader slab = SlabReader.open(source);
    TextIndex index = slab.manifest().textIndex();
    if (index == null) {
      return;
    }
    boolean hasDense = slab.manifest().vectorType().hasDense();
    TermCheck check = new TermCheck(source.name(), index, hasDense);
    try (SlabInput.Cursor cursor = slab.arrivals()) {
      for (int row = 0; cursor.next(); row++) {
        if (!dead.test(row)) {
          check.add(cursor::id, cursor.metadata(), cursor.sparse());
        }
      }
    }
    check.report(findings);
  }

  /**
   * Compares one record.
   *
   * @param id asked for when the record is to be named
   */
  public void add(Supplier<byte[]> id, Metadata metadata, SparseVector stored) {
    records++;
    if (without != null) {
      return;
    }
    try {
      String problem = terms.difference(metadata, stored);
      if (problem != null) {
        wrong++;
        first = first == null ? "'" + Utf8.string(id.get()) + "' " + problem : first;
      }
    } catch (UnsupportedException e) {
      without = e.getMessage();
    }
  }

  /** Notes what was found. */
  public void report(Findings findings) {
    if (without != null) {
      findings.warning(object, CheckReport.TERMS, -1, "not compared with the texts: " + without);
    }
    if (wrong > 0) {
      String problem =
          "of "
              + wrong
              + " of "
              + records
              + " records the terms are not those of the field '"
              + index.field()
              + "': "
              + first
              + "; write these records again";
      findings.error(object, CheckReport.TERMS, -1, problem);
    }
  }
}
