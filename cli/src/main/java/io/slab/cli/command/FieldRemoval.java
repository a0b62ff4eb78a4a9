package io.slab.cli.command;

import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.error.NotFoundException;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.index.SlabIndex;
import io.slab.memtable.BatchCheck;
import io.slab.memtable.MergeRule;
import io.slab.memtable.WriteOp;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.snapshot.LiveIds;
import io.slab.snapshot.Snapshot;
import io.slab.writer.Commit;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Takes fields out of the metadata of records. The log has no operation for that, so the records
 * are read and written anew, and only where no other write came in between.
 */
final class FieldRemoval {
  /** Records of a commit: as many of the largest as a batch may hold. */
  private static final int BATCH = 16;

  /** Each lost one means that another writer's batch went in. */
  private static final int ATTEMPTS = 1_000;

  /**
   * What was written.
   *
   * @param last commit, or null where there was none
   */
  record Done(long records, Commit last) {
    static final Done NOTHING = new Done(0, null);

    Done and(Done next) {
      return new Done(records + next.records, next.last == null ? last : next.last);
    }
  }

  private final CancellationToken cancellation;
  private final SlabIndex index;
  private final String namespace;
  private final List<String> fields;
  private final Metadata changes;

  /**
   * @param changes fields to add or overwrite at the same time, or null
   */
  FieldRemoval(
      CancellationToken cancellation,
      SlabIndex index,
      String namespace,
      List<String> fields,
      Metadata changes) {
    this.cancellation = cancellation;
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

  /**
   * Writes one record.
   *
   * @throws NotFoundException where it is gone
   */
  Done write(String id) {
    try (NamespaceWriter writer = index.writer(namespace)) {
      Done done = write(writer, List.of(id), old -> true);
      if (done.records() == 0) {
        throw new NotFoundException(
            "there is no record '" + id + "'", "it was deleted meanwhile; see `slab list`");
      }
      return done;
    }
  }

  /** Writes every record that matches now, and still does when it is written. */
  Done write(Filter filter) {
    Done all = Done.NOTHING;
    try (NamespaceWriter writer = index.writer(namespace);
        Snapshot snapshot = index.snapshot(namespace)) {
      LiveIds ids = new LiveIds(snapshot, "", null, filter, cancellation);
      List<String> batch = new ArrayList<>();
      byte[] id;
      while ((id = ids.next()) != null) {
        batch.add(Utf8.string(id));
        if (batch.size() == BATCH) {
          all = all.and(write(writer, batch, matches(filter)));
          batch.clear();
        }
      }
      return batch.isEmpty() ? all : all.and(write(writer, batch, matches(filter)));
    }
  }

  private static Predicate<VectorRecord> matches(Filter filter) {
    return old -> FilterEvaluator.matches(filter, old.metadata());
  }

  /** Reads the records again until nothing came between that and their commit. */
  private Done write(NamespaceWriter writer, List<String> ids, Predicate<VectorRecord> wanted) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<WriteOp> batch = new ArrayList<>();
      long applied;
      try (Snapshot now = writer.snapshot()) {
        applied = now.walApplied();
        for (String id : ids) {
          VectorRecord old = now.find(id);
          if (old != null && wanted.test(old)) {
            batch.add(op(old));
          }
        }
      }
      if (batch.isEmpty()) {
        return Done.NOTHING;
      }
      cancellation.check();
      Commit commit = writer.appendAfter(applied, batch);
      if (commit != null) {
        return new Done(batch.size(), commit);
      }
    }
    throw new ConflictException(
        "other writers were faster " + ATTEMPTS + " times in a row", "run the same again");
  }

  private WriteOp op(VectorRecord old) {
    WriteOp op = new WriteOp.Upsert(changed(old));
    new BatchCheck(index.spec()).require(op);
    return op;
  }
}
