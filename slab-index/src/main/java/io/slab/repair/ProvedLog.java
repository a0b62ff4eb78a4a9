package io.slab.repair;

import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.memtable.DecodedBatch;
import io.slab.memtable.MergeRule;
import io.slab.memtable.WriteOp;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Applies a log to what slabs have, of which some may know a part of the log already: an operation
 * counts where nothing newer is known (spec/index.md, PV-UPDATE). One thread only.
 */
final class ProvedLog {
  private final ProvedRanges ranges;
  private final Map<String, RecordVersion> versions;

  /**
   * @param versions of the ids that the log is about; changed
   */
  ProvedLog(ProvedRanges ranges, Map<String, RecordVersion> versions) {
    this.ranges = ranges;
    this.versions = versions;
  }

  Map<String, RecordVersion> versions() {
    return versions;
  }

  void apply(DecodedBatch batch) {
    for (int i = 0; i < batch.ops().size(); i++) {
      apply(batch.firstLsn() + i, batch.ops().get(i));
    }
  }

  private void apply(long lsn, WriteOp op) {
    if (op instanceof WriteOp.Upsert u) {
      know(u.record().id(), RecordVersion.written(lsn, u.record()));
    } else if (op instanceof WriteOp.DeleteId d) {
      know(d.id(), RecordVersion.deleted(lsn));
    } else if (op instanceof WriteOp.PartialUpdate u) {
      update(u.id(), lsn, u.values(), u.sparse(), u.changes());
    } else if (op instanceof WriteOp.UpdateByFilter u) {
      Filter filter = FilterParser.parse(u.filterJson());
      List<String> ids = new ArrayList<>(versions.keySet());
      for (String id : ids) {
        VectorRecord record = record(versions.get(id));
        if (record != null && FilterEvaluator.matches(filter, record.metadata())) {
          update(id, lsn, null, u.sparse(), u.changes());
        }
      }
    }
  }

  private void know(String id, RecordVersion version) {
    versions.merge(
        id, version, (a, b) -> a.lsn() > b.lsn() || a.lsn() == b.lsn() && stays(a) ? a : b);
  }

  /** False for a row that cannot be read: the log has it as well. */
  private static boolean stays(RecordVersion version) {
    return version.slab() == null || !version.slab().salvage().unreadable().contains(version.row());
  }

  /** The record of a version; null for a delete, and where the row cannot be read. */
  private static VectorRecord record(RecordVersion version) {
    if (version.slab() == null) {
      return version.record();
    }
    boolean lost = version.slab().salvage().unreadable().contains(version.row());
    return lost ? null : version.slab().record(version.row());
  }

  private void update(String id, long lsn, float[] values, SparseVector sparse, Metadata changes) {
    RecordVersion base = versions.get(id);
    VectorRecord r = base == null || base.lsn() >= lsn ? null : record(base);
    if (r == null || !ranges.spare(base, lsn)) {
      return;
    }
    Metadata metadata = MergeRule.KEEP_SMALLER.merge(r, changes);
    if (metadata != null) {
      float[] dense = values == null ? r.values() : values;
      SparseVector weights = sparse == null ? r.sparse() : sparse;
      know(id, RecordVersion.written(lsn, new VectorRecord(id, dense, weights, metadata)));
    }
  }
}
