package io.slab.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.InvalidInputException;
import io.slab.error.MissingException;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.PlainSlabs;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.writer.Checkpoints;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Checkpoints whose manifest is lost, and times that no checkpoint can be kept. */
class LostCheckpointTest {
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

  private void put(String id, float value) {
    try (NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(
          List.of(
              new WriteOp.Upsert(
                  new VectorRecord(id, new float[] {value, 1}, null, Metadata.EMPTY))));
      writer.flush();
    }
  }

  private GcResult collect() {
    return GarbageCollector.of(handle).run(GcRequest.standard());
  }

  @Test
  void gcTakesNothingWhileTheManifestOfACheckpointIsLost() {
    Checkpoints checkpoints = new Checkpoints(handle);
    put("a", 1);
    long manifest = checkpoints.create("kept", 0).manifest();
    String slab = handle.names().slab(handle.newest().slabs().getFirst().id());
    put("a", 2);
    Compactor.of(handle).run(CompactionRequest.full(), () -> false, r -> {});
    clock.addAndGet(10 * GcRequest.DEFAULT_MIN_AGE_MILLIS);
    store.delete(handle.manifests().name(manifest));

    String why = assertThrows(MissingException.class, this::collect).getMessage();
    assertTrue(why.contains("the manifest of checkpoint 'kept'"), why);
    assertTrue(store.list(handle.names().slabFolder(), null).toString().contains(slab));

    checkpoints.delete("kept");
    clock.addAndGet(10 * GcRequest.DEFAULT_MIN_AGE_MILLIS);
    assertFalse(collect().removed().isEmpty());
  }

  /** The end would be before 1970, and no program could read the manifest. */
  @Test
  void aTimeOutOfRangeIsRefused() {
    put("a", 1);
    Checkpoints checkpoints = new Checkpoints(handle);
    for (long keep : new long[] {Long.MAX_VALUE, Checkpoints.MAX_KEEP_MILLIS + 1, -1}) {
      assertThrows(InvalidInputException.class, () -> checkpoints.create("c", keep));
    }
    checkpoints.create("c", Checkpoints.MAX_KEEP_MILLIS);
    assertEquals(1, checkpoints.list().size());
  }
}
