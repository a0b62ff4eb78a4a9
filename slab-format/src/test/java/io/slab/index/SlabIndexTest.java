package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.ConflictException;
import io.slab.error.NotFoundException;
import io.slab.lsm.NamespaceWriter;
import io.slab.lsm.Snapshot;
import io.slab.lsm.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.store.LocalStore;
import io.slab.store.MemoryStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlabIndexTest {
  private static final Environment ENVIRONMENT = Environment.system();
  private static final IndexSpec SPEC =
      new IndexSpec("i", 4, Metric.COSINE, VectorType.DENSE, null, 1);

  private static WriteOp upsert(int number) {
    return new WriteOp.Upsert(
        new VectorRecord(
            "id" + number,
            new float[] {number, 1, 2, 3},
            null,
            Metadata.of(Map.of("n", new MetaValue.Num(number)))));
  }

  @Test
  void whatIsWrittenIsFoundInRealSlabs(@TempDir Path folder) {
    LocalStore store = new LocalStore(folder);
    SlabIndex.create(store, SPEC, false, ENVIRONMENT).close();
    try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      List<WriteOp> batch = new ArrayList<>();
      for (int i = 0; i < 900; i++) {
        batch.add(upsert(i));
      }
      writer.append(batch);
      assertEquals(900, writer.flush().rows());
      writer.append(
          List.of(
              new WriteOp.DeleteId("id7"),
              new WriteOp.DeleteByFilter("{\"n\":{\"$gte\":890}}"),
              new WriteOp.PartialUpdate("id8", new float[] {9, 9, 9, 9}, null, null),
              new WriteOp.DeleteByPrefix("id88")));
      for (int pass = 0; pass < 2; pass++) {
        try (SlabIndex fresh = SlabIndex.open(store, ENVIRONMENT);
            Snapshot snapshot = fresh.snapshot("")) {
          assertEquals(900 - 1 - 10 - 11, snapshot.count());
          assertEquals(null, snapshot.find("id7"));
          assertEquals(null, snapshot.find("id895"));
          assertEquals(null, snapshot.find("id88"));
          assertArrayEquals(new float[] {9, 9, 9, 9}, snapshot.find("id8").values());
          assertEquals(new MetaValue.Num(8), snapshot.find("id8").metadata().get("n"));
          assertArrayEquals(new float[] {50, 1, 2, 3}, snapshot.find("id50").values());
        }
        writer.flush();
      }
    }
  }

  @Test
  void thereIsOneIndexOnAStore() {
    MemoryStore store = new MemoryStore();
    assertThrows(NotFoundException.class, () -> SlabIndex.open(store, ENVIRONMENT));
    SlabIndex.create(store, SPEC, false, ENVIRONMENT).close();
    IndexSpec other = new IndexSpec("j", 5, Metric.COSINE, VectorType.DENSE, null, 1);
    assertThrows(ConflictException.class, () -> SlabIndex.create(store, other, false, ENVIRONMENT));
    try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT)) {
      assertEquals(SPEC, index.spec());
    }
  }

  @Test
  void aProtectedIndexIsNotDropped() {
    MemoryStore store = new MemoryStore();
    SlabIndex index = SlabIndex.create(store, SPEC, true, ENVIRONMENT);
    index.createNamespace("A/b");
    assertTrue(index.deletionProtected());
    assertThrows(ConflictException.class, index::drop);
    index.setDeletionProtection(false);
    index.setDeletionProtection(false);
    assertFalse(index.deletionProtected());
    index.drop();
    assertThrows(NotFoundException.class, () -> SlabIndex.open(store, ENVIRONMENT));
    assertEquals(List.of(), store.listFolders(""));
  }

  @Test
  void namespacesComeAndGo() {
    MemoryStore store = new MemoryStore();
    try (SlabIndex index = SlabIndex.create(store, SPEC, false, ENVIRONMENT)) {
      assertEquals(List.of(), index.namespaces());
      index.createNamespace("A/b");
      assertThrows(ConflictException.class, () -> index.createNamespace("A/b"));
      try (NamespaceWriter writer = index.writer("")) {
        writer.append(List.of(upsert(1)));
      }
      assertEquals(List.of("A/b", "__default__"), index.namespaces());
      index.dropNamespace("A/b");
      assertThrows(NotFoundException.class, () -> index.dropNamespace("A/b"));
      assertEquals(List.of("__default__"), index.namespaces());
      assertFalse(index.namespaceExists("A/b"));
      try (Snapshot snapshot = index.snapshot("never")) {
        assertFalse(snapshot.exists());
        assertEquals(0, snapshot.count());
      }
    }
  }
}
