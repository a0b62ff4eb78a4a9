package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.check.Problem;
import io.slab.compaction.CompactionRequest;
import io.slab.copy.CopyRequest;
import io.slab.copy.IndexCopy;
import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.ObjectSequence;
import io.slab.memtable.WriteOp;
import io.slab.memtable.WriteOpCodec;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.query.SnapshotSource;
import io.slab.search.Match;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.snapshot.Snapshot;
import io.slab.testkit.MemoryStore;
import io.slab.verify.Checker;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
import io.slab.wal.WalRecord;
import io.slab.wal.WalWriter;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Records that break a rule and are in the log already: nothing stops because of them, no other
 * record is lost or answered wrongly, and verify names them.
 */
class OlderRecordsTest {
  private static final String NAMESPACE = "";
  private static final int GOOD = 40;

  private static final Environment ENVIRONMENT = new Environment(() -> 5, new SplittableRandom(1));

  /** What an older writer let in. */
  enum Older {
    COSINE_NAN(Metric.COSINE, VectorType.DENSE, false, "Vector values must be finite"),
    DOT_NAN(Metric.DOTPRODUCT, VectorType.DENSE, false, "Vector values must be finite"),
    EUCLIDEAN_INFINITE(Metric.EUCLIDEAN, VectorType.DENSE, false, "Vector values must be finite"),
    COSINE_ZERO(Metric.COSINE, VectorType.DENSE, true, "contains only zeros"),
    SPARSE_NAN(Metric.DOTPRODUCT, VectorType.SPARSE, false, "Sparse values must be finite"),
    /** In a slab it is no sparse vector at all. */
    SPARSE_EMPTY(Metric.DOTPRODUCT, VectorType.SPARSE, false, "parse"),
    SPARSE_MANY(Metric.DOTPRODUCT, VectorType.SPARSE, true, "limit of 2048"),
    HYBRID_NAN(Metric.DOTPRODUCT, VectorType.HYBRID, false, "Sparse values must be finite"),
    FIELD_DOLLAR(Metric.EUCLIDEAN, VectorType.DENSE, true, "must not begin with '$'"),
    NUMBER_NAN(Metric.EUCLIDEAN, VectorType.DENSE, true, "got 'NaN' for field 'n'"),
    ONLY_NUMBERS_INFINITE(Metric.EUCLIDEAN, VectorType.DENSE, true, "for field 'alone'"),
    METADATA_SIZE(Metric.EUCLIDEAN, VectorType.DENSE, true, "limit of 40960 bytes");

    private final Metric metric;
    private final VectorType type;

    /** True for a record that queries find all the same. */
    private final boolean found;

    private final String message;

    Older(Metric metric, VectorType type, boolean found, String message) {
      this.metric = metric;
      this.type = type;
      this.found = found;
      this.message = message;
    }

    IndexSpec spec() {
      return new IndexSpec("older", type.hasDense() ? 3 : 0, metric, type, null, 1);
    }

    VectorRecord record() {
      VectorRecord good = good(this, 1_000);
      return new VectorRecord("bad", values(good.values()), sparse(good.sparse()), metadata(good));
    }

    private float[] values(float[] good) {
      return switch (this) {
        case COSINE_NAN, DOT_NAN -> new float[] {1, Float.NaN, 2};
        case EUCLIDEAN_INFINITE -> new float[] {1, Float.NEGATIVE_INFINITY, 2};
        case COSINE_ZERO -> new float[3];
        default -> good;
      };
    }

    private SparseVector sparse(SparseVector good) {
      return switch (this) {
        case SPARSE_NAN, HYBRID_NAN ->
            new SparseVector(new int[] {1, 2}, new float[] {Float.NaN, 9});
        case SPARSE_EMPTY -> new SparseVector(new int[0], new float[0]);
        case SPARSE_MANY -> {
          int[] indices = new int[3_000];
          Arrays.setAll(indices, i -> i);
          float[] weights = new float[indices.length];
          Arrays.fill(weights, 1);
          yield new SparseVector(indices, weights);
        }
        default -> good;
      };
    }

    private Metadata metadata(VectorRecord good) {
      return switch (this) {
        case FIELD_DOLLAR -> Metadata.of(Map.of("$x", new MetaValue.Str("t")));
        case NUMBER_NAN -> Metadata.of(Map.of("n", new MetaValue.Num(Double.NaN)));
        case ONLY_NUMBERS_INFINITE ->
            Metadata.of(Map.of("alone", new MetaValue.Num(Double.POSITIVE_INFINITY)));
        case METADATA_SIZE -> Metadata.of(Map.of("t", new MetaValue.Str("t".repeat(50_000))));
        default -> good.metadata();
      };
    }
  }

