package io.slab.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.ann.Quantizer;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.FixedIndexer;
import io.slab.testkit.HeapObject;
import io.slab.testkit.Seeds;
import io.slab.testkit.TestSlabs;
import io.slab.vector.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Among many equal rows of a slab the first by their ids are found, and few are scored. Which of
 * equal rows of two slabs are found is a matter of the recall, as for all other rows.
 */
class RepeatedRowsTest {
  private static final int DIMENSION = 24;
  private static final int DISTINCT = 9;
  private static final int[] SIZES = {3_000, 800};
  private static final int K = 10;
  private static final int SEEDS = 4;
  private static final double RECALL = 0.95;
  private static final List<Filter> FILTERS =
      Arrays.asList(
          null, FilterParser.parse("{\"half\": true}"), FilterParser.parse("{\"tenth\": 3}"));

  private final SplittableRandom random =
      new SplittableRandom(Seeds.of("RepeatedRowsTest.theFirstIdsAreFound"));
  private final List<float[]> vectors = new ArrayList<>();
  private final List<SearchPart> parts = new ArrayList<>();

  /** For each slab its records in the order of their ids. */
  private final List<List<VectorRecord>> records = new ArrayList<>();

  private int hits;
  private int asked;

  private SlabReader slab(IndexSpec spec, int size, int cells) {
    List<VectorRecord> made =
        Corpus.records(random, size, i -> vectors.get(random.nextInt(DISTINCT)), i -> null);
    made.sort((a, b) -> Utf8.compare(a.id(), b.id()));
    records.add(made);
    List<ListInput.Row> rows = new ArrayList<>();
    for (VectorRecord record : made) {
      rows.add(ListInput.Row.of(record, 1 + rows.size()));
    }
    HeapObject out = new HeapObject();
    SlabRequest request = SlabRequest.flush(TestSlabs.ID, TestSlabs.CREATED, spec, "ns");
    SlabBuilder.build(
        request, ListInput.of(rows), out, new FixedIndexer(cells, Quantizer.SIGN, cells));
    return TestSlabs.open(out.bytes());
  }

  private static List<String> answer(QueryResult result) {
    return result.matches().stream()
        .map(match -> match.id() + " " + Float.floatToIntBits(match.score()))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void theFirstIdsAreFound(Metric metric) {
    IndexSpec spec = Corpus.spec(metric, VectorType.DENSE, DIMENSION);
    for (int seed = 0; seed < SEEDS; seed++) {
      make(spec);
      Corpus.Source source = new Corpus.Source(parts, List.of());
      try (QueryEngine plain = new QueryEngine(spec, 1, Workload.ONE_SHOT);
          QueryEngine vector = new QueryEngine(spec, 2, Workload.LONG_RUNNING)) {
        for (Filter filter : FILTERS) {
          for (float[] query : vectors) {
            QueryRequest index = new QueryRequest(query, null, filter, K, false, false, RECALL);
            QueryResult found = plain.query(source, index);
            assertEquals(answer(found), answer(vector.query(source, index)));
            QueryRequest exact = new QueryRequest(query, null, filter, K, false, false, 1);
            check(found, plain.query(source, exact), filter);
          }
        }
      }
    }
    double recall = (double) hits / asked;
    assertTrue(recall >= RECALL, "the recall is " + recall);
  }

  private void make(IndexSpec spec) {
    vectors.clear();
    parts.clear();
    records.clear();
    for (int i = 0; i < DISTINCT; i++) {
      vectors.add(Corpus.gaussian(random, DIMENSION, 1));
    }
    for (int i = 0; i < SIZES.length; i++) {
      parts.add(new SearchPart(slab(spec, SIZES[i], i == 0 ? 4 : 1), null));
    }
  }

  private void check(QueryResult found, QueryResult exact, Filter filter) {
    assertEquals(K, found.matches().size());
    Set<String> ids = found.matches().stream().map(Match::id).collect(Collectors.toSet());
    for (List<VectorRecord> slab : records) {
      for (float[] vector : vectors) {
        Stream<VectorRecord> equal = slab.stream().filter(record -> record.values() == vector);
        List<String> matching =
            equal
                .filter(r -> filter == null || FilterEvaluator.matches(filter, r.metadata()))
                .map(VectorRecord::id)
                .toList();
        long count = matching.stream().filter(ids::contains).count();
        assertTrue(
            ids.containsAll(matching.subList(0, (int) count)),
            "those found of " + matching + " are the first: " + ids);
      }
    }
    Set<Float> scores = exact.matches().stream().map(Match::score).collect(Collectors.toSet());
    hits += (int) found.matches().stream().filter(m -> scores.contains(m.score())).count();
    asked += K;
    long scored = found.profile().slabs().stream().mapToLong(SlabProfile::rowsRescored).sum();
    // k of each vector in each slab at most; there are some 400 of each. Few rows that a
    // filter leaves are scored one by one.
    assertTrue(filter != null || scored <= 2 * K * DISTINCT, scored + " rows were scored");
  }
}
