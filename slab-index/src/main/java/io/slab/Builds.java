package io.slab;

import io.slab.compaction.CompactionPlan;
import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.error.StoreException;
import io.slab.index.SlabIndex;
import io.slab.manifest.BuiltSlabs.Operation;
import io.slab.model.VectorRecord;
import io.slab.writer.CommitResult;
import java.util.List;
import java.util.Optional;

/**
 * Slabs of one namespace that are built apart from its log, in any number of processes, and then
 * committed at once: loads, appends and compactions. Says as an exception why a commit came to
 * nothing. Thread-safe.
 */
final class Builds {
  private final SlabIndex index;
  private final String name;

  Builds(SlabIndex index, String name) {
    this.index = index;
    this.name = name;
  }

  BuiltSlabs beginLoad() {
    io.slab.manifest.BuiltSlabs order = index.bulkLoad(name).begin();
    if (order == null) {
      throw notEmpty();
    }
    return new BuiltSlabs(order);
  }

  BuiltSlabs beginReplacing() {
    return new BuiltSlabs(index.bulkLoad(name).beginReplacing());
  }

  BuiltSlabs beginAppend() {
    return new BuiltSlabs(index.append(name).begin());
  }

  void abandon(BuiltSlabs order) {
    index.append(name).abandon(order.built);
  }

  /** Empty when nothing is due. */
  Optional<BuiltSlabs> beginCompaction() {
    Compactor compactor = index.compactor(name);
    CompactionPlan plan = compactor.plan(CompactionRequest.auto());
    return Optional.ofNullable(plan).map(compactor::begin).map(BuiltSlabs::new);
  }

  List<BuiltSlabs> beginCompactions(CompactionScope scope) {
    Compactor compactor = index.compactor(name);
    return compactor.plans(scope.request()).stream()
        .map(compactor::begin)
        .map(BuiltSlabs::new)
        .toList();
  }

  /** Builds slabs of a load or an append. */
  BuiltSlabs rows(BuiltSlabs order, List<VectorRecord> records, CancellationToken cancellation) {
    RecordRows rows = new RecordRows(records);
    return new BuiltSlabs(index.bulkLoad(name).build(order.built, rows, cancellation));
  }

  /** Builds the slabs of a compaction. */
  BuiltSlabs compacted(BuiltSlabs order, CancellationToken cancellation) {
    return new BuiltSlabs(index.compactor(name).build(order.built, cancellation));
  }

  /** Gives the number of the manifest that committed it, as the other commits do. */
  long commitLoad(BuiltSlabs built) {
    return committed(built, index.bulkLoad(name).commit(built.built));
  }

  long commitCompaction(BuiltSlabs built) {
    return committed(built, index.compactor(name).commit(built.built));
  }

  long commitReplacing(BuiltSlabs built) {
    return committed(built, index.bulkLoad(name).commitReplacing(built.built));
  }

  /**
   * Commits an append.
   *
   * @param attempts how often others may change the namespace in between
   * @param done run when it is committed, before anything else may fail
   */
  long commitAppend(BuiltSlabs built, int attempts, Runnable done) {
    CommitResult result = index.append(name).commit(built.built, attempts);
    if (result.committed()) {
      done.run();
    }
    return committed(built, result);
  }

  private long committed(BuiltSlabs built, CommitResult result) {
    return switch (result.state()) {
      case COMMITTED -> result.manifest();
      case NOT_EMPTY -> throw notEmpty();
      case OVERTAKEN -> throw overtaken(built.built.operation());
      case INPUTS_TAKEN ->
          throw new ConflictException("another process compacted the same slabs first");
      case FILES_GONE ->
          throw new StoreException(
              StoreException.Kind.TEMPORARY,
              StoreException.Effect.NONE,
              "gc took built slabs before they could be committed",
              "build them again; give gc a longer minimum age than that takes",
              null);
    };
  }

  private ConflictException overtaken(Operation operation) {
    return operation == Operation.APPEND
        ? new ConflictException(
            "the append to the namespace '"
                + name
                + "' is over: since it began it was given up, everything was deleted, dropped,"
                + " replaced, restored or repaired, an update of records went into slabs, or the"
                + " namespace was changed 256 times",
            "no row was appended; begin again, and build the slabs anew")
        : new ConflictException(
            "others wrote to the namespace '" + name + "' since the load began",
            "no row was loaded; begin the load again, and build its slabs anew");
  }

  private ConflictException notEmpty() {
    return new ConflictException(
        "the namespace '" + name + "' has records",
        "a load fills an empty namespace; use upsert, or beginAppend");
  }
}
