package peers;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** JVector's graph (M = 16, beam 100) in memory; built by all cores, queried by one. Argument: data folder. */
final class JVectorBench {
  public static void main(String[] args) throws Exception {
    Path data = Path.of(args[0]);
    Npy base = Npy.open(data.resolve("base.npy"));
    Npy attrs = Npy.open(data.resolve("attrs.npy"));
    Npy queries = Npy.open(data.resolve("queries.npy"));
    var types = VectorizationProvider.getInstance().getVectorTypeSupport();
    List<VectorFloat<?>> rows = new ArrayList<>(base.rows());
    for (int i = 0; i < base.rows(); i++) {
      rows.add(types.createFloatVector(base.floats(i)));
    }
    var values = new ListRandomAccessVectorValues(rows, base.columns());
    long start = System.nanoTime();
    var scores = BuildScoreProvider.randomAccessScoreProvider(values, VectorSimilarityFunction.EUCLIDEAN);
    try (var builder = new GraphIndexBuilder(scores, base.columns(), 16, 100, 1.2f, 1.2f, true)) {
      var graph = builder.build(values);
      double build = (System.nanoTime() - start) / 1e9;
      try (var searcher = new GraphSearcher(graph)) {
        Npy truth = Npy.open(data.resolve("gt.npy"));
        Measure measure = new Measure(queries);
        for (int ef : new int[] {10, 16, 24, 32, 48, 64, 96, 128, 192, 256}) {
          measure.add("jvector", "ef=" + ef, "", truth,
              q -> search(searcher, values, types.createFloatVector(q), ef, Bits.ALL));
        }
        String[] names = {"label3", "r50", "r10", "r1", "r01"};
        for (int c = 0; c < names.length; c++) {
          int column = c;
          Bits allowed = row -> attrs.u8(row, column) == (column == 0 ? 3 : 1);
          measure.add("jvector", "ef=32", names[c], Npy.open(data.resolve("gt_" + names[c] + ".npy")),
              q -> search(searcher, values, types.createFloatVector(q), 32, allowed));
        }
        measure.serve(build);
      }
    }
    System.exit(0);
  }

  private static int[] search(GraphSearcher searcher, ListRandomAccessVectorValues values, VectorFloat<?> query, int ef, Bits allowed) {
    var provider = DefaultSearchScoreProvider.exact(query, VectorSimilarityFunction.EUCLIDEAN, values);
    SearchResult.NodeScore[] nodes = searcher.search(provider, 10, ef, 0f, 0f, allowed).getNodes();
    int[] out = new int[nodes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = nodes[i].node;
    }
    return out;
  }
}
