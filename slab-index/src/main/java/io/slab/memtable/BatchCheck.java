package io.slab.memtable;

import io.slab.error.InvalidInputException;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.MetadataSize;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.wal.WalLayout;
import io.slab.wal.WalRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * The last check before operations become part of the WAL, where a bad one would stop every later
 * reader. What a user may send is checked in full, with file and line, where records are read.
 * Thread-safe.
 */
public final class BatchCheck {
  private final IndexSpec spec;

  public BatchCheck(IndexSpec spec) {
    this.spec = spec;
  }

  /** Checks and encodes a batch. */
  public List<WalRecord> encode(List<WriteOp> batch) {
    if (batch.isEmpty() || batch.size() > Limits.MAX_BATCH_RECORDS) {
      throw new InvalidInputException(
          "a batch of " + batch.size() + " operations",
          "1 to " + Limits.MAX_BATCH_RECORDS + " in one batch");
    }
    List<WalRecord> records = new ArrayList<>(batch.size());
    long bytes = WalLayout.HEADER_BYTES + WalLayout.TRAILER_BYTES;
    for (WriteOp op : batch) {
      check(op);
      WalRecord record = WriteOpCodec.encode(op);
      records.add(record);
      bytes += WalLayout.RECORD_HEADER_BYTES + record.payload().length;
    }
    if (bytes > WalLayout.MAX_BYTES) {
      throw new InvalidInputException(
          "a batch of " + bytes + " bytes", "at most " + WalLayout.MAX_BYTES + " in one batch");
    }
    return records;
  }

  private void check(WriteOp op) {
    switch (op) {
      case WriteOp.Upsert u -> {
        id(u.record().id());
        require(
            (u.record().values() != null) == spec.vectorType().hasDense(),
            u.record().id(),
            "dense values where the index has none, or none where it needs them");
        require(
            u.record().sparse() != null || spec.vectorType().hasDense(),
            u.record().id(),
            "no sparse values");
        parts(u.record().id(), u.record().values(), u.record().sparse());
        metadata(u.record());
      }
      case WriteOp.PartialUpdate u -> {
        id(u.id());
        require(u.values() == null || spec.vectorType().hasDense(), u.id(), "dense values");
        parts(u.id(), u.values(), u.sparse());
      }
      case WriteOp.DeleteId d -> id(d.id());
      case WriteOp.DeleteByFilter d -> filter(d.filterJson());
      case WriteOp.UpdateByFilter u -> filter(u.filterJson());
      case WriteOp.DeleteByPrefix d -> {}
      case WriteOp.DeleteAll d -> {}
    }
  }

  private static void require(boolean fine, String id, String problem) {
    if (!fine) {
      throw new InvalidInputException("record '" + id + "' has " + problem);
    }
  }

  private static void id(String id) {
    int length = Utf8.bytes(id).length;
    if (length == 0 || length > Limits.MAX_ID_BYTES || id.indexOf('\0') >= 0) {
      throw new InvalidInputException(
          "an id of " + length + " bytes", "1 to " + Limits.MAX_ID_BYTES + " bytes without NUL");
    }
  }

  private void parts(String id, float[] values, SparseVector sparse) {
    require(
        values == null || values.length == spec.dimension(),
        id,
        "another dimension than " + spec.dimension());
    require(sparse == null || spec.vectorType().hasSparse(), id, "sparse values in a dense index");
    require(values == null || finite(values), id, "dense values that are not finite");
    require(sparse == null || finite(sparse.weights()), id, "sparse values that are not finite");
  }

  private static boolean finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** A record with more would not only break a rule: no slab might have the columns for it. */
  private static void metadata(VectorRecord record) {
    if (record.metadata().isEmpty()) {
      return;
    }
    long size = MetadataSize.bytes(record.metadata());
    if (size > Limits.MAX_METADATA_BYTES) {
      throw new InvalidInputException(
          "record '" + record.id() + "' has " + size + " bytes of metadata",
          "at most " + Limits.MAX_METADATA_BYTES);
    }
  }

  private void filter(String json) {
    Filter filter = FilterParser.parse(json);
    FilterEvaluator.requireIndexed(filter, spec::indexes);
  }
}
