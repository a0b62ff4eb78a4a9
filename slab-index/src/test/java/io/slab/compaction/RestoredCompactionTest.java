package io.slab.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.compaction.CompactionRequest.Kind;
import io.slab.gc.GarbageCollector;
import io.slab.gc.GcRequest;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.namespace.AsOf;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.PastStates;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.ProvedRecords;
import io.slab.snapshot.Snapshot;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.writer.Checkpoints;
import io.slab.writer.CommitResult;
import io.slab.writer.NamespaceWriter;
import io.slab.writer.Restore;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compactions that meet a restore. */
class RestoredCompactionTest {
  private final MemoryStore store = MemoryStore.aging();
  private final NamespaceHandle handle =
      new NamespaceHandle(
          store,
          "ns",
          Oracle.SPEC,
          new Environment(() -> 1_000L, new SplittableRandom(1)),
          new FormatSlabs(),
          new Retry(1, 0));
  private final Oracle oracle = new Oracle();

  @AfterEach
  void close() {
    handle.close();
  }

  private static WriteOp put(String id) {
    return new WriteOp.Upsert(new VectorRecord(id, new float[] {1, 2}, null, Metadata.EMPTY));
  }

  private void flushed(WriteOp... ops) {
    try (NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(List.of(ops));
      writer.flush();
    }
    oracle.apply(List.of(ops));
  }

  private void restore(String name) {
    new Restore(handle).run(new PastStates(handle).find(AsOf.checkpoint(name)));
  }

  private void requireSame(Oracle wanted) {
    try (Snapshot snapshot = handle.snapshot()) {
      wanted.assertSame(snapshot);
    }
    wanted.assertSame(ProvedRecords.of(store, new NamespaceNames("ns"), Oracle.SPEC));
  }

  /**
   * The compaction left a row out that was dead when it began; the restore names the same inputs,
   * and the row lives again. Whether the history reaches back to it or not.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, NamespaceManifest.MAX_HISTORY + 3})
  void aCompactionThatBeganBeforeARestoreIsNotCommitted(int commitsBetween) {
    flushed(put("a"), put("b"));
    flushed(put("c"), put("d"));
    new Checkpoints(handle).create("good", 0);
    List<Ulid> inputs = handle.newest().slabs().stream().map(SlabEntry::id).toList();
    Oracle good = oracle.copy();
    flushed(new WriteOp.DeleteId("a"), new WriteOp.DeleteId("c"));
    Compactor compactor = Compactor.of(handle);
    CompactionRequest request =
        new CompactionRequest(Kind.SLABS, -1, inputs, Long.MAX_VALUE, Long.MAX_VALUE);
    BuiltSlabs built = compactor.build(compactor.begin(compactor.plan(request)), () -> false);
    assertEquals(2, built.slabs().stream().mapToLong(SlabEntry::rows).sum());
    restore("good");
    for (int i = 0; i < commitsBetween; i += 2) {
      new Checkpoints(handle).create("x", 0);
      new Checkpoints(handle).delete("x");
    }
    assertEquals(CommitResult.State.INPUTS_TAKEN, compactor.commit(built).state());
    requireSame(good);
  }

  /** What the restore left out is kept by a checkpoint, and counts for nothing ever after. */
  @Test
  void whatARestoreLeftOutStaysVoidWhenItsTraceIsCompacted() {
    flushed(put("a"), put("b"));
    new Checkpoints(handle).create("old", 0);
    Oracle old = oracle.copy();
    flushed(put("c"), new WriteOp.DeleteId("a"));
    new Checkpoints(handle).create("new", 0);
    restore("old");
    requireSame(old);
    for (int i = 0; i < 3; i++) {
      Compactor.of(handle).run(CompactionRequest.full(), () -> false, r -> {});
      requireSame(old);
      GarbageCollector.of(handle).run(new GcRequest(0, 1, 1_000, false));
      requireSame(old);
      flushed(put("z"));
      old.apply(List.of(put("z")));
      requireSame(old);
    }
    restore("new");
    oracle.apply(List.of(new WriteOp.DeleteId("z")));
    requireSame(oracle);
  }
}
