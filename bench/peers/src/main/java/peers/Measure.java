package peers;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * One engine's part of bench/compare. Says that it is ready, and then, for every line "round SECONDS" on stdin, runs each of its
 * settings for at most so long on the calling thread and prints a JSON line: recall@10, CPU and wall time of a query.
 */
final class Measure {
  interface Search {
    int[] top10(float[] query) throws Exception;
  }

  private record Setting(String engine, String params, String filter, Npy truth, Search search) {}

  /** Queries of a round at least, however slow. */
  private static final int LEAST = 20;

  private final Npy queries;
  private final List<Setting> settings = new ArrayList<>();

  Measure(Npy queries) {
    this.queries = queries;
  }

  /** Adds a setting; filter is empty for none. */
  void add(String engine, String params, String filter, Npy truth, Search search) {
    settings.add(new Setting(engine, params, filter, truth, search));
  }

  void serve(double build) throws Exception {
    System.out.printf("{\"ready\":true,\"build_s\":%.1f}%n", build);
    var in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      double seconds = Double.parseDouble(line.split(" ")[1]);
      for (Setting setting : settings) {
        run(setting, seconds, build);
      }
      System.out.println("{\"done\":true}");
    }
  }

  private void run(Setting s, double seconds, double build) throws Exception {
    int n = Math.min(queries.rows(), s.truth().rows());
    float[][] q = new float[n][];
    for (int i = 0; i < n; i++) {
      q[i] = queries.floats(i);
    }
    var threads = ManagementFactory.getThreadMXBean();
    int[][] found = new int[n][];
    int done = 0;
    long c = threads.getCurrentThreadCpuTime();
    long w = System.nanoTime();
    while (done < n && (done < LEAST || System.nanoTime() - w < seconds * 1e9)) {
      found[done] = s.search().top10(q[done]);
      done++;
    }
    double cpu = (threads.getCurrentThreadCpuTime() - c) / 1e3 / done;
    double wall = (System.nanoTime() - w) / 1e3 / done;
    double recall = 0;
    for (int i = 0; i < done; i++) {
      recall += recall(found[i], s.truth().ints(i, 10));
    }
    System.out.printf(
        "{\"engine\":\"%s\",\"params\":\"%s\",\"filter\":\"%s\",\"recall\":%.4f,\"cpu_us\":%.1f,\"wall_us\":%.1f,\"build_s\":%.1f,\"queries\":%d}%n",
        s.engine(), s.params(), s.filter(), recall / done, cpu, wall, build, done);
  }

  private static double recall(int[] found, int[] truth) {
    int expected = 0;
    int hit = 0;
    for (int t : truth) {
      if (t < 0) {
        continue;
      }
      expected++;
      for (int f : found) {
        if (f == t) {
          hit++;
          break;
        }
      }
    }
    return expected == 0 ? 1 : (double) hit / expected;
  }
}
