package io.slab.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.ann.Quantizer;
import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
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
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Among many equal rows the first by their ids are found, and few are scored. */
class RepeatedRowsTest {
  private static final int DIMENSION = 24;
  private static final int DISTINCT = 9;
  private static final int[] SIZES = {3_000, 800};
  private static final int K = 10;
  private static final List<Filter> FILTERS =
      Arrays.asList(
          null, FilterParser.parse("{\"half\": true}"), FilterParser.parse("{\"tenth\": 3}"));

  private final SplittableRandom random =
      new SplittableRandom(Seeds.of("RepeatedRowsTest.theFirstIdsAreFound"));
  private final List<float[]> vectors = new ArrayList<>();
  private final List<SearchPart> parts = new ArrayList<>();

  private SlabReader slab(IndexSpec spec, int size, int cells) {
    List<VectorRecord> records =
        Corpus.records(random, size, i -> vectors.get(random.nextInt(DISTINCT)).clone(), i -> null);
    List<ListInput.Row> rows = new ArrayList<>();
    for (VectorRecord record : records) {
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
    for (int i = 0; i < DISTINCT; i++) {
      vectors.add(Corpus.gaussian(random, DIMENSION, 1));
    }
    for (int i = 0; i < SIZES.length; i++) {
      parts.add(new SearchPart(slab(spec, SIZES[i], i == 0 ? 4 : 1), null));
    }
    Corpus.Source source = new Corpus.Source(parts, List.of());
    try (QueryEngine plain = new QueryEngine(spec, 1, Workload.ONE_SHOT);
        QueryEngine vector = new QueryEngine(spec, 2, Workload.LONG_RUNNING)) {
      for (Filter filter : FILTERS) {
        for (float[] query : vectors) {
          QueryRequest exact = new QueryRequest(query, null, filter, K, false, false, 1);
          QueryRequest index = new QueryRequest(query, null, filter, K, false, false, 0.95);
          List<String> wanted = answer(plain.query(source, exact));
          QueryResult found = plain.query(source, index);
          assertEquals(wanted, answer(found));
          assertEquals(wanted, answer(vector.query(source, index)));
          long scored = found.profile().slabs().stream().mapToLong(SlabProfile::rowsRescored).sum();
          // k of each vector in each slab at most; there are some 400 of each. Few rows that a
          // filter leaves are scored one by one.
          boolean searched = filter == null;
          assertTrue(!searched || scored <= 2 * K * DISTINCT, scored + " rows were scored");
        }
      }
    }
  }
}
