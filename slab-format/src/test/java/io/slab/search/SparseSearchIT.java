package io.slab.search;

import static io.slab.search.QueryEngineIT.assertSame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Search through inverted indexes against brute force written from the rule. */
class SparseSearchIT {
  private static final IndexSpec SPARSE = Corpus.spec(Metric.DOTPRODUCT, VectorType.SPARSE, 0);
  private static final IndexSpec HYBRID = Corpus.spec(Metric.DOTPRODUCT, VectorType.HYBRID, 5);
  private static final List<Filter> FILTERS =
      Arrays.asList(
          null,
          null,
          FilterParser.parse("{\"half\": true}"),
          FilterParser.parse("{\"tenth\": 3}"),
          FilterParser.parse("{\"rare\": \"r7\"}"),
          FilterParser.parse("{\"rare\": \"nowhere\"}"));

  /** How weights are drawn; each kind has its own way to break a bound. */
  private enum Weights {
    POSITIVE,
    SIGNED,
    TIES,
    ALL_EQUAL,
    CANCELLING,
    ALL_MAGNITUDES,
    TINY;

    float next(SplittableRandom random) {
      int sign = random.nextBoolean() ? 1 : -1;
      return switch (this) {
        case POSITIVE -> (float) Math.log1p(-Math.log(1 - random.nextDouble()));
        case SIGNED -> (float) random.nextGaussian();
        case TIES -> (random.nextInt(5) - 2) / 2f;
        case ALL_EQUAL -> 1;
        case CANCELLING -> sign * (float) Math.scalb(1.0, 40 * random.nextInt(2));
        case ALL_MAGNITUDES ->
            sign * (float) (random.nextDouble(0.5, 1) * Math.pow(10, random.nextInt(70) - 32));
        case TINY -> sign * Float.intBitsToFloat(1 + random.nextInt(1 << 24));
      };
    }
  }

  private static SparseVector sparse(
      SplittableRandom random, Weights weights, int space, int entries) {
    TreeMap<Integer, Float> chosen = new TreeMap<>(Integer::compareUnsigned);
    for (int i = 0; i < entries; i++) {
      // Low numbers are frequent, and half of all have the top bit set.
      int dimension = (int) (space * Math.pow(random.nextDouble(), 3));
      chosen.put(dimension % 2 == 0 ? dimension : ~dimension, weights.next(random));
    }
    float[] values = new float[chosen.size()];
    int i = 0;
    for (float value : chosen.values()) {
      values[i++] = value;
    }
    return new SparseVector(chosen.keySet().stream().mapToInt(d -> d).toArray(), values);
  }

  private static List<VectorRecord> records(
      SplittableRandom random, IndexSpec spec, Weights weights, int count, int space) {
    boolean isHybrid = spec.vectorType().hasDense();
    return Corpus.records(
        random,
        count,
        i -> isHybrid ? dense(random, weights) : null,
        i ->
            isHybrid && random.nextInt(3) == 0
                ? null
                : sparse(random, weights, space, 1 + random.nextInt(15)));
  }

  private static float[] dense(SplittableRandom random, Weights weights) {
    float[] values = new float[5];
    for (int i = 0; i < 5; i++) {
      values[i] = weights.next(random);
    }
    values[0] = values[0] == 0 ? 1 : values[0];
    return values;
  }

