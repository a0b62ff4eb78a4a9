package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cache.CacheFolder;
import io.slab.cache.CachingStore;
import io.slab.compaction.CompactionRequest;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.error.SlabException;
import io.slab.gc.GcRequest;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.s3.S3Address;
import io.slab.s3.S3Store;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.testkit.s3.S3Server;
import io.slab.writer.NamespaceWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An index that goes away while it is open, or gives way to another one with the same settings: no
 * operation answers from nothing, or from what belongs to the other one.
 */
class IndexGoneIT {
  private static final IndexSpec SPEC =
      new IndexSpec("i", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
  private static final Environment ENVIRONMENT = Environment.system();

  @TempDir Path folder;

  private static void fill(SlabIndex index, String prefix) {
    try (NamespaceWriter writer = index.writer("")) {
      writer.append(List.of(upsert(prefix + 1), upsert(prefix + 2)));
      writer.flush();
      writer.append(List.of(upsert(prefix + 3)));
    }
  }

  private static WriteOp upsert(String id) {
    return new WriteOp.Upsert(new VectorRecord(id, new float[] {1, 2}, null, Metadata.EMPTY));
  }

  /** Everything that looks at an index. */
  private static Map<String, Runnable> operations(SlabIndex index) {
    Map<String, Runnable> operations = new LinkedHashMap<>();
    operations.put("snapshot", () -> index.snapshot("").close());
    operations.put("snapshot of none", () -> index.snapshot("never").close());
    operations.put("namespaces", index::namespaces);
    operations.put("all namespaces", index::allNamespaces);
    operations.put("exists", () -> index.namespaceExists(""));
    operations.put("thresholds", () -> index.thresholds(""));
    operations.put("log", () -> index.flushedLogObjects(""));
    operations.put("protection", index::deletionProtected);
    operations.put("protect", () -> index.setDeletionProtection(true));
    operations.put("configure", () -> index.configure("", Map.of("deadPercent", 50L)));
    operations.put("plan", () -> index.compactor("").plan(CompactionRequest.auto()));
    operations.put("gc", () -> index.collector("").run(new GcRequest(0, 1, 100, true)));
    operations.put("create namespace", () -> index.createNamespace("new"));
    operations.put("drop namespace", () -> index.dropNamespace(""));
    operations.put(
        "write",
        () -> {
          try (NamespaceWriter writer = index.writer("")) {
            writer.append(List.of(upsert("late")));
          }
        });
    return operations;
  }

  private static void assertGone(SlabIndex index, String text) {
    operations(index)
        .forEach((name, operation) -> {
          SlabException e = assertThrows(SlabException.class, operation::run, name);
          assertEquals(NotFoundException.class, e.getClass(), name + ": " + e);
          assertTrue(e.getMessage().contains(text), name + ": " + e);
        });
  }

  private SlabIndex openAndUsed(ObjectStore store) {
    SlabIndex.create(store, SPEC, false, ENVIRONMENT).close();
    SlabIndex index = SlabIndex.open(store, ENVIRONMENT);
    fill(index, "a");
    try (Snapshot snapshot = index.snapshot("")) {
      assertEquals(3, snapshot.count());
    }
    return index;
  }

  @Test
  void renamed() throws IOException {
    Path place = folder.resolve("i");
    try (SlabIndex index = openAndUsed(new LocalStore(place))) {
      Files.move(place, folder.resolve("elsewhere"));
      assertGone(index, "there is no index at");
      // As an unmounted disk leaves it.
      Files.createDirectory(place);
      assertGone(index, "there is no index at");
      Files.delete(place);
      Files.move(folder.resolve("elsewhere"), place);
      try (Snapshot snapshot = index.snapshot("")) {
        assertEquals(3, snapshot.count(), "the same index is back");
      }
    }
  }

  /** The index stays, its namespaces go: no listing makes what was read before an empty index. */
  @Test
  void namespacesThatWereReadBefore() throws IOException {
    Path place = folder.resolve("i");
    try (SlabIndex index = openAndUsed(new LocalStore(place))) {
      assertEquals(List.of("__default__"), index.namespaces());
      index.snapshot("never").close();
      Files.move(place.resolve("ns"), folder.resolve("elsewhere"));
      assertThrows(MissingException.class, index::namespaces);
      assertEquals(List.of("__default__"), index.allNamespaces(), "for gc, which finds the loss");
      Files.createDirectory(place.resolve("ns"));
      assertThrows(MissingException.class, index::namespaces);
      Files.delete(place.resolve("ns"));
      Files.move(folder.resolve("elsewhere"), place.resolve("ns"));
      assertEquals(List.of("__default__"), index.namespaces());
    }
  }

  @Test
  void neverUsedBeforeItWentAway() throws IOException {
    Path place = folder.resolve("i");
    openAndUsed(new LocalStore(place)).close();
    try (SlabIndex index = SlabIndex.open(new LocalStore(place), ENVIRONMENT)) {
      Files.move(place, folder.resolve("elsewhere"));
      assertGone(index, "there is no index at");
    }
  }

  @Test
  void anotherOneWithTheSameSettingsAtTheSamePlace() throws IOException {
    Path place = folder.resolve("i");
    for (int records = 0; records < 2; records++) {
      try (SlabIndex index = openAndUsed(new LocalStore(place))) {
        Files.move(place, folder.resolve("elsewhere" + records));
        try (SlabIndex other = SlabIndex.create(new LocalStore(place), SPEC, false, ENVIRONMENT)) {
          if (records > 0) {
            fill(other, "b");
          }
          assertGone(index, "another one is there now");
          try (Snapshot snapshot = other.snapshot("")) {
            assertEquals(3L * records, snapshot.count(), "no writer of the old index wrote to it");
          }
          assertEquals(records == 0 ? List.of() : List.of("__default__"), other.namespaces());
        }
      }
      Files.move(place, folder.resolve("other" + records));
    }
  }

  @Test
  void droppedAndMadeAnew() {
    LocalStore store = new LocalStore(folder.resolve("i"));
    try (SlabIndex index = openAndUsed(store)) {
      SlabIndex.open(store, ENVIRONMENT).lifecycle().drop();
      assertGone(index, "was dropped");
      SlabIndex.openAnyway(store, ENVIRONMENT).lifecycle().remove(RemovalRequest.NOW, o -> {});
      assertGone(index, "there is no index at");
      SlabIndex.create(store, SPEC, false, ENVIRONMENT).close();
      assertGone(index, "another one is there now");
    }
  }

  @Test
  void onS3() {
    S3Address address = S3Server.newPlace();
    S3Store store = S3Store.open(address, S3Server.settings());
    CachingStore cached =
        new CachingStore(
            S3Store.open(address, S3Server.settings()),
            new CacheFolder(folder.resolve("cache"), CacheFolder.DEFAULT_SIZE),
            CachingStore.DEFAULT_PARALLEL);
    openAndUsed(store).close();
    try (SlabIndex bare = SlabIndex.open(store, ENVIRONMENT);
        SlabIndex index = SlabIndex.open(cached, ENVIRONMENT, "")) {
      try (Snapshot snapshot = index.snapshot("")) {
        assertEquals(3, snapshot.count());
      }
      SlabIndex.open(store, ENVIRONMENT).lifecycle().drop();
      assertGone(bare, "was dropped");
      assertGone(index, "was dropped");
      SlabIndex.openAnyway(store, ENVIRONMENT).lifecycle().remove(RemovalRequest.NOW, o -> {});
      assertGone(bare, "there is no index at");
      assertGone(index, "there is no index at");
      SlabIndex.create(store, SPEC, false, ENVIRONMENT).close();
      assertGone(bare, "another one is there now");
      assertGone(index, "another one is there now");
    }
  }
}