  private static VectorRecord good(Older older, int number) {
    SplittableRandom random = new SplittableRandom(number);
    float[] values = null;
    if (older.type.hasDense()) {
      values = new float[3];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextDouble() + 0.1f;
      }
    }
    SparseVector sparse =
        older.type.hasSparse()
            ? new SparseVector(new int[] {1, 2}, new float[] {1 + random.nextInt(9), 1})
            : null;
    Metadata fields = Metadata.of(Map.of("n", new MetaValue.Num(number)));
    return new VectorRecord(String.format("r%04d", number), values, sparse, fields);
  }

  private final MemoryStore store = new MemoryStore(() -> 0);

  /** Writes an object of the log as a writer does that asks no rule. */
  private void log(WriteOp op) {
    ObjectSequence sequence =
        new ObjectSequence(store, new NamespaceNames(NAMESPACE).walFolder(), ".wal");
    long last = sequence.listAfter(-1).getLast();
    byte[] bytes = store.read(sequence.name(last), WalLayout.MAX_BYTES);
    WalObject before = WalReader.decode(sequence.name(last), last, bytes);
    List<WalRecord> records = List.of(WriteOpCodec.encode(op));
    WalObject object =
        new WalObject(last + 1, ENVIRONMENT.newId(), ENVIRONMENT.newId(), before.commit(), records);
    store.create(sequence.name(last + 1), WalWriter.encode(object));
  }

  private SlabIndex open() {
    return SlabIndex.open(store, ENVIRONMENT);
  }

  @ParameterizedTest
  @EnumSource(Older.class)
  void isStoodEverywhere(Older older) {
    VectorRecord bad = older.record();
    try (SlabIndex index = SlabIndex.create(store, older.spec(), false, ENVIRONMENT);
        NamespaceWriter writer = index.writer(NAMESPACE)) {
      append(writer, older, 0, GOOD / 2);
    }
    log(new WriteOp.Upsert(bad));
    check(older, bad, GOOD / 2, older + " replayed");
    flush();
    check(older, bad, GOOD / 2, older + " flushed");
    try (SlabIndex index = open();
        NamespaceWriter writer = index.writer(NAMESPACE)) {
      append(writer, older, GOOD / 2, GOOD);
      writer.flush();
      index.compactor(NAMESPACE).run(CompactionRequest.full(), () -> false, r -> {});
    }
    check(older, bad, GOOD, older + " compacted");
    copied(older, bad);
    mended(older);
  }

  private static void append(NamespaceWriter writer, Older older, int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      batch.add(new WriteOp.Upsert(good(older, i)));
    }
    writer.append(batch);
  }

  private void flush() {
    try (SlabIndex index = open();
        NamespaceWriter writer = index.writer(NAMESPACE)) {
      writer.flush();
    }
  }

  private void check(Older older, VectorRecord bad, int goods, String what) {
    try (SlabIndex index = open();
        Snapshot snapshot = index.snapshot(NAMESPACE);
        QueryEngine engine = new QueryEngine(index.spec(), 2)) {
      assertEquals(goods + 1, snapshot.count(), what);
      same(bad, snapshot.find("bad"), what);
      VectorRecord query = good(older, 7);
      List<String> found = ids(engine, snapshot, query, null);
      assertEquals(older.found ? goods + 1 : goods, found.size(), what + ": " + found);
      assertEquals(older.found, found.contains("bad"), what);
      Filter filter = FilterParser.parse("{\"n\":{\"$exists\":true}}");
      List<String> some = ids(engine, snapshot, query, filter);
      boolean has = bad.metadata().get("n") != null && older != Older.NUMBER_NAN;
      assertEquals(goods + (older.found && has ? 1 : 0), some.size(), what + ": " + some);
      filter = FilterParser.parse("{\"n\":{\"$not\":{\"$gte\":0}}}");
      assertEquals(
          older.found && !has ? List.of("bad") : List.of(),
          ids(engine, snapshot, query, filter),
          what);
      assertEquals(
          0, ids(engine, snapshot, query, FilterParser.parse("{\"alone\":{\"$gt\":1}}")).size());
    }
    CheckReport report = Checker.index(store, CheckLevel.DEEP);
    List<Problem> problems = report.problems();
    assertEquals("warnings", report.status(), what + problems);
    List<String> texts =
        problems.stream().map(Problem::problem).filter(text -> text.contains("'bad'")).toList();
    assertEquals(1, texts.size(), what + problems);
    assertTrue(texts.getFirst().contains(older.message), texts.getFirst());
    assertTrue(texts.getFirst().contains("delete it, or upsert it anew"), texts.getFirst());
  }

  private static List<String> ids(
      QueryEngine engine, Snapshot snapshot, VectorRecord query, Filter filter) {
    QueryRequest request =
        new QueryRequest(query.values(), query.sparse(), filter, 1_000, true, true);
    return engine.query(SnapshotSource.of(snapshot), request).matches().stream()
        .map(Match::id)
        .toList();
  }

  private static void same(VectorRecord wanted, VectorRecord found, String what) {
    assertTrue(Arrays.equals(wanted.values(), found.values()), what);
    boolean none = wanted.sparse() == null || wanted.sparse().size() == 0;
    if (!none) {
      assertTrue(Arrays.equals(wanted.sparse().weights(), found.sparse().weights()), what);
    }
    assertEquals(wanted.metadata(), found.metadata(), what);
  }

  private void copied(Older older, VectorRecord bad) {
    MemoryStore other = new MemoryStore(() -> 0);
    new IndexCopy(store, other)
        .run(new CopyRequest(null, 1, true, false), (namespace, done, all) -> {});
    try (SlabIndex index = SlabIndex.open(other, ENVIRONMENT);
        Snapshot snapshot = index.snapshot(NAMESPACE)) {
      same(bad, snapshot.find("bad"), older + " copied");
    }
  }

  /** What verify says to do does it. */
  private void mended(Older older) {
    try (SlabIndex index = open();
        NamespaceWriter writer = index.writer(NAMESPACE)) {
      // Other parts of such a record can be changed, since only what is given is asked.
      Metadata change = Metadata.of(Map.of("extra", new MetaValue.Bool(true)));
      if (older != Older.METADATA_SIZE) {
        writer.append(List.of(new WriteOp.PartialUpdate("bad", null, null, change)));
        assertFalse(writer.snapshot().find("bad").metadata().get("extra") == null, older.name());
      }
      writer.append(List.of(new WriteOp.DeleteId("bad")));
      writer.flush();
    }
    CheckReport report = Checker.index(store, CheckLevel.DEEP);
    report.problems().forEach(p -> assertFalse(p.problem().contains("'bad'"), p.toString()));
  }
}