  private static List<QueryRequest> requests(
      SplittableRandom random, IndexSpec spec, Weights weights, int count, int space) {
    int[] ks = {1, 2, 10, 100, 10_000};
    List<QueryRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean isHybrid = spec.vectorType().hasDense();
      int entries = random.nextInt(5) == 0 ? 200 : 1 + random.nextInt(12);
      SparseVector sparse =
          isHybrid && random.nextInt(5) == 0 ? null : sparse(random, weights, 2 * space, entries);
      requests.add(
          new QueryRequest(
              isHybrid ? dense(random, weights) : null,
              sparse,
              FILTERS.get(random.nextInt(FILTERS.size())),
              ks[random.nextInt(ks.length)],
              false,
              false));
    }
    return requests;
  }

  private static void index(Corpus.Source source, int windowRows) {
    source.parts().forEach(part -> ((FakeSlab) part.view()).indexSparse(windowRows, 1 << 20));
  }

  private static void check(
      SplittableRandom random,
      IndexSpec spec,
      Weights weights,
      int count,
      int windowRows,
      int queries,
      String where) {
    int space = 1 + random.nextInt(random.nextInt(3) == 0 ? 5000 : 60);
    List<VectorRecord> live = records(random, spec, weights, count, space);
    List<QueryRequest> requests = requests(random, spec, weights, queries, space);
    List<List<Match>> expected =
        requests.stream().map(request -> Reference.answer(spec, request, live)).toList();
    Corpus.Source source =
        Corpus.spread(
            random, spec, live, 1 + random.nextInt(3), random.nextInt(2), random.nextBoolean());
    index(source, windowRows);
    for (int threads : new int[] {1, 2, 7}) {
      try (QueryEngine engine = new QueryEngine(spec, threads)) {
        List<QueryResult> batch = engine.batch(source, requests);
        for (int i = 0; i < queries; i++) {
          String which = where + ", request " + i + ", threads " + threads;
          assertSame(expected.get(i), batch.get(i).matches(), which);
          assertSame(
              expected.get(i), engine.query(source, requests.get(i)).matches(), which + " single");
        }
      }
    }
  }

  @Test
  void sameAnswersAsBruteForce() {
    long seed = Seeds.of("SparseSearchIT.sameAnswersAsBruteForce");
    SplittableRandom random = new SplittableRandom(seed);
    int[] counts = {1, 2, 63, 64, 65, 300, 1000, 2500};
    int[] windows = {64, 64, 256, 4096};
    for (int round = 0; round < 120; round++) {
      Weights weights = Weights.values()[round % Weights.values().length];
      IndexSpec spec = round % 3 == 0 ? HYBRID : SPARSE;
      int count = counts[random.nextInt(counts.length)];
      int windowRows = windows[random.nextInt(windows.length)];
      String where =
          "seed "
              + seed
              + ", round "
              + round
              + ", "
              + weights
              + ", "
              + spec.vectorType()
              + ", "
              + count
              + " rows, windows of "
              + windowRows;
      check(random.split(), spec, weights, count, windowRows, 8, where);
    }
  }

  @Test
  void twentyThousandRows() {
    for (Weights weights : List.of(Weights.POSITIVE, Weights.SIGNED, Weights.TIES)) {
      check(new SplittableRandom(77), SPARSE, weights, 20_000, 4096, 12, "20,000 " + weights);
      check(new SplittableRandom(78), HYBRID, weights, 20_000, 4096, 6, "20,000 " + weights);
    }
  }

  private static List<VectorRecord> clustered(int rows, int cluster) {
    List<VectorRecord> records = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      boolean isInside = row / cluster == 3;
      int[] dimensions = isInside ? new int[] {1, 2, 3} : new int[] {1, 9};
      float[] weights = isInside ? new float[] {1, 5, 5 + row * 1e-4f} : new float[] {1, 1};
      String id = String.format("%08d", row);
      records.add(
          new VectorRecord(id, null, new SparseVector(dimensions, weights), Metadata.EMPTY));
    }
    return records;
  }

  /** Windows that cannot reach the floor stay unread, and so do postings that cannot lift a row. */
  @Test
  void leavesOutWhatCannotReachTheFloor() {
    List<VectorRecord> records = clustered(6400, 64);
    FakeSlab slab = new FakeSlab(1, 0, records, false);
    slab.indexSparse(64, 1 << 20);
    Corpus.Source source = new Corpus.Source(List.of(new SearchPart(slab, null)), List.of());
    SparseVector query = new SparseVector(new int[] {1, 2, 3}, new float[] {1, 1, 1});
    QueryRequest request = new QueryRequest(null, query, null, 5, false, false);
    try (QueryEngine engine = new QueryEngine(SPARSE, 1)) {
      QueryResult result = engine.query(source, request);
      assertSame(Reference.answer(SPARSE, request, records), result.matches(), "clustered");
      SlabProfile profile = result.profile().slabs().getFirst();
      assertEquals(Strategy.POSTINGS, profile.strategy());
      assertTrue(profile.rowsScored() <= 6400 / 4, "rows scored: " + profile.rowsScored());
    }
  }

  @Test
  void leavesPostingsUnreadThatCannotLiftARow() {
    List<VectorRecord> records = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(3);
    for (int row = 0; row < 4096; row++) {
      boolean isStrong = row % 400 == 0;
      float small = random.nextFloat();
      SparseVector sparse =
          isStrong
              ? new SparseVector(new int[] {1, 2, 3, 4, 5}, new float[] {small, 1, 1, 1, 9})
              : new SparseVector(new int[] {1, 2, 3, 4}, new float[] {small, 1, 1, 1});
      String id = String.format("%08d", row);
      records.add(new VectorRecord(id, null, sparse, Metadata.EMPTY));
    }
    FakeSlab strong = new FakeSlab(1, 0, records.subList(0, 401), false);
    FakeSlab slab = new FakeSlab(2, 0, records.subList(401, 4096), false);
    strong.indexSparse(4096, 1 << 20);
    slab.indexSparse(4096, 1 << 20);
    Corpus.Source source =
        new Corpus.Source(
            List.of(new SearchPart(strong, null), new SearchPart(slab, null)), List.of());
    SparseVector query = new SparseVector(new int[] {1, 2, 3, 4, 5}, new float[] {1, 1, 1, 1, 1});
    QueryRequest request = new QueryRequest(null, query, null, 2, false, false);
    try (QueryEngine engine = new QueryEngine(SPARSE, 1)) {
      QueryResult result = engine.query(source, request);
      assertSame(Reference.answer(SPARSE, request, records), result.matches(), "unread");
      SlabProfile profile = result.profile().slabs().get(1);
      assertTrue(profile.bytesRead() < 6 * 100, "bytes read: " + profile.bytesRead());
    }
  }

  @Test
  void unknownDimensionsMatchNothing() {
    FakeSlab slab = new FakeSlab(1, 0, clustered(640, 64), false);
    slab.indexSparse(64, 1 << 20);
    Corpus.Source source = new Corpus.Source(List.of(new SearchPart(slab, null)), List.of());
    SparseVector query = new SparseVector(new int[] {0, 7, -1}, new float[] {1, 1, 1});
    try (QueryEngine engine = new QueryEngine(SPARSE, 2)) {
      QueryRequest request = new QueryRequest(null, query, null, 5, false, false);
      assertEquals(List.of(), engine.query(source, request).matches());
    }
  }
}
