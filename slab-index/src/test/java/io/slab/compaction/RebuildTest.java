package io.slab.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.check.CheckLevel;
import io.slab.check.Severity;
import io.slab.compaction.CompactionRequest.Kind;
import io.slab.error.CorruptException;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabInput;
import io.slab.format.SlabRequest;
import io.slab.format.SlabView;
import io.slab.manifest.IndexJson;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.model.Vintage;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.SlabFiles;
import io.slab.snapshot.Snapshot;
import io.slab.store.ByteSource;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.verify.Checker;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** An upgrade is a compaction: the same rows, everything derived made anew. */
class RebuildTest {
  private long seeds = 77;

  /**
   * Slabs as another version of the program writes them, whose rows may come out changed.
   *
   * @param sections its version number
   */
  private record OtherSlabs(int sections, UnaryOperator<SlabInput> change) implements SlabFiles {
    @Override
    public Written write(ObjectUpload out, SlabRequest request, SlabInput rows) {
      Written now = Written.of(SlabBuilder.build(request, change.apply(rows), out));
      return new Written(
          now.hotOffset(),
          now.algorithm(),
          now.lsnMin(),
          now.lsnMax(),
          now.ledger(),
          vintage(request.spec(), request.level()),
          List.of());
    }

    @Override
    public Vintage vintage(IndexSpec spec, int level) {
      return new Vintage(sections, 0);
    }

    @Override
    public SlabView open(ByteSource source, IndexSpec spec, SlabEntry entry) {
      return new FormatSlabs().open(source, spec, entry);
    }

    @Override
    public Lsns lsns(ByteSource source) {
      return new FormatSlabs().lsns(source);
    }
  }

  private NamespaceHandle handle(ObjectStore store, SlabFiles files) {
    Environment environment = new Environment(() -> 1_000, new SplittableRandom(seeds++));
    return new NamespaceHandle(store, "ns", Oracle.SPEC, environment, files, new Retry(3, 0));
  }

  private static List<CompactionResult> compact(NamespaceHandle handle, Kind kind) {
    CompactionRequest request =
        new CompactionRequest(kind, 0, List.of(), Long.MAX_VALUE, Long.MAX_VALUE);
    return Compactor.of(handle).run(request, () -> false, result -> {});
  }

  /** An older slab of a level above 0 with some dead rows, and a newer one of level 0. */
  private Oracle fill(ObjectStore store, SlabFiles files) {
    Oracle oracle = new Oracle();
    try (NamespaceHandle handle = handle(store, files);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      upsert(oracle, writer, 0, 300);
      upsert(oracle, writer, 300, 500);
      compact(handle, Kind.FULL);
      upsert(oracle, writer, 450, 600);
    }
    return oracle;
  }

  private static void upsert(Oracle oracle, NamespaceWriter writer, int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Metadata metadata = Metadata.of(Map.of("n", new MetaValue.Num(i % 20)));
      float[] values = {i, to - i};
      batch.add(new WriteOp.Upsert(new VectorRecord("id" + i, values, null, metadata)));
    }
    oracle.apply(batch);
    writer.append(batch);
    writer.flush();
  }

  private static List<SlabEntry> slabs(NamespaceHandle handle) {
    return handle.manifests().newest().slabs();
  }

  @Test
  void slabsOfAnOlderVersionAreRebuiltOnce() {
    MemoryStore store = new MemoryStore();
    Oracle oracle = fill(store, new OtherSlabs(0, rows -> rows));
    try (NamespaceHandle handle = handle(store, new FormatSlabs())) {
      List<SlabEntry> old = slabs(handle);
      assertEquals(2, old.size());
      List<CompactionResult> results = compact(handle, Kind.REBUILD);
      assertEquals(2, results.size());
      for (CompactionResult result : results) {
        SlabEntry before = result.plan().inputs().getFirst();
        SlabEntry after = result.outputs().getFirst();
        assertEquals(before.level(), after.level());
        assertEquals(before.liveRows(), after.rows());
        assertEquals(new FormatSlabs().vintage(Oracle.SPEC, after.level()), after.vintage());
        assertEquals(after.ledger(), result.content());
      }
      assertEquals(50, results.getFirst().rowsDropped());
      try (Snapshot snapshot = handle.snapshot()) {
        oracle.assertSame(snapshot);
      }
      assertEquals(List.of(), compact(handle, Kind.REBUILD));
      assertNull(Compactor.of(handle).plan(request()));
    }
    try (NamespaceHandle fresh = handle(store, new FormatSlabs());
        Snapshot snapshot = fresh.snapshot()) {
      oracle.assertSame(snapshot);
    }
    store.create("index.json", IndexJson.encode(Oracle.SPEC, new Ulid(1, 2)));
    var report = Checker.index(store, CheckLevel.DEEP);
    assertEquals(0, report.count(Severity.ERROR), report.problems().toString());
  }

  private static CompactionRequest request() {
    return new CompactionRequest(Kind.REBUILD, 0, List.of(), Long.MAX_VALUE, Long.MAX_VALUE);
  }

  @Test
  void slabsThatAnIndexWasNeverConsideredForAreStale() {
    MemoryStore store = new MemoryStore();
    fill(store, new OtherSlabs(SlabBuilder.SECTIONS_VERSION, rows -> rows));
    try (NamespaceHandle handle = handle(store, new FormatSlabs())) {
      List<CompactionResult> results = compact(handle, Kind.REBUILD);
      // A flush gets codes too.
      assertEquals(2, results.size());
      assertEquals(List.of(), compact(handle, Kind.REBUILD));
    }
  }

  @Test
  void aNewerVersionIsLeftAlone() {
    MemoryStore store = new MemoryStore();
    fill(store, new FormatSlabs());
    try (NamespaceHandle handle = handle(store, new OtherSlabs(1, rows -> rows))) {
      assertEquals(List.of(), compact(handle, Kind.REBUILD));
    }
  }

  /** A writer with a fault: the last row's LSN comes out wrong. */
  @Test
  void aRebuildThatChangesARowIsNotCommitted() {
    MemoryStore store = new MemoryStore();
    Oracle oracle = fill(store, new OtherSlabs(0, rows -> rows));
    try (NamespaceHandle handle = handle(store, new OtherSlabs(1, OtherRows::new))) {
      List<SlabEntry> before = slabs(handle);
      int files = store.list("ns/ns/slabs/", null).size();
      assertThrows(CorruptException.class, () -> compact(handle, Kind.REBUILD));
      assertEquals(before, slabs(handle));
      assertEquals(files, store.list("ns/ns/slabs/", null).size());
      try (Snapshot snapshot = handle.snapshot()) {
        oracle.assertSame(snapshot);
      }
    }
  }

  private record OtherRows(SlabInput rowsOf) implements SlabInput {
    @Override
    public int rows() {
      return rowsOf.rows();
    }

    @Override
    public Cursor open() {
      Cursor inner = rowsOf.open();
      return new Cursor() {
        private int left = rowsOf.rows();

        @Override
        public boolean next() {
          left--;
          return inner.next();
        }

        @Override
        public byte[] id() {
          return inner.id();
        }

        @Override
        public long lsn() {
          return inner.lsn() + (left == 0 ? 1 : 0);
        }

        @Override
        public float[] values() {
          return inner.values();
        }

        @Override
        public SparseVector sparse() {
          return inner.sparse();
        }

        @Override
        public Metadata metadata() {
          return inner.metadata();
        }
      };
    }
  }
}
