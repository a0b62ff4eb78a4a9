package io.slab.writer;

import io.slab.format.SlabInput;
import io.slab.memtable.BatchCheck;
import io.slab.memtable.WriteOp;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.model.TextIndex;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.text.TextAnalyzer;
import io.slab.text.TextAnalyzers;
import io.slab.text.TextTerms;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the sparse values of records in an index with a text index (spec/text.md): on the way into
 * the log and into the slabs of a bulk load, so that what reads them later needs no analyzer.
 * Without an analyzer for its language no text gets by. Thread-safe.
 */
final class TextStage implements BatchCheck.Stage {
  /** What is assumed of texts before there are many: that so many have so many terms. */
  private static final int ASSUMED_TEXTS = 10;

  private static final int ASSUMED_LENGTH = 100;

  /** Texts of a bulk load whose lengths are looked at, in stretches. */
  private static final int STRETCHES = 10;

  private static final int STRETCH = 100;

  private final NamespaceHandle namespace;
  private final IndexSpec spec;
  private final TextIndex index;
  private volatile TextAnalyzer analyzer;

  /** Terms of an average text as the namespace has it recorded; 0 until that is known. */
  private volatile double average;

  private TextStage(NamespaceHandle namespace) {
    this.namespace = namespace;
    this.spec = namespace.spec();
    this.index = spec.textIndex();
  }

  /** For an index without a text index nothing is to be made. */
  static BatchCheck.Stage of(NamespaceHandle namespace) {
    return namespace.spec().textIndex() == null ? batch -> batch : new TextStage(namespace);
  }

  @Override
  public List<WriteOp> complete(List<WriteOp> batch) {
    List<TextTerms> terms = new ArrayList<>(batch.size());
    Lengths lengths = new Lengths();
    for (WriteOp op : batch) {
      TextTerms made = terms(op);
      terms.add(made);
      lengths.add(made);
    }
    double length = average(lengths);
    List<WriteOp> complete = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      TextTerms made = terms.get(i);
      complete.add(made == null ? batch.get(i) : with(batch.get(i), made.stored(length)));
    }
    return complete;
  }

  /** Null for an operation that changes no text. */
  private TextTerms terms(WriteOp op) {
    if (op instanceof WriteOp.Upsert(VectorRecord record)) {
      return terms(record.metadata());
    }
    Metadata changes = null;
    if (op instanceof WriteOp.PartialUpdate update) {
      changes = update.changes();
    } else if (op instanceof WriteOp.UpdateByFilter update) {
      changes = update.changes();
    }
    return changes == null || changes.get(index.field()) == null ? null : terms(changes);
  }

  private TextTerms terms(Metadata metadata) {
    String text = TextTerms.text(metadata.get(index.field()));
    if (text.isBlank()) {
      return TextTerms.NONE;
    }
    if (analyzer == null) {
      analyzer = TextAnalyzers.of(index);
    }
    return TextTerms.of(analyzer, text);
  }

  private static WriteOp with(WriteOp op, SparseVector sparse) {
    if (op instanceof WriteOp.Upsert(VectorRecord record)) {
      return new WriteOp.Upsert(record.with(sparse));
    }
    if (op instanceof WriteOp.PartialUpdate u) {
      return new WriteOp.PartialUpdate(u.id(), u.values(), sparse, u.changes());
    }
    WriteOp.UpdateByFilter update = (WriteOp.UpdateByFilter) op;
    return new WriteOp.UpdateByFilter(update.filterJson(), sparse, update.changes());
  }

  /** Of texts that have terms. */
  private static final class Lengths {
    private long texts;
    private long terms;

    void add(TextTerms of) {
      texts += of == null || of.length() == 0 ? 0 : 1;
      terms += of == null ? 0 : of.length();
    }

    /** An average that a few texts cannot make very small or very large. */
    double average() {
      double assumed = (double) ASSUMED_TEXTS * ASSUMED_LENGTH;
      return (assumed + terms) / (ASSUMED_TEXTS + texts);
    }
  }

  /** Texts without terms are weighed by no average, so none is recorded for them. */
  private double average(Lengths lengths) {
    if (average == 0 && lengths.texts > 0) {
      average = new NamespaceAdmin(namespace).textLength(lengths.average());
    }
    return average == 0 ? ASSUMED_LENGTH : average;
  }

  /** Looks at some rows of a bulk load, for the average length where there is none yet. */
  void sample(BulkRows rows) {
    Lengths lengths = new Lengths();
    for (int i = 0; i < STRETCHES && average == 0; i++) {
      int from = (int) ((long) rows.rows() * i / STRETCHES);
      int to = (int) Math.min(from + STRETCH, (long) rows.rows() * (i + 1) / STRETCHES);
      if (from == to) {
        continue;
      }
      try (SlabInput.Cursor cursor = rows.part(from, to, 0).open()) {
        while (cursor.next()) {
          lengths.add(terms(cursor.metadata()));
        }
      }
    }
    average(lengths);
  }

  /** Rows of a bulk load with their terms, which are made whenever they are read. */
  SlabInput input(SlabInput rows) {
    return new SlabInput() {
      @Override
      public int rows() {
        return rows.rows();
      }

      @Override
      public Cursor open() {
        return new Complete(rows.open());
      }
    };
  }

  private final class Complete implements SlabInput.Cursor {
    private final SlabInput.Cursor cursor;

    Complete(SlabInput.Cursor cursor) {
      this.cursor = cursor;
    }

    @Override
    public boolean next() {
      return cursor.next();
    }

    @Override
    public byte[] id() {
      return cursor.id();
    }

    @Override
    public long lsn() {
      return cursor.lsn();
    }

    @Override
    public float[] values() {
      return cursor.values();
    }

    @Override
    public SparseVector sparse() {
      SparseVector given = cursor.sparse();
      if (given != null) {
        RecordRules.require(
            "record '" + Utf8.string(cursor.id()) + "'", RecordRules.sparse(given, spec));
      }
      return terms(cursor.metadata()).stored(average == 0 ? ASSUMED_LENGTH : average);
    }

    @Override
    public Metadata metadata() {
      return cursor.metadata();
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
