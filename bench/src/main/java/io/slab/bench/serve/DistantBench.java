package io.slab.bench.serve;

import com.linecorp.armeria.client.WebClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Two servers over one folder that answers each request after 20 ms, as a bucket would. */
final class DistantBench {
  private static final int DIMENSION = 384;
  private static final int WRITERS = 32;
  private static final int WRITES = 2_560;
  private static final int SEEN = 12;

  /** Requests of 100 vectors, one every 10 ms. */
  private static final int PACED = 1_000;

  private final Path folder;
  private final int port;

  DistantBench(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  private static byte[] body(int from, int count) {
    SplittableRandom random = new SplittableRandom(from);
    StringBuilder text = new StringBuilder("{\"vectors\":[");
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ",")
          .append("{\"id\":\"r")
          .append(from + i)
          .append("\",\"values\":[");
      for (int d = 0; d < DIMENSION; d++) {
        text.append(d == 0 ? "" : ",").append((float) random.nextDouble(-1, 1));
      }
      text.append("]}");
    }
    return text.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  void run() throws Exception {
    Path root = Files.createDirectory(folder.resolve("distant"));
    String place = "distant://20" + root;
    int other = port + 5;
    try (Served one = Served.java(port, PlainServer.class, place, "" + port);
        Served two = Served.java(other, PlainServer.class, place, "" + other)) {
      Asking.post(
          Asking.rest(port),
          "/indexes",
          "{\"name\":\"rows\",\"dimension\":%d,\"spec\":{\"serverless\":{\"cloud\":\"a\",\"region\":\"r\"}}}"
              .formatted(DIMENSION));
      String shown = Asking.get(Asking.rest(other), "/indexes/rows");
      if (!shown.contains("Ready")) {
        throw new IllegalStateException(shown);
      }
      WebClient writes = Asking.rest(port + 1);
      WebClient reads = Asking.rest(other + 1);
      byte[][] single = new byte[60][];
      for (int i = 0; i < single.length; i++) {
        single[i] = body(i, 1);
      }
      Asking.many(1, 30, i -> Asking.post(writes, "/vectors/upsert", single[i]));
      double[] alone =
          Asking.many(1, 30, i -> Asking.post(writes, "/vectors/upsert", single[30 + i]));
      ServeBench.say(
          "acknowledged, one writer of one record, p50 and p99, ms",
          "%.0f and %.0f",
          Asking.part(alone, 0.5),
          Asking.part(alone, 0.99));
      visible(writes, reads);
      byte[][] bodies = new byte[WRITERS * 2][];
      for (int i = 0; i < bodies.length; i++) {
        bodies[i] = body(i * 100, 100);
      }
      many(writes, one, bodies);
      paced(writes, bodies);
      ServeBench.say("memory, MB", "%.0f and %.0f", one.megabytes(), two.megabytes());
    }
  }

  private static void visible(WebClient writes, WebClient reads) throws InterruptedException {
    double[] seen = new double[SEEN];
    for (int i = 0; i < SEEN; i++) {
      int id = 1_000_000 + i;
      Asking.post(writes, "/vectors/upsert", body(id, 1));
      long start = System.nanoTime();
      while (!Asking.get(reads, "/vectors/fetch?ids=r" + id).contains("\"r" + id + "\"")) {
        Thread.sleep(10);
      }
      seen[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(seen);
    ServeBench.say(
        "seen at the other server after, p50 and longest, ms",
        "%.0f and %.0f",
        Asking.part(seen, 0.5),
        seen[SEEN - 1]);
  }

  /** As many vectors a second as is promised, and no more; from when each was due. */
  private static void paced(WebClient writes, byte[][] bodies) throws InterruptedException {
    double[] millis = new double[PACED];
    long start = System.nanoTime();
    Asking.many(
        WRITERS,
        PACED,
        i -> {
          long due = start + i * 10_000_000L;
          LockSupport.parkNanos(due - System.nanoTime());
          Asking.post(writes, "/vectors/upsert", bodies[i % bodies.length]);
          millis[i] = (System.nanoTime() - due) / 1e6;
        });
    double seconds = (System.nanoTime() - start) / 1e9;
    Arrays.sort(millis);
    ServeBench.say(
        "acknowledged at " + Math.round(PACED * 100 / seconds) + " a second, p50 and p99, ms",
        "%.0f and %.0f",
        Asking.part(millis, 0.5),
        Asking.part(millis, 0.99));
  }

  private static void many(WebClient writes, Served served, byte[][] bodies) throws Exception {
    Asking.many(
        WRITERS,
        WRITERS * 4,
        i -> Asking.post(writes, "/vectors/upsert", bodies[i % bodies.length]));
    double cpu = served.cpuMillis();
    long start = System.nanoTime();
    double[] millis =
        Asking.many(
            WRITERS,
            WRITES,
            i -> Asking.post(writes, "/vectors/upsert", bodies[i % bodies.length]));
    double seconds = (System.nanoTime() - start) / 1e9;
    ServeBench.say("vectors a second of 32 writers of 100 x 384", "%.0f", WRITES * 100 / seconds);
    ServeBench.say(
        "acknowledged to them, p50, p99 and longest, ms",
        "%.0f, %.0f and %.0f",
        Asking.part(millis, 0.5),
        Asking.part(millis, 0.99),
        millis[millis.length - 1]);
    ServeBench.say(
        "ms of CPU for 100 of them, slabs included", "%.1f", (served.cpuMillis() - cpu) / WRITES);
  }
}
