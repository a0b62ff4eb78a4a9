package io.slab.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.Severity;
import io.slab.compaction.CompactionRequest;
import io.slab.error.ConflictException;
import io.slab.gc.GcRequest;
import io.slab.index.SlabIndex;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.MemoryStore;
import io.slab.verify.Checker;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is at the destination of a copied checkpoint is that checkpoint, and nothing is missing. */
class CheckpointDestinationTest {
  private static final IndexSpec SPEC =
      new IndexSpec("t", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);

  private final MemoryStore from = MemoryStore.aging();
  private final MemoryStore to = MemoryStore.aging();
  private final SlabIndex index =
      SlabIndex.create(from, SPEC, false, new Environment(() -> 1, new SplittableRandom(1)));

  private void write(String id) {
    try (NamespaceWriter writer = index.writer("")) {
      writer.append(
          List.of(
              new WriteOp.Upsert(new VectorRecord(id, new float[] {1, 2}, null, Metadata.EMPTY))));
    }
  }

  private CopyResult copy(String checkpoint) {
    return new IndexCopy(from, to)
        .run(new CopyRequest(null, 1, true, false, checkpoint), (n, done, all) -> {});
  }

  private SlabIndex backup() {
    return SlabIndex.open(to, new Environment(() -> 1, new SplittableRandom(2)));
  }

  /** Else the copy would say that the checkpoint is there, and later writes would be. */
  @Test
  void aDestinationWithLaterWritesIsRefused() {
    write("a");
    index.checkpoints("").create("then", 0);
    write("late");
    copy(null);
    String why = assertThrows(ConflictException.class, () -> copy("then")).getMessage();
    assertTrue(why.contains("writes after the checkpoint 'then'"), why);
    index.checkpoints("").create("now", 0);
    copy("now");
    try (SlabIndex backup = backup()) {
      assertEquals(2, backup.snapshot("").count());
    }
  }

  @Test
  void aCheckpointThatTheSourceReleasedIsNotNamedByTheCopy() {
    write("a");
    index.checkpoints("").create("old", 0);
    write("b");
    index.checkpoints("").create("new", 0);
    index.checkpoints("").delete("old");
    index.compactor("").run(CompactionRequest.full(), () -> false, r -> {});
    index.collector("").run(new GcRequest(0, 1, 1_000, false));
    copy("new");
    copy("new");
    assertEquals(0, Checker.index(to, CheckLevel.CHECKSUMS).count(Severity.ERROR));
    try (SlabIndex backup = backup()) {
      List<String> names = backup.checkpoints("").list().stream().map(Checkpoint::name).toList();
      assertEquals(List.of("new"), names);
    }
    write("c");
    copy(null);
    assertEquals(0, Checker.index(to, CheckLevel.CHECKSUMS).count(Severity.ERROR));
  }
}
