package peers;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** Runs queries on the calling thread and prints one JSON line: recall@10 and CPU and wall time per query. */
final class Measure {
  interface Search {
    int[] top10(float[] query) throws Exception;
  }

  static void run(String engine, String params, String filter, double build, Npy queries, Npy truth, Search search)
      throws Exception {
    int n = Math.min(queries.rows(), truth.rows());
    float[][] q = new float[n][];
    for (int i = 0; i < n; i++) {
      q[i] = queries.floats(i);
    }
    double recall = 0;
    for (int i = 0; i < n; i++) {
      recall += recall(search.top10(q[i]), truth.ints(i, 10));
    }
    var threads = ManagementFactory.getThreadMXBean();
    double[] cpu = new double[5];
    double[] wall = new double[5];
    for (int round = 0; round < 5; round++) {
      long c = threads.getCurrentThreadCpuTime();
      long w = System.nanoTime();
      for (int i = 0; i < n; i++) {
        search.top10(q[i]);
      }
      cpu[round] = (threads.getCurrentThreadCpuTime() - c) / 1e3 / n;
      wall[round] = (System.nanoTime() - w) / 1e3 / n;
    }
    Arrays.sort(cpu);
    Arrays.sort(wall);
    System.out.printf(
        "{\"engine\":\"%s\",\"params\":\"%s\",\"filter\":\"%s\",\"recall\":%.4f,\"cpu_us\":%.1f,\"wall_us\":%.1f,\"build_s\":%.1f}%n",
        engine, params, filter, recall / n, cpu[2], wall[2], build);
    System.out.flush();
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
