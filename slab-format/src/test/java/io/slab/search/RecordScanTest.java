package io.slab.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.Seeds;
import io.slab.vector.CanonicalScore;
import io.slab.vector.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Records that are in no slab yet are scanned by kernels, and answers are those of plain scores.
 */
class RecordScanTest {
  private static final int DIMENSION = 19;
  private static final int ROWS = 7_000;

  private final SplittableRandom random =
      new SplittableRandom(Seeds.of("RecordScanTest.kernelsFindWhatScoresSay"));

  private List<VectorRecord> records() {
    float[] zero = new float[DIMENSION];
    float[] tiny = new float[DIMENSION];
    tiny[3] = Float.MIN_VALUE;
    float[] huge = new float[DIMENSION];
    huge[5] = 1e38f;
    List<VectorRecord> records =
        new ArrayList<>(
            Corpus.records(
                random,
                ROWS,
                i ->
                    switch (i % 500) {
                      case 0 -> zero.clone();
                      case 1 -> tiny.clone();
                      case 2 -> huge.clone();
                      default -> Corpus.gaussian(random, DIMENSION, 1 + i % 3);
                    },
                i -> null));
    records.sort((a, b) -> Arrays.compareUnsigned(Utf8.bytes(a.id()), Utf8.bytes(b.id())));
    return records;
  }

  /** Ids of the k best by canonical scores as floats, ties by id: records are in that order. */
  private static List<String> expected(
      Metric metric, List<VectorRecord> records, float[] query, int k) {
    record Scored(String id, float key) {}
    List<Scored> all = new ArrayList<>();
    double square = CanonicalScore.dot(query, query);
    for (VectorRecord record : records) {
      float[] row = record.values();
      double score =
          metric == Metric.COSINE
              ? CanonicalScore.cosine(
                  CanonicalScore.dot(query, row), square, CanonicalScore.dot(row, row))
              : CanonicalScore.dense(metric, query, row);
      if (Double.isFinite(score)) {
        float key = (float) score;
        all.add(new Scored(record.id(), (metric.largerIsNearer() ? -key : key) + 0.0f));
      }
    }
    all.sort(Comparator.comparing(Scored::key));
    return all.stream().limit(k).map(Scored::id).toList();
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void kernelsFindWhatScoresSay(Metric metric) {
    IndexSpec spec = Corpus.spec(metric, VectorType.DENSE, DIMENSION);
    List<VectorRecord> records = records();
    Corpus.Source source = new Corpus.Source(List.of(), records);
    List<QueryRequest> requests = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      float[] vector =
          i % 3 == 0
              ? records.get(random.nextInt(ROWS)).values()
              : Corpus.gaussian(random, DIMENSION, 1);
      if (CanonicalScore.dot(vector, vector) > 0) {
        requests.add(new QueryRequest(vector, null, null, 1 + 13 * i, false, false, 0.95));
      }
    }
    for (Workload workload : Workload.values()) {
      try (QueryEngine engine = new QueryEngine(spec, 2, workload)) {
        List<QueryResult> batch = engine.batch(source, requests);
        for (int i = 0; i < requests.size(); i++) {
          QueryRequest request = requests.get(i);
          List<String> wanted = expected(metric, records, request.vector(), request.topK());
          assertEquals(wanted, ids(engine.query(source, request)));
          assertEquals(wanted, ids(batch.get(i)));
        }
      }
    }
  }

  private static List<String> ids(QueryResult result) {
    return result.matches().stream().map(Match::id).toList();
  }
}
