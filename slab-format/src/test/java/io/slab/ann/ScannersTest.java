package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.slab.model.Metric;
import io.slab.testkit.SyntheticRows;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searchers of one thread share a scanner, and find what those find that have their own. */
class ScannersTest {
  private static final int DIMENSION = 32;
  private static final SyntheticRows ROWS = SyntheticRows.standard(DIMENSION);

  private record Searched(IvfIndex index, MemoryRows rows) {
    static Searched of(int first, int count, int cells, AnnKernels kernels) {
      MemoryRows rows = ROWS.generate(first, count);
      IvfParams params = IvfParams.of(cells, Quantizer.SIGN, 3, 1);
      IvfIndex index = new IvfBuilder(rows, Metric.EUCLIDEAN, params, kernels).build();
      return new Searched(index, LaidOut.of(rows, index));
    }

    List<String> answer(IvfSearcher searcher, float[] query) {
      TopRows top = searcher.search(query, 10, new Effort(2, 2), null);
      List<String> found = new ArrayList<>();
      for (int rank = 0; rank < top.size(); rank++) {
        found.add(top.row(rank) + " " + top.score(rank));
      }
      return found;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sharedAndOwnScannersFindTheSame(boolean vector) {
    AnnKernels kernels = vector ? AnnKernels.best() : AnnKernels.scalar();
    List<Searched> slabs =
        List.of(Searched.of(0, 700, 4, kernels), Searched.of(700, 300, 1, kernels));
    Scanners shared = new Scanners(kernels);
    assertSame(shared.of(8), shared.of(8));
    assertNotSame(shared.of(8), shared.of(16));
    List<IvfSearcher> searchers = new ArrayList<>();
    for (Searched slab : slabs) {
      searchers.add(new IvfSearcher(slab.index(), slab.rows(), shared));
    }
    MemoryRows queries = ROWS.generate(1_000, 20);
    float[] query = new float[DIMENSION];
    for (int q = 0; q < queries.rows(); q++) {
      queries.copy(q, query);
      for (int i = 0; i < slabs.size(); i++) {
        Searched slab = slabs.get(i);
        IvfSearcher own = new IvfSearcher(slab.index(), slab.rows(), kernels);
        assertEquals(slab.answer(own, query), slab.answer(searchers.get(i), query));
      }
    }
  }
}
