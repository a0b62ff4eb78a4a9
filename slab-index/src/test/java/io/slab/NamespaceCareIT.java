package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server that keeps an index open asks of it. */
class NamespaceCareIT {
  @TempDir Path folder;

  private Index create() {
    return Index.create(folder, IndexSettings.dense(2, Metric.EUCLIDEAN));
  }

  private static VectorRecord record(int i) {
    return new VectorRecord("r%03d".formatted(i), new float[] {i, 0}, null, Metadata.EMPTY);
  }

  private static List<VectorRecord> records(int from, int to) {
    return IntStream.range(from, to).mapToObj(NamespaceCareIT::record).toList();
  }

  @Test
  void onlyAWriteMakesASnapshotOld() {
    try (Index index = create();
        Index elsewhere = Index.open(folder)) {
      Namespace namespace = index.namespace("n");
      Namespace writer = elsewhere.namespace("n");
      Snapshot none = namespace.snapshot();
      assertFalse(namespace.changedSince(none));
      for (int i = 0; i < 6; i++) {
        writer.upsert(records(10 * i, 10 * i + 5));
        assertTrue(namespace.changedSince(none));
        try (Snapshot snapshot = namespace.snapshot()) {
          assertFalse(namespace.changedSince(snapshot));
          writer.flush();
          writer.configure(java.util.Map.of("level0Slabs", 5L + i));
          writer.compactAll();
          writer.collectGarbage(Duration.ZERO);
          assertFalse(namespace.changedSince(snapshot), "the same records, elsewhere");
          writer.delete(List.of("r000"));
          assertTrue(namespace.changedSince(snapshot));
          writer.flush();
          writer.collectGarbage(Duration.ZERO);
          assertTrue(namespace.changedSince(snapshot));
        }
      }
      try (Snapshot snapshot = namespace.snapshot()) {
        elsewhere.deleteNamespace("n");
        assertTrue(namespace.changedSince(snapshot));
      }
    }
  }

  @Test
  void aBulkLoadMakesASnapshotOld() {
    try (Index index = create()) {
      Namespace namespace = index.namespace("n");
      BuiltSlabs built = namespace.build(namespace.beginLoad(), records(0, 10));
      try (Snapshot reserved = namespace.snapshot()) {
        assertFalse(namespace.changedSince(reserved));
        namespace.commit(built);
        assertTrue(namespace.changedSince(reserved));
      }
      Snapshot last = namespace.snapshot();
      index.drop();
      assertThrows(NotFoundException.class, () -> namespace.changedSince(last));
    }
  }

  @Test
  void aReleasedNamespaceGoesOn() {
    try (Index index = create()) {
      Namespace namespace = index.namespace("n");
      namespace.release();
      namespace.upsert(records(0, 10));
      namespace.flush();
      namespace.upsert(records(10, 15));
      try (Snapshot open = namespace.snapshot()) {
        namespace.release();
        assertEquals(10, open.fetch(List.of("r001")).get("r001").values()[0] + 9, 0);
      }
      namespace.release();
      namespace.release();
      namespace.upsert(record(20));
      assertEquals(16, namespace.stats().records());
      assertEquals(6, namespace.flush());
    }
  }

  /** Releases come between the writes of others, and take nothing away from them. */
  @Test
  void releasesAndWritesMayMeet() throws Exception {
    try (Index index = create();
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Namespace namespace = index.namespace("n");
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        int at = i;
        tasks.add(() -> {
          namespace.upsert(record(at));
          if (at % 5 == 0) {
            namespace.release();
          }
          if (at % 9 == 0) {
            namespace.flush();
          }
          return null;
        });
      }
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
      assertEquals(60, namespace.stats().records());
    }
  }

  @Test
  void anIndexIsCopiedAndBroughtUpToDate() {
    IndexOptions options = IndexOptions.defaults();
    String from = folder.resolve("a").toString();
    String to = folder.resolve("b").toString();
    assertThrows(NotFoundException.class, () -> Index.copy(from, options, to, options));
    try (Index index =
        Index.create(from, IndexSettings.dense(2, Metric.EUCLIDEAN).named("a"), options)) {
      index.namespace("n").upsert(records(0, 10));
      index.namespace("n").flush();
      index.namespace("m").upsert(record(1));
      assertThrows(InvalidInputException.class, () -> Index.copy(from, options, from, options));
      Copied first = Index.copy(from, options, to, options);
      assertEquals(0, first.present());
      assertTrue(first.objects() > 2 && first.bytes() > 0, first.toString());
      index.namespace("n").upsert(record(10));
      Copied second = Index.copy(from, options, to, options);
      assertTrue(second.objects() > 0 && second.present() > 0, second.toString());
    }
    try (Index copy = Index.open(to, options)) {
      assertEquals(11, copy.namespace("n").stats().records());
      assertEquals(List.of("m", "n"), copy.namespaces());
    }
    String one = folder.resolve("one").toString();
    Index.copyNamespace(from, options, one, options, "m");
    try (Index copy = Index.open(one, options)) {
      assertEquals(List.of("m"), copy.namespaces());
      copy.namespace("n").upsert(record(77));
    }
    assertThrows(ConflictException.class, () -> Index.copy(from, options, one, options));
    assertThrows(
        NotFoundException.class, () -> Index.copyNamespace(from, options, one, options, "x"));
  }
}
