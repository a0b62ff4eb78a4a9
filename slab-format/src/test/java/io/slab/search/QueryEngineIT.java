package io.slab.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.vector.DenseKernel;
import io.slab.vector.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

class QueryEngineIT {
  private static final List<Filter> FILTERS =
      Arrays.asList(
          null,
          FilterParser.parse("{\"half\": true}"),
          FilterParser.parse("{\"tenth\": 3}"),
          FilterParser.parse("{\"rare\": \"r7\"}"),
          FilterParser.parse("{\"rare\": \"nowhere\"}"));

  private static final List<Supplier<DenseKernel>> KERNELS =
      List.of(Kernels::scalar, Kernels::vector);

  static Stream<Arguments> shapes() {
    List<Arguments> shapes = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      for (int dimension : new int[] {1, 7, 33, 300}) {
        shapes.add(Arguments.of(metric, VectorType.DENSE, dimension));
      }
    }
    shapes.add(Arguments.of(Metric.DOTPRODUCT, VectorType.HYBRID, 19));
    shapes.add(Arguments.of(Metric.DOTPRODUCT, VectorType.SPARSE, 0));
    return shapes.stream();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void sameAnswerHoweverItIsComputed(Metric metric, VectorType type, int dimension) {
    long seed = 4711 + dimension + 31L * metric.code();
    SplittableRandom random = new SplittableRandom(seed);
    IndexSpec spec = Corpus.spec(metric, type, dimension);
    List<VectorRecord> live =
        Corpus.records(
            random,
            1500,
            i -> type.hasDense() ? Corpus.gaussian(random, dimension, 1) : null,
            i ->
                type.hasSparse() && i % 3 > 0
                    ? sparse(random)
                    : type.hasDense() ? null : sparse(random));
    List<QueryRequest> requests = requests(random, spec, 45);
    List<List<Match>> expected =
        requests.stream().map(r -> Reference.answer(spec, r, live)).toList();
    for (int[] split : new int[][] {{1, 0}, {5, 1}, {0, 1}, {40, 3}}) {
      for (boolean dead : new boolean[] {false, true}) {
        Corpus.Source source = Corpus.spread(random.split(), spec, live, split[0], split[1], dead);
        for (int threads : new int[] {1, 2, 7}) {
          Supplier<DenseKernel> kernel = KERNELS.get(random.nextInt(2));
          try (QueryEngine engine = new QueryEngine(spec, threads, kernel)) {
            List<QueryResult> batch = engine.batch(source, requests);
            for (int i = 0; i < requests.size(); i++) {
              String where = "seed " + seed + ", request " + i + ", threads " + threads;
              assertSame(expected.get(i), batch.get(i).matches(), where);
              if (i % 5 == 0) {
                QueryResult single = engine.query(source, requests.get(i));
                assertSame(expected.get(i), single.matches(), where + ", single");
              }
            }
          }
        }
      }
    }
  }

  private static SparseVector sparse(SplittableRandom random) {
    return Corpus.sparse(random, 40, 1 + random.nextInt(12));
  }

