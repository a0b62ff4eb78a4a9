package io.slab.cli.command;

import io.slab.cli.verb.Session;
import io.slab.filter.Filter;
import io.slab.index.SlabIndex;
import io.slab.memtable.BatchCheck;
import io.slab.memtable.MergeRule;
import io.slab.memtable.WriteOp;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.snapshot.LiveIds;
import io.slab.snapshot.Snapshot;
import io.slab.writer.Commit;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes fields out of the metadata of records. The log has no operation for that, so the records
 * are read and written anew: what another writer changes in them meanwhile is lost.
 */
final class FieldRemoval {
  /** Records of a commit: as many of the largest as a batch may hold. */
  private static final int BATCH = 16;

  private final Session session;
  private final SlabIndex index;
  private final String namespace;
  private final List<String> fields;
  private final Metadata changes;

  /**
   * @param changes fields to add or overwrite at the same time, or null
   */
  FieldRemoval(
      Session session, SlabIndex index, String namespace, List<String> fields, Metadata changes) {
    this.session = session;
    this.index = index;
    this.namespace = namespace;
    this.fields = fields;
    this.changes = changes;
  }

  /** The record as it will be. */
  VectorRecord changed(VectorRecord old) {
    Metadata merged = changes == null ? old.metadata() : MergeRule.REFUSE.merge(old, changes);
    Map<String, MetaValue> left = new LinkedHashMap<>(merged.fields());
    fields.forEach(left::remove);
    return new VectorRecord(old.id(), old.values(), old.sparse(), Metadata.of(left));
  }

  /** Writes one record. */
  Commit write(String id) {
    try (NamespaceWriter writer = index.writer(namespace);
        Snapshot snapshot = index.snapshot(namespace)) {
      return writer.append(List.of(op(snapshot.find(id))));
    }
  }

  private WriteOp op(VectorRecord old) {
    WriteOp op = new WriteOp.Upsert(changed(old));
    new BatchCheck(index.spec()).require(op);
    return op;
  }

  /** Writes every record that matches. */
  Commit write(Filter filter) {
    Commit last = null;
    try (NamespaceWriter writer = index.writer(namespace);
        Snapshot snapshot = index.snapshot(namespace)) {
      LiveIds ids = new LiveIds(snapshot, "", null, filter, session.cancellation());
      List<WriteOp> batch = new ArrayList<>();
      while (ids.next() != null) {
        batch.add(op(ids.record()));
        if (batch.size() == BATCH) {
          last = writer.append(batch);
          batch = new ArrayList<>();
        }
      }
      return batch.isEmpty() ? last : writer.append(batch);
    }
  }
}
