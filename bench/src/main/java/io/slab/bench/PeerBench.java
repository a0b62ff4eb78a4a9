package io.slab.bench;

import io.slab.ann.MemoryRows;
import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.index.SlabIndex;
import io.slab.measure.Machine;
import io.slab.model.Environment;
import io.slab.query.SnapshotSource;
import io.slab.search.Match;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.SearchSource;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.testkit.NpyMatrix;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * This engine's part of {@code bench/compare}. Says that it is ready, and then, for every line
 * {@code round SECONDS} on stdin, asks with each of its settings for at most so long in the calling
 * thread and prints a line of JSON: recall at 10, CPU and wall time of a query. Arguments: index
 * folder, data folder, seconds that the build took. The id of a row is its number.
 */
public final class PeerBench {
  private static final int K = 10;
  private static final int LEAST_QUERIES = 20;
  private static final double[] TARGETS = {0.9, 0.95, 0.98, 0.99, 0.995};
  private static final List<String> FILTERS =
      List.of("label3:label:3", "r50:r50:1", "r10:r10:1", "r1:r1:1", "r01:r01:1");

  private record Setting(String filterName, Filter filter, double recall, MemoryRows truth) {}

  private final QueryEngine engine;
  private final SearchSource source;
  private final MemoryRows queries;
  private final double buildSeconds;
  private final PrintStream out;

  private PeerBench(
      QueryEngine engine,
      SearchSource source,
      MemoryRows queries,
      double buildSeconds,
      PrintStream out) {
    this.engine = engine;
    this.source = source;
    this.queries = queries;
    this.buildSeconds = buildSeconds;
    this.out = out;
  }

  public static void main(String[] args) throws IOException {
    Path data = Path.of(args[1]);
    try (SlabIndex index = SlabIndex.open(new LocalStore(Path.of(args[0])), Environment.system());
        Snapshot snapshot = index.snapshot("");
        QueryEngine engine = new QueryEngine(index.spec(), 1)) {
      MemoryRows queries = NpyMatrix.read(data.resolve("queries.npy"));
      double seconds = Double.parseDouble(args[2]);
      new PeerBench(engine, SnapshotSource.of(snapshot), queries, seconds, System.out)
          .serve(settings(data));
    }
  }

  private static List<Setting> settings(Path data) throws IOException {
    List<Setting> settings = new ArrayList<>();
    MemoryRows truth = NpyMatrix.read(data.resolve("gt.npy"));
    for (double target : TARGETS) {
      settings.add(new Setting("", null, target, truth));
    }
    for (String text : FILTERS) {
      String[] parts = text.split(":");
      Filter filter = FilterParser.parse("{\"" + parts[1] + "\":" + parts[2] + "}");
      MemoryRows wanted = NpyMatrix.read(data.resolve("gt_" + parts[0] + ".npy"));
      settings.add(new Setting(parts[0], filter, QueryRequest.DEFAULT_RECALL, wanted));
    }
    return settings;
  }

  private void serve(List<Setting> settings) throws IOException {
    out.printf(Locale.ROOT, "{\"ready\":true,\"build_s\":%.1f}%n", buildSeconds);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      double seconds = Double.parseDouble(line.split(" ")[1]);
      for (Setting setting : settings) {
        run(setting, seconds);
      }
      out.println("{\"done\":true}");
    }
  }

  private void run(Setting setting, double seconds) {
    int most = Math.min(queries.rows(), setting.truth().rows());
    List<List<Match>> answers = new ArrayList<>();
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      float[] vector = new float[queries.dimension()];
      queries.copy(i, vector);
      vectors.add(vector);
    }
    long cpu = Machine.threadCpuNanos();
    long wall = System.nanoTime();
    while (answers.size() < most
        && (answers.size() < LEAST_QUERIES || System.nanoTime() - wall < seconds * 1e9)) {
      float[] vector = vectors.get(answers.size());
      QueryRequest request =
          new QueryRequest(vector, null, setting.filter(), K, false, false, setting.recall());
      answers.add(engine.query(source, request).matches());
    }
    cpu = Machine.threadCpuNanos() - cpu;
    wall = System.nanoTime() - wall;
    out.printf(
        Locale.ROOT,
        "{\"engine\":\"slab\",\"params\":\"recall %s\",\"filter\":\"%s\",\"recall\":%.4f,"
            + "\"cpu_us\":%.1f,\"wall_us\":%.1f,\"build_s\":%.1f,\"queries\":%d}%n",
        setting.recall(),
        setting.filterName(),
        recall(answers, setting.truth()),
        cpu / 1e3 / answers.size(),
        wall / 1e3 / answers.size(),
        buildSeconds,
        answers.size());
  }

  private static double recall(List<List<Match>> answers, MemoryRows truth) {
    float[] row = new float[truth.dimension()];
    double sum = 0;
    for (int i = 0; i < answers.size(); i++) {
      truth.copy(i, row);
      int wanted = 0;
      int found = 0;
      for (int rank = 0; rank < K && row[rank] >= 0; rank++) {
        wanted++;
        int id = (int) row[rank];
        found +=
            answers.get(i).stream().anyMatch(match -> Integer.parseInt(match.id()) == id) ? 1 : 0;
      }
      sum += wanted == 0 ? 1 : (double) found / wanted;
    }
    return sum / answers.size();
  }
}