  private static List<QueryRequest> requests(SplittableRandom random, IndexSpec spec, int count) {
    int[] ks = {1, 3, 10, 200, 10_000};
    List<QueryRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      VectorType type = spec.vectorType();
      requests.add(
          new QueryRequest(
              type.hasDense() ? Corpus.gaussian(random, spec.dimension(), 1) : null,
              type == VectorType.SPARSE || type == VectorType.HYBRID && i % 2 == 0
                  ? sparse(random)
                  : null,
              // Half without a filter: these fill a tile and leave some over.
              i % 2 == 0 ? null : FILTERS.get(random.nextInt(FILTERS.size())),
              ks[random.nextInt(ks.length)],
              random.nextBoolean(),
              random.nextBoolean()));
    }
    return requests;
  }

  /** Data made to trick float arithmetic; every kernel must still find the canonical answer. */
  static Stream<Arguments> tricks() {
    SplittableRandom random = new SplittableRandom(99);
    float[] one = Corpus.gaussian(random, 24, 1);
    return Stream.of(
        Arguments.of("duplicates", trick(i -> one.clone())),
        Arguments.of("near ties", trick(i -> nudged(one, random))),
        Arguments.of("offset", trick(i -> shifted(Corpus.gaussian(random, 24, 1), 4096))),
        Arguments.of(
            "all norms",
            trick(i -> Corpus.gaussian(random, 24, Math.pow(10, random.nextInt(75) - 38)))),
        Arguments.of("near the largest float", trick(i -> huge(random))),
        Arguments.of("subnormal", trick(i -> subnormal(random))),
        Arguments.of(
            "two clusters",
            trick(i -> i % 2 == 0 ? one.clone() : Corpus.gaussian(random, 24, 1e-20))),
        Arguments.of(
            "zeros and signs",
            trick(i -> {
              float[] v = new float[24];
              Arrays.fill(v, i % 2 == 0 ? -0.0f : 0.0f);
              v[i % 24] = random.nextBoolean() ? Float.MIN_VALUE : -Float.MIN_VALUE;
              return v;
            })));
  }

  private static IntFunction<float[]> trick(IntFunction<float[]> values) {
    return values;
  }

  private static float[] nudged(float[] v, SplittableRandom random) {
    float[] copy = v.clone();
    int i = random.nextInt(copy.length);
    copy[i] = random.nextBoolean() ? Math.nextUp(copy[i]) : Math.nextDown(copy[i]);
    return copy;
  }

  private static float[] shifted(float[] v, float by) {
    for (int i = 0; i < v.length; i++) {
      v[i] += by;
    }
    return v;
  }

  private static float[] huge(SplittableRandom random) {
    float[] v = new float[24];
    for (int i = 0; i < v.length; i++) {
      v[i] = (random.nextBoolean() ? 1 : -1) * Float.MAX_VALUE * (float) random.nextDouble(0.5, 1);
    }
    return v;
  }

  private static float[] subnormal(SplittableRandom random) {
    float[] v = new float[24];
    for (int i = 0; i < v.length; i++) {
      v[i] = Float.intBitsToFloat(1 + random.nextInt(1 << 10));
    }
    return v;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tricks")
  void float32NoiseNeverChangesTheAnswer(String name, IntFunction<float[]> values) {
    SplittableRandom random = new SplittableRandom(7);
    List<VectorRecord> live = Corpus.records(random, 3000, values, i -> null);
    for (Metric metric : Metric.values()) {
      IndexSpec spec = Corpus.spec(metric, VectorType.DENSE, 24);
      List<QueryRequest> requests = new ArrayList<>();
      for (int i = 0; i < 18; i++) {
        float[] q = i % 2 == 0 ? values.apply(i) : Corpus.gaussian(random, 24, 1);
        requests.add(
            new QueryRequest(
                q, null, FILTERS.get(i % 9 == 0 ? 1 : 0), i % 3 == 0 ? 1 : 40, false, false));
      }
      Corpus.Source source = Corpus.spread(random, spec, live, 3, 0, true);
      for (Supplier<DenseKernel> kernel : KERNELS) {
        try (QueryEngine engine = new QueryEngine(spec, 2, kernel)) {
          List<QueryResult> batch = engine.batch(source, requests);
          for (int i = 0; i < requests.size(); i++) {
            List<Match> expected = Reference.answer(spec, requests.get(i), live);
            assertSame(expected, batch.get(i).matches(), name + " " + metric + " batch " + i);
            assertSame(
                expected,
                engine.query(source, requests.get(i)).matches(),
                name + " " + metric + " " + i);
          }
        }
      }
    }
  }

  @Test
  void tenThousandAnswersFromMoreRows() {
    SplittableRandom random = new SplittableRandom(5);
    IndexSpec spec = Corpus.spec(Metric.COSINE, VectorType.DENSE, 8);
    List<VectorRecord> live =
        Corpus.records(random, 40_000, i -> Corpus.gaussian(random, 8, 1), i -> null);
    Corpus.Source source = Corpus.spread(random, spec, live, 3, 1, false);
    QueryRequest request =
        new QueryRequest(Corpus.gaussian(random, 8, 1), null, null, 10_000, false, false);
    try (QueryEngine engine = new QueryEngine(spec, 3)) {
      assertSame(
          Reference.answer(spec, request, live), engine.query(source, request).matches(), "10,000");
    }
  }

  @Test
  void tiesReadFewIds() {
    SplittableRandom random = new SplittableRandom(6);
    IndexSpec spec = Corpus.spec(Metric.DOTPRODUCT, VectorType.DENSE, 4);
    float[] same = {1, 2, 3, 4};
    List<VectorRecord> live = Corpus.records(random, 20_000, i -> same, i -> null);
    Corpus.Source source = Corpus.spread(random, spec, live, 2, 0, false);
    int before = idReads(source);
    QueryRequest request = new QueryRequest(same, null, null, 5, false, false);
    try (QueryEngine engine = new QueryEngine(spec, 1)) {
      assertSame(
          Reference.answer(spec, request, live), engine.query(source, request).matches(), "ties");
    }
    assertTrue(idReads(source) - before < 3000, "ids read: " + (idReads(source) - before));
  }

  private static int idReads(Corpus.Source source) {
    return source.parts().stream().mapToInt(p -> ((FakeSlab) p.view()).idReads.get()).sum();
  }

  @Test
  void profileTellsTheStrategy() {
    SplittableRandom random = new SplittableRandom(8);
    IndexSpec spec = Corpus.spec(Metric.EUCLIDEAN, VectorType.DENSE, 16);
    List<VectorRecord> live =
        Corpus.records(random, 4000, i -> Corpus.gaussian(random, 16, 1), i -> null);
    Corpus.Source source = Corpus.spread(random, spec, live, 1, 0, false);
    List<Strategy> expected =
        List.of(
            Strategy.FULL_SCAN,
            Strategy.MID_SCAN,
            Strategy.PRE_FILTER,
            Strategy.PRE_FILTER,
            Strategy.SKIPPED);
    try (QueryEngine engine = new QueryEngine(spec, 2)) {
      for (int i = 0; i < FILTERS.size(); i++) {
        Filter filter = FILTERS.get(i);
        QueryRequest request =
            new QueryRequest(Corpus.gaussian(random, 16, 1), null, filter, 10, false, false);
        QueryProfile profile = engine.query(source, request).profile();
        SlabProfile slab = profile.slabs().getFirst();
        assertEquals(expected.get(i), slab.strategy());
        long matching =
            live.stream()
                .filter(r -> filter == null || FilterEvaluator.matches(filter, r.metadata()))
                .count();
        assertEquals(matching, slab.matchingRows());
        boolean scans = i < 2;
        assertEquals(scans ? 4000 : matching, slab.rowsScored());
        assertTrue(slab.rowsRescored() <= (scans ? 600 : matching), "" + slab);
        assertEquals((slab.rowsScored() + slab.rowsRescored()) * 64, slab.bytesRead());
        assertEquals("vector", profile.kernel());
      }
    }
  }

  @Test
  void mostlyDeadSlabIsReadRowByRow() {
    SplittableRandom random = new SplittableRandom(18);
    IndexSpec spec = Corpus.spec(Metric.EUCLIDEAN, VectorType.DENSE, 16);
    List<VectorRecord> all =
        Corpus.records(random, 1000, i -> Corpus.gaussian(random, 16, 1), i -> null);
    FakeSlab slab = new FakeSlab(1, 16, all, true);
    MutableRoaringBitmap dead = MutableRoaringBitmap.bitmapOfRange(50, 1000);
    Corpus.Source source = new Corpus.Source(List.of(new SearchPart(slab, dead)), List.of());
    List<VectorRecord> live = new ArrayList<>();
    for (int row = 0; row < 50; row++) {
      live.add(slab.record(row));
    }
    QueryRequest request =
        new QueryRequest(Corpus.gaussian(random, 16, 1), null, null, 100, false, false);
    try (QueryEngine engine = new QueryEngine(spec, 1)) {
      QueryResult result = engine.query(source, request);
      assertSame(Reference.answer(spec, request, live), result.matches(), "dead");
      assertEquals(Strategy.PRE_FILTER, result.profile().slabs().getFirst().strategy());
    }
  }

  @Test
  void nothingToSearchGivesNoMatches() {
    IndexSpec spec = Corpus.spec(Metric.COSINE, VectorType.DENSE, 2);
    try (QueryEngine engine = new QueryEngine(spec, 2)) {
      QueryRequest request = new QueryRequest(new float[] {1, 0}, null, null, 5, true, true);
      Corpus.Source empty = new Corpus.Source(List.of(), List.of());
      assertEquals(List.of(), engine.query(empty, request).matches());
      assertEquals(List.of(), engine.batch(empty, List.of()));
    }
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void aRecordWithValuesThatAreNotFiniteIsNoMatch(Metric metric) {
    IndexSpec spec = Corpus.spec(metric, VectorType.DENSE, 8);
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      SplittableRandom random = new SplittableRandom(3);
      List<VectorRecord> records =
          Corpus.records(random, 2000, i -> Corpus.gaussian(random, 8, 1), i -> null);
      records.get(1234).values()[5] = bad;
      Corpus.Source source = Corpus.spread(random, spec, records, 2, 0, false);
      QueryRequest request =
          new QueryRequest(Corpus.gaussian(random, 8, 1), null, null, 1999, false, false);
      List<VectorRecord> sound = new ArrayList<>(records);
      sound.remove(1234);
      for (Supplier<DenseKernel> kernel : KERNELS) {
        try (QueryEngine engine = new QueryEngine(spec, 2, kernel)) {
          List<Match> found = engine.query(source, request).matches();
          assertSame(Reference.answer(spec, request, sound), found, metric + " with " + bad);
        }
      }
    }
  }

  @Test
  void refusesWhatTheIndexCannotBeAsked() {
    IndexSpec cosine = Corpus.spec(Metric.COSINE, VectorType.DENSE, 2);
    SparseVector sparse = new SparseVector(new int[] {1}, new float[] {1});
    float[] two = {1, 2};
    refuses(
        cosine,
        new QueryRequest(new float[] {1, 2, 3}, null, null, 1, false, false),
        "Vector dimension 3 does not match the dimension of the index 2");
    refuses(cosine, new QueryRequest(new float[2], null, null, 1, false, false), "non-zero");
    refuses(cosine, new QueryRequest(null, null, null, 1, false, false), "Query has no 'vector'");
    refuses(
        cosine, new QueryRequest(two, sparse, null, 1, false, false), "takes no 'sparse_values'");
    refuses(cosine, new QueryRequest(two, null, null, 0, false, false), "top_k");
    refuses(cosine, new QueryRequest(two, null, null, 10_001, false, false), "top_k");
    refuses(
        cosine,
        new QueryRequest(new float[] {1, Float.NaN}, null, null, 1, false, false),
        "finite");
    for (double recall : new double[] {0, -1, 1.5, Double.NaN}) {
      refuses(cosine, new QueryRequest(two, null, null, 1, false, false, recall), "recall must be");
    }
    for (Filter filter :
        List.of(
            new Filter.Exists("\ud800"),
            new Filter.Not(new Filter.Eq("a", new MetaValue.Str("\udc00"))),
            new Filter.Eq("a", new MetaValue.Num(Double.NaN)),
            new Filter.Compare("a", Filter.Order.LT, Double.NaN),
            new Filter.In("a", Set.of(new MetaValue.Str("x"), new MetaValue.Str("\ud800"))))) {
      refuses(cosine, new QueryRequest(two, null, filter, 1, false, false), "filter: ");
    }
    IndexSpec sparseOnly = Corpus.spec(Metric.DOTPRODUCT, VectorType.SPARSE, 0);
    refuses(
        sparseOnly,
        new QueryRequest(two, sparse, null, 1, false, false),
        "takes no dense 'values'");
    refuses(
        sparseOnly,
        new QueryRequest(null, null, null, 1, false, false),
        "Query has no 'sparse_values'");
    refuses(
        sparseOnly,
        new QueryRequest(null, new SparseVector(new int[0], new float[0]), null, 1, false, false),
        "Sparse vector must contain at least one value");
    IndexSpec schema = new IndexSpec("s", 2, Metric.COSINE, VectorType.DENSE, List.of("color"), 0);
    refuses(
        schema,
        new QueryRequest(two, null, FilterParser.parse("{\"size\": 1}"), 1, false, false),
        "'size' is not indexed");
  }

  private static void refuses(IndexSpec spec, QueryRequest request, String words) {
    try (QueryEngine engine = new QueryEngine(spec, 1)) {
      Corpus.Source empty = new Corpus.Source(List.of(), List.of());
      InvalidInputException e =
          assertThrows(InvalidInputException.class, () -> engine.query(empty, request));
      assertTrue(e.getMessage().contains(words), e.getMessage());
    }
  }

  /** Same ids, same score bits, same content. */
  static void assertSame(List<Match> expected, List<Match> actual, String where) {
    assertEquals(expected.size(), actual.size(), where);
    for (int i = 0; i < expected.size(); i++) {
      Match e = expected.get(i);
      Match a = actual.get(i);
      assertEquals(e.id(), a.id(), where + ", rank " + i);
      assertEquals(
          Float.floatToRawIntBits(e.score()),
          Float.floatToRawIntBits(a.score()),
          where + ", rank " + i + ": " + e.score() + " and " + a.score());
      assertEquals(e.record() == null, a.record() == null, where);
      if (e.record() != null) {
        assertTrue(Arrays.equals(e.record().values(), a.record().values()), where);
        Metadata metadata = a.record().metadata();
        assertEquals(e.record().metadata(), metadata, where);
        assertEquals(e.record().sparse() == null, a.record().sparse() == null, where);
        if (e.record().sparse() != null) {
          assertTrue(
              Arrays.equals(e.record().sparse().indices(), a.record().sparse().indices())
                  && Arrays.equals(e.record().sparse().weights(), a.record().sparse().weights()),
              where);
        }
      }
    }
  }
}
