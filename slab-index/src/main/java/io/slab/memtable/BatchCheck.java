package io.slab.memtable;

import io.slab.bytes.ByteWriter;
import io.slab.error.InvalidInputException;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.filter.FilterRules;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.wal.WalLayout;
import io.slab.wal.WalRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * The check that every operation passes before it becomes part of the WAL, from the command line
 * and from the library alike. {@link RecordRules} says what an index may hold. Thread-safe.
 */
public final class BatchCheck {
  /** Puts in what records store besides what they are given. */
  public interface Stage {
    /**
     * The same operations with it.
     *
     * @param batch checked
     * @throws io.slab.error.UnsupportedException when this program cannot make it
     */
    List<WriteOp> complete(List<WriteOp> batch);
  }

  private final IndexSpec spec;

  public BatchCheck(IndexSpec spec) {
    this.spec = spec;
  }

  /**
   * Checks, completes and encodes a batch.
   *
   * @throws InvalidInputException naming the record and the rule that it breaks
   */
  public List<WalRecord> encode(List<WriteOp> batch, Stage stage) {
    if (batch.isEmpty() || batch.size() > Limits.MAX_BATCH_RECORDS) {
      throw new InvalidInputException(
          "a batch of " + batch.size() + " operations",
          "1 to " + Limits.MAX_BATCH_RECORDS + " in one batch");
    }
    List<WalRecord> records = new ArrayList<>(batch.size());
    long bytes = WalLayout.HEADER_BYTES + WalLayout.TRAILER_BYTES;
    batch.forEach(this::require);
    ByteWriter out = new ByteWriter();
    for (WriteOp op : stage.complete(batch)) {
      WalRecord record = WriteOpCodec.encode(op, out);
      records.add(record);
      bytes += WalLayout.RECORD_HEADER_BYTES + record.payload().length;
    }
    if (bytes > WalLayout.MAX_BYTES) {
      throw new InvalidInputException(
          "a batch of " + bytes + " bytes", "at most " + WalLayout.MAX_BYTES + " in one batch");
    }
    return records;
  }

  /**
   * Checks one operation as the log has it, terms of texts included.
   *
   * @throws InvalidInputException naming the record and the rule that it breaks
   */
  public void requireStored(WriteOp op) {
    if (op instanceof WriteOp.UpdateByFilter u && u.sparse() != null) {
      require(op);
      RecordRules.require("the update", RecordRules.storedSparse(u.sparse(), spec));
    } else if (spec.textIndex() == null) {
      require(op);
    } else if (op instanceof WriteOp.Upsert(VectorRecord record)) {
      require(new WriteOp.Upsert(record.shown(true)));
      stored(record.id(), record.sparse());
    } else if (op instanceof WriteOp.PartialUpdate u) {
      require(new WriteOp.PartialUpdate(u.id(), u.values(), null, u.changes()));
      stored(u.id(), u.sparse());
    } else {
      require(op);
    }
  }

  private void stored(String id, SparseVector sparse) {
    if (sparse != null) {
      RecordRules.require(record(id), RecordRules.storedSparse(sparse, spec));
    }
  }

  /**
   * Checks one operation. What depends on the records that it meets, {@link MergeRule} checks when
   * it is applied.
   *
   * @throws InvalidInputException naming the record and the rule that it breaks
   */
  public void require(WriteOp op) {
    if (op instanceof WriteOp.Upsert(VectorRecord record)) {
      RecordRules.require(record(record.id()), RecordRules.find(record, spec));
    } else if (op instanceof WriteOp.PartialUpdate u) {
      RecordRules.require(
          record(u.id()), RecordRules.update(u.id(), u.values(), u.sparse(), u.changes(), spec));
    } else if (op instanceof WriteOp.DeleteId d) {
      RecordRules.require(record(d.id()), RecordRules.id(d.id()));
    } else if (op instanceof WriteOp.DeleteByFilter d) {
      filter(d.filterJson(), "delete every record", "use deleteAll to mean that");
    } else if (op instanceof WriteOp.UpdateByFilter u) {
      update(u);
    } else if (op instanceof WriteOp.DeleteByPrefix d) {
      RecordRules.require("the deletion", RecordRules.prefix(d.prefix()));
    } else if (!(op instanceof WriteOp.DeleteAll)) {
      throw new IllegalArgumentException("no rules for " + op);
    }
  }

  private void update(WriteOp.UpdateByFilter op) {
    filter(
        op.filterJson(),
        "update every record",
        "name a field that every record has, as in {\"field\": {\"$exists\": true}}");
    if (op.changes() == null) {
      throw new InvalidInputException(
          "an update by filter changes nothing", "give metadata fields to put in");
    }
    RecordRules.require("the update", RecordRules.metadata(op.changes()));
  }

  private static String record(String id) {
    return "record '" + id + "'";
  }

  /** An empty filter is more often a slip of a program than the wish to meet every record. */
  private void filter(String json, String effect, String hint) {
    Filter filter = FilterParser.parse(json);
    if (filter instanceof Filter.All) {
      throw new InvalidInputException("an empty filter would " + effect, hint);
    }
    FilterRules.require(filter);
    FilterEvaluator.requireIndexed(filter, spec);
  }
}
