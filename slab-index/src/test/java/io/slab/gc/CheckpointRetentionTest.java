package io.slab.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.NotFoundException;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.AsOf;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.PastStates;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.PlainSlabs;
import io.slab.snapshot.Snapshot;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.writer.Checkpoints;
import io.slab.writer.NamespaceWriter;
import io.slab.writer.Restore;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long gc keeps the states of checkpoints and those before a restore, to the millisecond. */
class CheckpointRetentionTest {
  private static final long AGE = GcRequest.DEFAULT_MIN_AGE_MILLIS;

  private final AtomicLong clock = new AtomicLong(1_000_000);
  private final MemoryStore store = new MemoryStore(clock::get);
  private final NamespaceHandle handle =
      new NamespaceHandle(
          store,
          "ns",
          Oracle.SPEC,
          new Environment(clock::get, new SplittableRandom(1)),
          new PlainSlabs(),
          new Retry(1, 0));

  private final Oracle oracle = new Oracle();

  private void write(WriteOp... ops) {
    try (NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(List.of(ops));
      oracle.apply(List.of(ops));
    }
  }

  private void put(String id, float value) {
    write(new WriteOp.Upsert(new VectorRecord(id, new float[] {value, 1}, null, Metadata.EMPTY)));
  }

  private void flush() {
    try (NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.flush();
    }
  }

  private void compact() {
    Compactor.of(handle).run(CompactionRequest.full(), () -> false, r -> {});
  }

  private GcResult collect() {
    return GarbageCollector.of(handle).run(GcRequest.standard());
  }

  private void requireSame(Oracle then, AsOf asOf) {
    try (Snapshot snapshot = new PastStates(handle).snapshot(asOf)) {
      then.assertSame(snapshot);
    }
  }

  /** A checkpoint, all of whose slabs are replaced since. */
  private Oracle checkpoint(long keep) {
    put("a", 1);
    flush();
    put("b", 2);
    new Checkpoints(handle).create("kept", keep);
    Oracle then = oracle.copy();
    put("a", 3);
    flush();
    compact();
    return then;
  }

  @Test
  void aCheckpointIsKeptUntilItIsDeletedAndForReadersOfTheMinimumAgeAfterwards() {
    Oracle then = checkpoint(0);
    for (int i = 0; i < 3; i++) {
      clock.addAndGet(40 * AGE);
      collect();
      requireSame(then, AsOf.checkpoint("kept"));
    }
    long manifest = new Checkpoints(handle).delete("kept").manifest();
    assertThrows(
        NotFoundException.class, () -> new PastStates(handle).find(AsOf.checkpoint("kept")));
    clock.addAndGet(AGE - 1);
    collect();
    requireSame(then, AsOf.manifest(manifest));
    clock.addAndGet(1);
    assertFalse(collect().removed().isEmpty());
    assertThrows(
        NotFoundException.class, () -> new PastStates(handle).find(AsOf.manifest(manifest)));
  }

  @Test
  void anExpiredCheckpointIsReleased() {
    Oracle then = checkpoint(10 * AGE);
    long manifest = new Checkpoints(handle).list().getFirst().manifest();
    clock.addAndGet(10 * AGE - 1);
    collect();
    requireSame(then, AsOf.checkpoint("kept"));
    clock.addAndGet(1);
    assertEquals(List.of(), new Checkpoints(handle).list());
    clock.addAndGet(AGE - 1);
    collect();
    // A reader may have begun right before it expired.
    requireSame(then, AsOf.manifest(manifest));
    clock.addAndGet(1);
    collect();
    assertThrows(
        NotFoundException.class, () -> new PastStates(handle).find(AsOf.manifest(manifest)));
    new Checkpoints(handle).create("kept", 0);
    assertEquals(1, new Checkpoints(handle).list().size());
  }

  /** The log since would be much more than the state. */
  @Test
  void aCheckpointDoesNotKeepTheLogAfterIt() {
    checkpoint(0);
    for (int i = 0; i < 5; i++) {
      put("x" + i, i);
    }
    flush();
    clock.addAndGet(3 * AGE);
    collect();
    assertEquals(1, handle.wal().listAfter(-1).size());
    requireSame(oracle, AsOf.parse("0s"));
  }

  @Test
  void theStateBeforeARestoreIsKeptForTheMinimumAge() {
    Oracle then = checkpoint(0);
    put("late", 9);
    Oracle before = oracle.copy();
    clock.addAndGet(5 * AGE);
    collect();
    PastStates past = new PastStates(handle);
    Restore.Result result = new Restore(handle).run(past.find(AsOf.checkpoint("kept")));
    AsOf undo = AsOf.parse("lsn:" + result.replacedLsn());
    requireSame(then, AsOf.parse("0s"));
    clock.addAndGet(AGE - 1);
    collect();
    requireSame(before, undo);
    new Restore(handle).run(past.find(undo));
    requireSame(before, AsOf.parse("0s"));
    clock.addAndGet(AGE);
    collect();
    assertThrows(NotFoundException.class, () -> past.find(undo));
    requireSame(before, AsOf.parse("0s"));
    requireSame(then, AsOf.checkpoint("kept"));
    assertTrue(handle.newest().condemned().isEmpty());
  }
}
