package io.slab.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.ann.Quantizer;
import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabRequest;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.FixedIndexer;
import io.slab.testkit.HeapObject;
import io.slab.testkit.Seeds;
import io.slab.testkit.TestSlabs;
import io.slab.vector.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Rows whose codes are equal, and whose vectors are not quite, do not stand for each other. */
class NearlyRepeatedRowsTest {
  private static final int DIMENSION = 24;
  private static final int ROWS = 2_000;
  private static final int K = 10;

  @Test
  void nearRowsAreNotTakenForRepeatsOfOthers() {
    SplittableRandom random =
        new SplittableRandom(
            Seeds.of("NearlyRepeatedRowsTest.nearRowsAreNotTakenForRepeatsOfOthers"));
    IndexSpec spec = Corpus.spec(Metric.EUCLIDEAN, VectorType.DENSE, DIMENSION);
    float[] one = Corpus.gaussian(random, DIMENSION, 1);
    one[3] = 0;
    float[] other = one.clone();
    other[3] = 1e-9f;
    List<ListInput.Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      // The first one of a kind, then the other kind until a list of answers would be full.
      float[] values =
          i >= ROWS / 2 ? Corpus.gaussian(random, DIMENSION, 1) : i > 0 && i < 50 ? other : one;
      String id = String.format("%06d", i);
      rows.add(ListInput.Row.of(new VectorRecord(id, values, null, Metadata.EMPTY), 1 + i));
    }
    HeapObject out = new HeapObject();
    SlabBuilder.build(
        SlabRequest.flush(TestSlabs.ID, TestSlabs.CREATED, spec, "ns"),
        ListInput.of(rows),
        out,
        new FixedIndexer(1, Quantizer.SIGN, 1));
    Corpus.Source source =
        new Corpus.Source(List.of(new SearchPart(TestSlabs.open(out.bytes()), null)), List.of());
    try (QueryEngine engine = new QueryEngine(spec, 1, Workload.ONE_SHOT)) {
      QueryRequest exact = new QueryRequest(one, null, null, K, false, false, 1);
      QueryRequest index = new QueryRequest(one, null, null, K, false, false, 0.99);
      assertEquals(engine.query(source, exact).matches(), engine.query(source, index).matches());
    }
  }
}
