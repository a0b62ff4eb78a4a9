package io.slab.bench;

import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.SearchPart;
import io.slab.search.SearchSource;
import io.slab.store.LocalStore;
import io.slab.vector.Workload;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the first query of a process costs, before anything is compiled. Arguments: folder,
 * dimension, mebibytes, {@code scalar} or {@code vector}, threads; makes the file when it is
 * missing.
 */
public final class FirstQuery {
  private FirstQuery() {}

  private record Source(List<SearchPart> parts, List<VectorRecord> memtable)
      implements SearchSource {}

  public static void main(String[] args) {
    LocalStore store = new LocalStore(Path.of(args[0]));
    int dimension = Integer.parseInt(args[1]);
    long bytes = Long.parseLong(args[2]) << 20;
    Workload workload = args[3].equals("vector") ? Workload.LONG_RUNNING : Workload.ONE_SHOT;
    String name = BenchSlab.name(dimension, bytes);
    BenchSlab.writeIfMissing(store, name, dimension, bytes);
    float[] vector = new float[dimension];
    Arrays.fill(vector, 0.5f);
    IndexSpec spec = new IndexSpec("bench", dimension, Metric.COSINE, VectorType.DENSE, null, 0);
    long start = System.nanoTime();
    try (BenchSlab slab = BenchSlab.open(store, name, dimension, Metric.COSINE);
        QueryEngine engine = new QueryEngine(spec, Integer.parseInt(args[4]), workload)) {
      Source source = new Source(List.of(new SearchPart(slab, null)), List.of());
      QueryRequest request = new QueryRequest(vector, null, null, 10, false, false);
      for (int i = 1; i <= 5; i++) {
        String kernel = engine.query(source, request).profile().kernel();
        long now = System.nanoTime();
        System.out.printf(Locale.ROOT, "%s, query %d: %.1f ms%n", kernel, i, (now - start) / 1e6);
        start = now;
      }
    }
  }
}
