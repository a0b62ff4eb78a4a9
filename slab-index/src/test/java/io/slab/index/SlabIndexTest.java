package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.ConflictException;
import io.slab.error.NotFoundException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.SlabException;
import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.search.SearchPart;
import io.slab.search.SearchSource;
import io.slab.search.Strategy;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.MemoryStore;
import io.slab.wal.WalObject;
import io.slab.wal.WalWriter;
import io.slab.writer.NamespaceWriter;
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
  void aPageOfNamespacesLooksAtNoMoreThanItNeeds() {
    MemoryStore store = new MemoryStore();
    try (SlabIndex index = SlabIndex.create(store, SPEC, false, ENVIRONMENT)) {
      for (String name : List.of("d", "a", "c", "b", "e", "\u00e4")) {
        try (NamespaceWriter writer = index.writer(name)) {
          writer.append(List.of(upsert(1)));
        }
      }
      index.dropNamespace("b");
      assertEquals(List.of("a", "c", "d"), index.namespaces(name -> true, 3));
      assertEquals(List.of("d", "e", "\u00e4"), index.namespaces(n -> n.compareTo("c") > 0, 9));
      assertEquals(List.of(), index.namespaces(name -> name.startsWith("b"), 2));
    }
    FaultyStore counting = new FaultyStore(store, (call, operation, name) -> Fault.NONE);
    try (SlabIndex index = SlabIndex.open(counting, ENVIRONMENT)) {
      long opened = counting.calls();
      index.namespaces(name -> true, 1);
      long one = counting.calls() - opened;
      index.namespaces(name -> true, 9);
      long all = counting.calls() - opened - one;
      assertTrue(one * 2 < all, one + " calls for one, " + all + " for all");
    }
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
    assertThrows(ConflictException.class, index.lifecycle()::drop);
    index.setDeletionProtection(false);
    index.setDeletionProtection(false);
    assertFalse(index.deletionProtected());
    index.lifecycle().drop();
    assertThrows(NotFoundException.class, () -> SlabIndex.open(store, ENVIRONMENT));
    SlabIndex.openAnyway(store, ENVIRONMENT)
        .lifecycle()
        .remove(new RemovalRequest(false, 0, Long.MAX_VALUE), o -> {});
    assertEquals(List.of("config", "ns"), store.listFolders(""));
    assertEquals(1, store.list("ns/%41%2Fb/wal/", null).size());
    assertEquals(1, store.list("ns/%41%2Fb/manifest/", null).size());
  }

  @Test
  void anIndexWhoseProtectionFailedIsThereAndSaysSo() {
    for (Fault fault : List.of(Fault.BEFORE, Fault.AFTER)) {
      MemoryStore store = new MemoryStore();
      boolean[] begun = new boolean[2];
      // Either the settings cannot be looked for, or they are written and then cannot be looked at.
      FaultyStore faulty =
          new FaultyStore(
              store,
              (call, operation, name) -> {
                boolean write =
                    operation == FaultyStore.Operation.CREATE
                        || operation == FaultyStore.Operation.COMMIT;
                begun[1] |= fault == Fault.BEFORE ? begun[0] : write && name.startsWith("config/");
                begun[0] |= write && name.equals("index.json");
                return begun[1] ? fault : Fault.NONE;
              });
      SlabException e =
          assertThrows(
              SlabException.class, () -> SlabIndex.create(faulty, SPEC, true, ENVIRONMENT));
      assertEquals(fault == Fault.AFTER, e instanceof OutcomeUnknownException, e.toString());
      assertTrue(e.getMessage().startsWith("the index is created, but "), e.getMessage());
      assertTrue(e.hint().contains("--deletion-protection enabled"), e.hint());
      try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT)) {
        assertEquals(fault == Fault.AFTER, index.deletionProtected());
        index.setDeletionProtection(true);
        assertThrows(ConflictException.class, index.lifecycle()::drop);
      }
    }
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

  @Test
  void anOpenWriterNoticesThatTheIndexWasDropped() {
    for (int flushes = 0; flushes < 3; flushes++) {
      MemoryStore store = new MemoryStore();
      SlabIndex.create(store, SPEC, false, ENVIRONMENT).close();
      try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT);
          NamespaceWriter writer = index.writer("");
          NamespaceWriter idle = index.writer("");
          NamespaceWriter fresh = index.writer("new")) {
        writer.append(List.of(upsert(1)));
        idle.append(List.of(upsert(2)));
        for (int i = 0; i < flushes; i++) {
          writer.append(List.of(upsert(3 + i)));
          writer.flush();
        }
        SlabIndex.open(store, ENVIRONMENT).lifecycle().drop();
        assertDropped(writer, idle, fresh);
        SlabIndex.openAnyway(store, ENVIRONMENT)
            .lifecycle()
            .remove(new RemovalRequest(false, 0, Long.MAX_VALUE), o -> {});
        assertDropped(writer, idle, fresh);
        // Nor does a new index at the same place take what was meant for the old one.
        IndexSpec next = new IndexSpec("i", 4, Metric.COSINE, VectorType.DENSE, null, 2);
        try (SlabIndex other = SlabIndex.create(store, next, false, ENVIRONMENT);
            NamespaceWriter own = other.writer("")) {
          assertDropped(writer, idle, fresh);
          own.append(List.of(upsert(9)));
          assertDropped(writer, idle, fresh);
          try (Snapshot snapshot = other.snapshot("")) {
            assertEquals(1, snapshot.count());
          }
          assertEquals(List.of("__default__"), other.namespaces());
        }
      }
    }
  }

  private static void assertDropped(NamespaceWriter... writers) {
    for (NamespaceWriter writer : writers) {
      assertThrows(NotFoundException.class, () -> writer.append(List.of(upsert(7))));
      assertThrows(NotFoundException.class, writer::flush);
    }
  }

  @Test
  void aWriterThatSawTheSealStopsBeforeTheManifestIsThere() {
    MemoryStore store = new MemoryStore();
    try (SlabIndex index = SlabIndex.create(store, SPEC, false, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      writer.append(List.of(upsert(1)));
      Ulid id = new Ulid(1, 2);
      WalObject seal = new WalObject(2, id, id, Ulid.ZERO, List.of());
      store.create("ns/__default__/wal/00000000000000000002.wal", WalWriter.encode(seal));
      // With the index still there the seal is without effect.
      writer.append(List.of(upsert(2)));
      WalObject again = new WalObject(4, id, id, Ulid.ZERO, List.of());
      store.create("ns/__default__/wal/00000000000000000004.wal", WalWriter.encode(again));
      store.delete("index.json");
      assertThrows(NotFoundException.class, () -> writer.append(List.of(upsert(3))));
      assertEquals(5, store.list("ns/__default__/wal/", null).size());
      // A drop that was cut short here leaves records that no new index may take over.
      assertThrows(
          ConflictException.class, () -> SlabIndex.create(store, SPEC, false, ENVIRONMENT));
    }
  }

  @Test
  void aFilterSkipsASlabByTheManifest() {
    MemoryStore store = new MemoryStore();
    try (SlabIndex index = SlabIndex.create(store, SPEC, false, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      writer.append(List.of(upsert(1), upsert(2)));
      writer.flush();
    }
    String slab = store.list("ns/__default__/slabs/", null).getFirst().name();
    store.delete(slab);
    // Without its file the slab can only be skipped unopened.
    try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT);
        Snapshot snapshot = index.snapshot("");
        QueryEngine engine = new QueryEngine(SPEC, 1)) {
      SearchPart part =
          new SearchPart(
              snapshot.slabs().getFirst().view(),
              snapshot.slabs().getFirst().dead(),
              snapshot.slabs().getFirst().entry().bounds());
      record Source(List<SearchPart> parts, List<VectorRecord> memtable) implements SearchSource {}
      Filter filter = FilterParser.parse("{\"n\":{\"$gt\":5}}");
      QueryResult result =
          engine.query(
              new Source(List.of(part), List.of()),
              new QueryRequest(new float[] {1, 0, 0, 0}, null, filter, 10, true, true));
      assertEquals(List.of(), result.matches());
      assertEquals(Strategy.SKIPPED_BY_MANIFEST, result.profile().slabs().getFirst().strategy());
    }
  }
}
