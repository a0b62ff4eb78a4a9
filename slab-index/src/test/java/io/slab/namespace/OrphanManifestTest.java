package io.slab.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.NotFoundException;
import io.slab.gc.GarbageCollector;
import io.slab.gc.GcRequest;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.objects.CommitHistory;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.PlainSlabs;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A writer that slept until gc had set its number free puts a manifest there: it is told that it
 * lost, and what it left is no state of the namespace.
 */
class OrphanManifestTest {
  private final MemoryStore store = MemoryStore.aging();

  private NamespaceHandle handle(long seed) {
    Environment environment = new Environment(() -> 1_000L, new Random(seed));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new PlainSlabs(), new Retry(1, 0));
  }

  private static void write(NamespaceHandle handle, int number) {
    try (NamespaceWriter writer = new NamespaceWriter(handle)) {
      VectorRecord record =
          new VectorRecord("r" + number, new float[] {number, 1}, null, Metadata.of(Map.of()));
      writer.append(List.of(new WriteOp.Upsert(record)));
      writer.flush();
    }
  }

  @Test
  void isNoStateToReadAndNoCommitToList() {
    try (NamespaceHandle handle = handle(1)) {
      write(handle, 1);
      NamespaceManifest stale = handle.newest();
      write(handle, 2);
      long number = stale.id() + 1;
      assertEquals(number, handle.newest().id());
      write(handle, 3);
      GarbageCollector.of(handle).run(new GcRequest(0, 1, 1_000, false));
      assertThrows(NotFoundException.class, () -> find(handle, number));

      NamespaceManifest late =
          stale.next(
              handle.environment().newId(), 1_000, "late", Edit.unchanged(stale, "configure"));
      assertFalse(handle.manifests().commit(late));

      assertTrue(handle.manifests().ids().contains(number), "it is there");
      NotFoundException refused = assertThrows(NotFoundException.class, () -> find(handle, number));
      assertTrue(refused.getMessage().contains("manifest:" + number), refused.getMessage());
      assertFalse(
          CommitHistory.of(store, "ns", 100).stream().anyMatch(e -> "late".equals(e.writer())));
      // The newest one is a state as before.
      assertEquals(handle.newest().id(), find(handle, handle.newest().id()).manifest().id());
    }
  }

  private static Moment find(NamespaceHandle handle, long number) {
    return new PastStates(handle).find(AsOf.manifest(number));
  }
}
