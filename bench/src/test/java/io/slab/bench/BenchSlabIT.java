package io.slab.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.error.CorruptException;
import io.slab.format.file.SectionKind;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.search.Match;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.SearchPart;
import io.slab.search.SearchSource;
import io.slab.store.LocalStore;
import io.slab.vector.CanonicalScore;
import io.slab.vector.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Search over a mapped file with chunk checksums, as opposed to segments in memory. */
class BenchSlabIT {
  private static final int DIMENSION = 96;
  private static final String NAME = "a.slab";

  private record Source(List<SearchPart> parts, List<VectorRecord> memtable)
      implements SearchSource {}

  @TempDir Path folder;

  private List<Match> query(Metric metric, Workload workload, int threads) {
    LocalStore store = new LocalStore(folder);
    BenchSlab.writeIfMissing(store, NAME, DIMENSION, 3 << 20);
    float[] vector = new float[DIMENSION];
    Arrays.fill(vector, 0.25f);
    vector[7] = -1;
    IndexSpec spec = new IndexSpec("b", DIMENSION, metric, VectorType.DENSE, null, 0);
    try (BenchSlab slab = BenchSlab.open(store, NAME, DIMENSION, metric);
        QueryEngine engine = new QueryEngine(spec, threads, workload)) {
      Source source = new Source(List.of(new SearchPart(slab, null)), List.of());
      QueryRequest request = new QueryRequest(vector, null, null, 25, false, false);
      List<Match> matches = engine.query(source, request).matches();
      List<Match> expected = new ArrayList<>();
      float[] row = new float[DIMENSION];
      for (int r = 0; r < slab.rows(); r++) {
        slab.dense().copy(r, row);
        float score = (float) CanonicalScore.dense(metric, vector, row);
        expected.add(new Match(new String(slab.rowId(r)), score, null));
      }
      Comparator<Match> order = Comparator.comparingDouble(Match::score);
      order = metric.largerIsNearer() ? order.reversed() : order;
      expected.sort(order.thenComparing(Match::id));
      assertEquals(expected.subList(0, 25), matches);
      return matches;
    }
  }

  @Test
  void mappedFileGivesTheBruteForceAnswer() {
    for (Metric metric : Metric.values()) {
      for (Workload workload : Workload.values()) {
        query(metric, workload, 1);
        query(metric, workload, 3);
      }
    }
  }

  @Test
  void noAnswerFromDamagedVectors() throws IOException {
    query(Metric.DOTPRODUCT, Workload.ONE_SHOT, 1);
    Path path = folder.resolve(NAME);
    long vectors;
    try (BenchSlab slab = BenchSlab.open(new LocalStore(folder), NAME, DIMENSION, Metric.COSINE)) {
      vectors = slab.offset(SectionKind.RAW_VECTORS);
    }
    byte[] intact = Files.readAllBytes(path);
    for (int at : new int[] {0, 65_535, 65_536, 1_500_000, (3 << 20) - 1}) {
      byte[] damaged = intact.clone();
      damaged[(int) vectors + at] ^= 1;
      Files.delete(path);
      Files.write(path, damaged);
      for (int threads : new int[] {1, 2}) {
        assertThrows(
            CorruptException.class,
            () -> query(Metric.EUCLIDEAN, Workload.LONG_RUNNING, threads),
            "byte " + at);
      }
    }
  }
}
