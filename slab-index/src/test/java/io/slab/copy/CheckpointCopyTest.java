package io.slab.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.Severity;
import io.slab.compaction.CompactionRequest;
import io.slab.gc.GcRequest;
import io.slab.gc.GcResult;
import io.slab.index.SlabIndex;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.namespace.AsOf;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.testkit.MemoryStore;
import io.slab.verify.Checker;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups of checkpoints, with gc at work at both ends. */
class CheckpointCopyTest {
  private static final IndexSpec SPEC =
      new IndexSpec("t", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);

  private final MemoryStore from = MemoryStore.aging();
  private final MemoryStore to = MemoryStore.aging();
  private final Oracle oracle = new Oracle();
  private final SlabIndex index =
      SlabIndex.create(from, SPEC, false, new Environment(() -> 1, new SplittableRandom(1)));

  private void write(String... ids) {
    try (NamespaceWriter writer = index.writer("")) {
      for (String id : ids) {
        List<WriteOp> batch =
            List.of(
                new WriteOp.Upsert(
                    new VectorRecord(id, new float[] {1, id.length()}, null, Metadata.EMPTY)));
        writer.append(batch);
        oracle.apply(batch);
      }
    }
  }

  private Oracle checkpoint(String name) {
    index.checkpoints("").create(name, 0);
    return oracle.copy();
  }

  private void compact() {
    index.compactor("").run(CompactionRequest.full(), () -> false, r -> {});
  }

  private static GcResult collect(SlabIndex at) {
    return at.collector("").run(new GcRequest(0, 1, 1_000, false));
  }

  private void copy(String checkpoint) {
    new IndexCopy(from, to)
        .run(new CopyRequest(null, 1, true, false, checkpoint), (n, done, all) -> {});
    assertEquals(0, Checker.index(to, CheckLevel.CHECKSUMS).count(Severity.ERROR));
  }

  private SlabIndex backup() {
    return SlabIndex.open(to, new Environment(() -> 1, new SplittableRandom(2)));
  }

  private static void requireSame(Oracle wanted, SlabIndex at, String checkpoint) {
    try (Snapshot snapshot =
        checkpoint == null ? at.snapshot("") : at.past("").snapshot(AsOf.checkpoint(checkpoint))) {
      wanted.assertSame(snapshot);
    }
  }

  /** Gc at the destination takes the very numbers that the next checkpoints have at the source. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void theNextBackupsFindTheirNumbersTakenByGc(int checkpoints) {
    write("a", "b");
    checkpoint("c0");
    copy("c0");
    write("a", "c");
    index.checkpoints("").delete("c0");
    compact();
    checkpoint("c1");
    copy("c1");
    Oracle[] states = new Oracle[checkpoints];
    try (SlabIndex backup = backup()) {
      assertFalse(collect(backup).removed().isEmpty());
      long taken = backup.past("").find(AsOf.parse("0s")).manifest().id();
      for (int i = 0; i < checkpoints; i++) {
        states[i] = i == 0 ? checkpoint("n0") : checkpoint("n" + i);
        write("n" + i);
      }
      assertTrue(index.checkpoints("").list().get(1).manifest() <= taken);
    }
    collect(index);
    copy("n" + (checkpoints - 1));
    try (SlabIndex backup = backup()) {
      requireSame(states[checkpoints - 1], backup, null);
      collect(backup);
      for (int i = 0; i < checkpoints; i++) {
        requireSame(states[i], backup, "n" + i);
      }
      assertEquals(checkpoints + 1, backup.checkpoints("").list().size());
    }
    write("z");
    Oracle last = checkpoint("last");
    copy("last");
    copy(null);
    try (SlabIndex backup = backup()) {
      requireSame(last, backup, null);
      requireSame(states[0], backup, "n0");
    }
  }

  /** The source has no object of the log any more on which the copy could go on. */
  @Test
  void theLogOfACopyGoesOnWhereTheCheckpointWas() {
    write("a");
    Oracle then = checkpoint("then");
    write("b", "c", "d");
    compact();
    checkpoint("later");
    compact();
    collect(index);
    copy("then");
    try (SlabIndex backup = backup()) {
      requireSame(then, backup, null);
      try (NamespaceWriter writer = backup.writer("")) {
        writer.append(List.of(new WriteOp.DeleteId("a")));
        writer.flush();
      }
      assertEquals(0, backup.snapshot("").count());
      requireSame(then, backup, "then");
    }
    assertEquals(0, Checker.index(to, CheckLevel.DEEP).count(Severity.ERROR));
  }
}
