package io.slab.snapshot;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.error.StoreException;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.store.Retry;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.FaultyStore.Operation;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A store that fails while a writer's snapshot looks for the older rows of its ids: the next one
 * must not show them, nor a flush keep them.
 */
class ResolveFailureTest {
  private final MemoryStore memory = new MemoryStore();
  private boolean failing;
  private final FaultyStore store =
      new FaultyStore(
          memory,
          (call, operation, name) ->
              failing && operation == Operation.OPEN ? Fault.BEFORE : Fault.NONE);

  private NamespaceHandle handle(long seed) {
    return new NamespaceHandle(
        store,
        "ns",
        Oracle.SPEC,
        new Environment(() -> 1_000L, new Random(seed)),
        new PlainSlabs(),
        Retry.NEVER);
  }

  private static WriteOp upsert(String id, int version) {
    float[] values = {version, 1};
    return new WriteOp.Upsert(new VectorRecord(id, values, null, Metadata.of(Map.of())));
  }

  @Test
  void noOlderRowComesBackAfterALookThatFailed() {
    Oracle oracle = new Oracle();
    List<WriteOp> first = List.of(upsert("a", 1), upsert("b", 1), upsert("c", 1));
    List<WriteOp> second = List.of(upsert("a", 2), new WriteOp.DeleteId("b"));
    oracle.apply(first);
    oracle.apply(second);
    try (NamespaceHandle handle = handle(1);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(first);
      writer.flush();
    }
    try (NamespaceHandle handle = handle(2);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(second);
      failing = true;
      assertThrows(StoreException.class, () -> writer.snapshot().close());
      failing = false;
      try (Snapshot snapshot = writer.snapshot()) {
        oracle.assertSame(snapshot);
      }
      writer.flush();
      try (Snapshot snapshot = handle.snapshot()) {
        oracle.assertSame(snapshot);
      }
    }
  }
}
