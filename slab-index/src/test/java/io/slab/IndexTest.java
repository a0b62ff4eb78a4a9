package io.slab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.check.Severity;
import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.store.LocalStore;
import io.slab.verify.Checker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public API, as an embedder uses it. */
class IndexTest {
  @TempDir Path folder;

  /** What a test wrote is a sound index. */
  @AfterEach
  void verify() {
    if (Index.exists(folder.toString(), IndexOptions.defaults())) {
      CheckReport report = Checker.index(new LocalStore(folder), CheckLevel.DEEP);
      assertEquals(0, report.count(Severity.ERROR), () -> report.problems().toString());
    }
  }

  private Index create() {
    return Index.create(folder, IndexSettings.dense(2, Metric.EUCLIDEAN).named("test"));
  }

  private static VectorRecord record(int i) {
    Metadata metadata =
        Metadata.of(Map.of("n", new MetaValue.Num(i), "even", new MetaValue.Bool(i % 2 == 0)));
    return new VectorRecord("r%03d".formatted(i), new float[] {i, 0}, null, metadata);
  }

  private static List<VectorRecord> records(int from, int to) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(record(i));
    }
    return records;
  }

  private static List<String> ids(List<Match> matches) {
    return matches.stream().map(Match::id).toList();
  }

  @Test
  void recordsAreWrittenFoundChangedAndDeleted() {
    try (Index index = create()) {
      Namespace namespace = index.namespace();
      assertFalse(namespace.exists());
      assertEquals(List.of(), namespace.query(Query.of(0, 0)));
      Commit commit = namespace.upsert(records(0, 100));
      assertEquals(100, commit.operations());
      assertEquals(100, commit.lastLsn() - commit.firstLsn() + 1);
      for (boolean flushed : new boolean[] {false, true}) {
        assertEquals(flushed ? 0 : 100, namespace.stats().unflushed());
        assertEquals(List.of("r007", "r006"), ids(namespace.query(Query.of(6.9f, 0).topK(2))));
        Query odd = Query.ofId("r008").filter("{\"even\":false}").topK(2).exact();
        assertEquals(List.of("r007", "r009"), ids(namespace.query(odd)));
        namespace.flush();
      }
      namespace.update("r001", new float[] {500, 0}, null, null);
      namespace.update("r002", null, null, Metadata.of(Map.of("m", new MetaValue.Str("x"))));
      namespace.updateByFilter("{\"n\":3}", Metadata.of(Map.of("m", new MetaValue.Str("x"))));
      try (Snapshot snapshot = namespace.snapshot()) {
        assertEquals(2, snapshot.count("{\"m\":\"x\"}"));
        Map<String, VectorRecord> found = snapshot.fetch(List.of("r002", "none", "r001"));
        assertEquals(List.of("r002", "r001"), List.copyOf(found.keySet()));
        assertArrayEquals(new float[] {500, 0}, found.get("r001").values());
      }
      namespace.delete(List.of("r001", "none"));
      namespace.deleteByPrefix("r09");
      namespace.deleteByFilter("{\"even\":false}");
      assertEquals(45, namespace.stats().records());
      namespace.deleteAll();
      assertEquals(0, namespace.stats().records());
      assertTrue(namespace.exists());
    }
  }

  @Test
  void aMatchHasWhatWasAskedFor() {
    try (Index index = create()) {
      index.namespace("a").upsert(record(3));
      Match bare = index.namespace("a").query(Query.of(0, 0)).getFirst();
      assertEquals(9f, bare.score());
      assertNull(bare.values());
      assertTrue(bare.metadata().isEmpty());
      Match full =
          index.namespace("a").query(Query.of(0, 0).withValues().withMetadata()).getFirst();
      assertArrayEquals(new float[] {3, 0}, full.values());
      assertEquals(new MetaValue.Num(3), full.metadata().get("n"));
      assertEquals(List.of("a"), index.namespaces());
    }
  }

  @Test
  void pagesGoOnWhereTheOneBeforeEnded() {
    try (Index index = create()) {
      Namespace namespace = index.namespace();
      namespace.upsert(records(0, 25));
      List<String> all = new ArrayList<>();
      String token = null;
      do {
        Page<String> page = namespace.list("r0", 10, token);
        all.addAll(page.items());
        token = page.next();
      } while (token != null);
      assertEquals(records(0, 25).stream().map(VectorRecord::id).toList(), all);
      try (Snapshot snapshot = namespace.snapshot()) {
        Page<VectorRecord> first = snapshot.fetchByFilter("{\"even\":true}", 12, null);
        assertEquals(12, first.items().size());
        Page<VectorRecord> last = snapshot.fetchByFilter("{\"even\":true}", 12, first.next());
        assertEquals("r024", last.items().getFirst().id());
        assertNull(last.next());
      }
      assertThrows(InvalidInputException.class, () -> namespace.list("", 1, "%"));
      assertThrows(IllegalArgumentException.class, () -> namespace.list("", 0, null));
    }
  }

  @Test
  void aSnapshotStaysWhatItWas() {
    try (Index index = create()) {
      Namespace namespace = index.namespace();
      Commit first = namespace.upsert(records(0, 10));
      try (Snapshot snapshot = namespace.snapshot()) {
        assertTrue(snapshot.lsn() >= first.lastLsn());
        Commit second = namespace.upsert(records(10, 20));
        namespace.delete(List.of("r003"));
        namespace.flush();
        namespace.compactAll();
        assertTrue(snapshot.lsn() < second.firstLsn());
        assertEquals(10, snapshot.stats().records());
        assertEquals(List.of("r003"), ids(snapshot.query(Query.of(3, 0).topK(1))));
        List<List<Match>> both =
            snapshot.query(List.of(Query.of(1, 0).topK(1), Query.of(9, 0).topK(1)));
        assertEquals(List.of("r001"), ids(both.get(0)));
        assertEquals(List.of("r009"), ids(both.get(1)));
      }
      assertEquals(19, namespace.stats().records());
    }
  }

  @Test
  void sparseAndHybridIndexes() {
    SparseVector sparse = new SparseVector(new int[] {1, -1}, new float[] {1, 2});
    try (Index index = Index.create(folder.resolve("s"), IndexSettings.sparse())) {
      index.namespace().upsert(new VectorRecord("a", null, sparse, Metadata.EMPTY));
      assertEquals(5f, index.namespace().query(Query.of(sparse)).getFirst().score());
    }
    try (Index index = Index.create(folder.resolve("h"), IndexSettings.hybrid(2))) {
      index.namespace().upsert(new VectorRecord("a", new float[] {1, 1}, sparse, Metadata.EMPTY));
      Match match = index.namespace().query(Query.of(1, 2).withSparse(sparse)).getFirst();
      assertEquals(8f, match.score());
    }
  }

  @Test
  void whatCannotBeUsedIsRefused() {
    try (Index index = create()) {
      Namespace namespace = index.namespace();
      namespace.upsert(record(1));
      List<Runnable> bad =
          List.of(
              () -> namespace.upsert(List.of()),
              () -> namespace.deleteByPrefix(""),
              () -> namespace.deleteByFilter("{}"),
              () -> namespace.deleteByFilter(null),
              () -> namespace.deleteByFilter("{\"$and\":[{},{}]}"),
              () -> namespace.updateByFilter("null", Metadata.EMPTY),
              () -> namespace.query(Query.of(1, 2, 3)),
              () -> namespace.query(Query.of(1, 2).topK(0)),
              () -> namespace.query(Query.of(1, 2).filter("{\"$x\":1}")),
              () -> namespace.build(namespace(index, "x").beginLoad(), List.of()),
              () -> IndexSettings.sparse().named("A B"));
      for (Runnable call : bad) {
        assertThrows(InvalidInputException.class, call::run);
      }
      String hint =
          assertThrows(InvalidInputException.class, () -> namespace.deleteByFilter("{}")).hint();
      assertTrue(hint.contains("deleteAll"), hint);
      assertThrows(NotFoundException.class, () -> namespace.query(Query.ofId("none")));
      assertThrows(IllegalArgumentException.class, () -> Query.of(1, 2).recall(0));
      assertEquals(1, namespace.stats().records());
    }
    assertThrows(
        InvalidInputException.class,
        () -> Index.create(folder.resolve("x"), IndexSettings.dense(0, Metric.COSINE)));
  }

  private static Namespace namespace(Index index, String name) {
    return index.namespace(name);
  }

  @Test
  void indexesAreMadeOpenedProtectedAndDropped() {
    String place = folder.toUri().toString();
    IndexOptions options = IndexOptions.defaults().withThreads(1);
    assertFalse(Index.exists(place, options));
    assertThrows(NotFoundException.class, () -> Index.open(folder));
    IndexSettings settings =
        IndexSettings.dense(2, Metric.COSINE).withSchema(List.of("n")).withDeletionProtection();
    try (Index index = Index.create(place, settings, options)) {
      assertThrows(ConflictException.class, () -> Index.create(place, settings, options));
      index.createNamespace("a");
      assertThrows(ConflictException.class, () -> index.createNamespace("a"));
      assertThrows(ConflictException.class, () -> index.deleteNamespace("a"));
      assertThrows(ConflictException.class, index::drop);
      assertThrows(
          InvalidInputException.class,
          () -> index.namespace("a").query(Query.of(1, 1).filter("{\"x\":1}")));
    }
    try (Index index = Index.open(place, options)) {
      IndexDescription description = index.describe();
      assertEquals(2, description.dimension());
      assertEquals(List.of("n"), description.schema());
      assertTrue(description.deletionProtection());
      index.setDeletionProtection(false);
      index.deleteNamespace("a");
      assertEquals(List.of(), index.namespaces());
      index.namespace().upsert(record(1));
      index.drop();
      assertThrows(NotFoundException.class, () -> index.namespace().stats());
    }
    assertThrows(NotFoundException.class, () -> Index.open(folder));
  }

  @Test
  void addressesWithoutAStoreSayWhatIsMissing() {
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class,
            () -> Index.open("gs://bucket/x", IndexOptions.defaults()));
    assertTrue(e.getMessage().contains("gs://"), e.getMessage());
    assertThrows(
        InvalidInputException.class,
        () ->
            Index.open(
                folder.toString(), IndexOptions.defaults().withStore(Map.of("region", "x"))));
  }

  @Test
  void slabsAreBuiltInSeveralPlacesAndCommittedOnce() {
    try (Index index = create();
        Index elsewhere = Index.open(folder)) {
      Namespace namespace = index.namespace("n");
      BuiltSlabs order = BuiltSlabs.ofBytes(namespace.beginLoad().toBytes());
      BuiltSlabs one = namespace.build(order, records(0, 60).reversed());
      BuiltSlabs two = elsewhere.namespace("n").build(order, records(60, 90));
      BuiltSlabs built = BuiltSlabs.merge(List.of(one, BuiltSlabs.ofBytes(two.toBytes())));
      assertEquals(90, built.rows());
      assertEquals(0, namespace.stats().records());
      long manifest = elsewhere.namespace("n").commit(built);
      assertEquals(manifest, namespace.commit(built));
      assertEquals(90, namespace.stats().records());
      assertThrows(ConflictException.class, namespace::beginLoad);
    }
  }

  @Test
  void partsOfALoadMayAlternateButNotShareAnId() {
    try (Index index = create()) {
      Namespace namespace = index.namespace("n");
      BuiltSlabs order = namespace.beginLoad();
      List<VectorRecord> even = records(0, 40).stream().filter(r -> isEven(r.id())).toList();
      List<VectorRecord> odd = records(0, 40).stream().filter(r -> !isEven(r.id())).toList();
      BuiltSlabs evens = namespace.build(order, even);
      BuiltSlabs odds = namespace.build(order, odd);
      BuiltSlabs shared = namespace.build(order, List.of(record(3), record(50), record(38)));
      InvalidInputException e =
          assertThrows(
              InvalidInputException.class,
              () -> namespace.commit(BuiltSlabs.merge(List.of(evens, odds, shared))));
      assertTrue(e.getMessage().contains("'r003'"), e.getMessage());
      assertEquals(0, namespace.stats().records());
      namespace.commit(BuiltSlabs.merge(List.of(evens, odds)));
      assertEquals(40, namespace.stats().records());
      assertEquals(List.of("r003"), ids(namespace.query(Query.of(3, 0).topK(1))));
    }
  }

  private static boolean isEven(String id) {
    return Integer.parseInt(id.substring(1)) % 2 == 0;
  }

  @Test
  void lostRacesOfBuiltSlabsAreSaid() {
    try (Index index = create()) {
      Namespace namespace = index.namespace("n");
      BuiltSlabs built = namespace.build(namespace.beginLoad(), records(0, 9));
      namespace.upsert(record(5));
      assertThrows(ConflictException.class, () -> namespace.commit(built));
      namespace.deleteAll();
      namespace.flush();
      namespace.collectGarbage(Duration.ZERO);
      namespace.collectGarbage(Duration.ZERO);
      assertThrows(ConflictException.class, () -> namespace.commit(built));
      assertEquals(0, namespace.stats().records());
    }
  }

  @Test
  void aCompactionIsBuiltElsewhere() {
    try (Index index = create()) {
      Namespace namespace = index.namespace("n");
      namespace.upsert(record(0));
      assertTrue(namespace.beginCompaction().isEmpty());
      namespace.configure(Map.of("level0Slabs", 2L));
      assertEquals(2L, namespace.thresholds().orElseThrow().get("level0Slabs"));
      for (int i = 1; i < 5; i++) {
        namespace.upsert(record(i));
        namespace.flush();
      }
      BuiltSlabs order = namespace.beginCompaction().orElseThrow();
      try (Index elsewhere = Index.open(folder)) {
        BuiltSlabs built = elsewhere.namespace("n").build(BuiltSlabs.ofBytes(order.toBytes()));
        namespace.delete(List.of("r002"));
        namespace.flush();
        namespace.commit(built);
      }
      assertEquals(4, namespace.stats().records());
      assertEquals(1, namespace.stats().slabs());
    }
  }

  @Test
  void severalThreadsShareAnIndex() throws Exception {
    try (Index index = create();
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<Commit>> tasks = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int from = i * 5;
        tasks.add(() -> {
          Commit commit = index.namespace().upsert(records(from, from + 5));
          Query own = Query.of(from, 0).topK(1);
          assertEquals("r%03d".formatted(from), index.namespace().query(own).getFirst().id());
          return commit;
        });
      }
      for (Future<Commit> done : threads.invokeAll(tasks)) {
        done.get();
      }
      assertEquals(200, index.namespace().stats().records());
    }
  }

  @Test
  void aClosedIndexIsSaid() {
    Index index = create();
    Namespace namespace = index.namespace();
    namespace.upsert(record(1));
    index.close();
    assertThrows(IllegalStateException.class, () -> namespace.upsert(record(2)));
  }
}
