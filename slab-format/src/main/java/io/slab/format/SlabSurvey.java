package io.slab.format;

import io.slab.bytes.XxHash64;
import io.slab.error.InvalidInputException;
import io.slab.error.WorkPhase;
import io.slab.format.section.BloomWriter;
import io.slab.format.section.ColumnType;
import io.slab.format.section.IdTopWriter;
import io.slab.format.section.SparseCensus;
import io.slab.format.section.StringBlocksLayout;
import io.slab.format.section.StringBlocksWriter;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.MetaValue;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.text.TextTotals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The first pass over a slab's rows: everything that is needed before the first section can be
 * written, except vectors and metadata themselves. One thread only.
 */
final class SlabSurvey {
  final StringBlocksWriter ids =
      new StringBlocksWriter(StringBlocksLayout.IDS_PER_BLOCK, Limits.MAX_ID_BYTES);
  final IdTopWriter top = new IdTopWriter();
  final BloomWriter bloom;
  final long[] lsns;

  /** What the builder writes; with the key of each row for the parts that later passes add. */
  final LedgerSum ledger = new LedgerSum();

  final long[] keys;
  final int[] sparseSizes;
  final SparseCensus census = new SparseCensus();

  private final IndexSpec spec;

  /** Columns by field; within a field by type. */
  private final Map<String, ColumnBuilder[]> fields = new HashMap<>();

  private int columnCount;

  /** False when an older writer let in a sparse weight that is no number. */
  private boolean finiteWeights = true;

  private TextTotals textTotals = TextTotals.NONE;

  private final ColumnSpill spill;

  private SlabSurvey(IndexSpec spec, int rows, long[] lsns, ColumnSpill spill) {
    this.spill = spill;
    this.spec = spec;
    this.bloom = new BloomWriter(rows);
    this.lsns = lsns;
    this.keys = new long[rows];
    this.sparseSizes = new int[spec.vectorType().hasSparse() ? rows : 0];
  }

  /**
   * Passes over the rows.
   *
   * @param spool where all but the ids is; null for the input itself
   * @param spill for what columns hold, as long as they are needed
   */
  static SlabSurvey of(IndexSpec spec, SlabInput input, RowSpool spool, ColumnSpill spill) {
    int rows = input.rows();
    long[] lsns = spool == null ? new long[rows] : spool.lsns();
    SlabSurvey survey = new SlabSurvey(spec, rows, lsns, spill);
    WorkPhase phase = new WorkPhase(input.work(), "reading", "records", rows);
    try (SlabInput.Cursor cursor = input.open()) {
      SlabInput.Cursor others = spool == null ? cursor : spool.open(null);
      int row = 0;
      for (; row < input.rows() && cursor.next(); row++) {
        if (spool != null) {
          others.next();
        }
        survey.add(row, cursor.id(), others);
        phase.add(1);
      }
      if (row < input.rows() || cursor.next()) {
        throw new IllegalArgumentException("the input does not have its " + input.rows() + " rows");
      }
    }
    return survey;
  }

  private void add(int row, byte[] id, SlabInput.Cursor cursor) {
    if (id.length == 0) {
      throw new IllegalArgumentException("an empty id in row " + row);
    }
    ids.add(id);
    if (row % StringBlocksLayout.IDS_PER_BLOCK == 0) {
      top.add(id);
    }
    bloom.add(XxHash64.hash(id));
    lsns[row] = cursor.lsn();
    keys[row] = ledger.id(id, lsns[row]);
    if (spec.vectorType().hasSparse()) {
      SparseVector sparse = cursor.sparse();
      sparseSizes[row] = sparse == null ? 0 : sparse.size();
      finiteWeights &= sparse == null || RecordRules.isFinite(sparse.weights());
      census.add(sparse);
      if (spec.textIndex() != null) {
        textTotals = textTotals.plus(sparse);
      }
    }
    for (Map.Entry<String, MetaValue> field : cursor.metadata().fields().entrySet()) {
      addField(row, field.getKey(), field.getValue());
    }
  }

  private void addField(int row, String field, MetaValue value) {
    ColumnBuilder[] columns = fields.get(field);
    if (columns == null) {
      columns = new ColumnBuilder[ColumnType.values().length];
      fields.put(field, columns);
    }
    if (!spec.indexes(field) || !MetaValue.counts(value)) {
      return;
    }
    ColumnType type = ColumnBuilder.typeOf(value);
    if (columns[type.ordinal()] == null) {
      columns[type.ordinal()] = ColumnBuilder.of(field, type, spill);
      if (++columnCount > SlabBuilder.MAX_COLUMNS) {
        throw new InvalidInputException(
            "a slab cannot index more than " + SlabBuilder.MAX_COLUMNS + " metadata columns",
            "name the fields to filter on in the index's schema, or write fewer records at once");
      }
    }
    columns[type.ordinal()].add(row, value);
  }

  /** Of the texts of all rows. */
  TextTotals textTotals() {
    return textTotals;
  }

  /** True when postings can say what the sparse rows say. */
  boolean hasPostings() {
    return finiteWeights && !census.isEmpty();
  }

  /** All fields in byte order; the position is the field id. */
  List<String> fields() {
    return fields.keySet().stream().sorted(Utf8.ORDER).toList();
  }

  /** All columns by field and type; the position is the column id. */
  List<ColumnBuilder> columns() {
    List<ColumnBuilder> all = new ArrayList<>(columnCount);
    for (String field : fields()) {
      for (ColumnBuilder column : fields.get(field)) {
        if (column != null) {
          all.add(column);
        }
      }
    }
    return all;
  }
}
