package io.slab.bench.serve;

import com.linecorp.armeria.client.WebClient;
import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.model.Metric;
import io.slab.serve.proto.QueryRequest;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Runs the sections that its arguments name, and prints a line for each figure. */
public final class ServeBench {
  private static final List<String> SECTIONS =
      List.of("start", "requests", "latency", "ingest", "distant", "peers");

  private static final int PORT = 15_080;
  private static final int BARE = 15_060;
  private static final int WIDE = 1_536;
  private static final int WARM = 6_000;
  private static final int COUNTED = 6_000;

  private final Path folder;
  private final SplittableRandom random = new SplittableRandom(7);

  private ServeBench(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("slab-serve-bench");
    int failed = 0;
    try {
      ServeBench bench = new ServeBench(folder);
      for (String section : args.length == 0 ? SECTIONS : Arrays.asList(args)) {
        failed += bench.succeeds(section) ? 0 : 1;
      }
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    System.exit(failed == 0 ? 0 : 1);
  }

  /** One section that fails does not take the figures of the others. */
  private boolean succeeds(String section) {
    try {
      run(section);
      return true;
    } catch (Exception e) {
      System.out.println("  failed: " + e);
      return false;
    }
  }

  private void run(String section) throws Exception {
    System.out.println(
        section + ", load " + Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    switch (section) {
      case "start" -> start();
      case "requests" -> requests();
      case "latency" -> new LatencyBench(folder, PORT).run();
      case "ingest" -> ingest();
      case "distant" -> new DistantBench(folder, PORT).run();
      case "peers" -> new PeerServers(folder).run();
      default -> throw new IllegalArgumentException(section + " is none of " + SECTIONS);
    }
  }

  static void say(String what, String format, Object... values) {
    System.out.println("  " + what + ": " + String.format(Locale.ROOT, format, values));
  }

  private void start() throws Exception {
    Path root = Files.createDirectory(folder.resolve("start"));
    for (int i = 0; i < 10; i++) {
      Index.create(root.resolve("i" + i), IndexSettings.dense(8, Metric.COSINE)).close();
    }
    Served.slab(root, PORT).close(); // The first start of a machine is prepared.
    double[] cpu = new double[10];
    double[] memory = new double[cpu.length];
    for (int i = 0; i < cpu.length; i++) {
      try (Served served = Served.slab(root, PORT)) {
        cpu[i] = served.cpuMillis();
        Thread.sleep(1_000);
        memory[i] = served.megabytes();
      }
    }
    Arrays.sort(cpu);
    Arrays.sort(memory);
    say("to ready with 10 indexes, ms of CPU", "%.0f (%.0f to %.0f)", cpu[5], cpu[0], cpu[9]);
    say("memory a second later, MB", "%.0f", memory[5]);
  }

  private String floats(int dimension) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < dimension; i++) {
      text.append(i == 0 ? "" : ",").append((float) random.nextDouble(-1, 1));
    }
    return text.append(']').toString();
  }

  private String records(int from, int count, int dimension) {
    StringBuilder text = new StringBuilder("{\"vectors\":[");
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ",")
          .append("{\"id\":\"r")
          .append(from + i)
          .append("\",\"values\":");
      text.append(floats(dimension)).append('}');
    }
    return text.append("]}").toString();
  }

  /** Processor time of a server for each request, once it is warm. */
  private static double cost(Served served, int warm, int counted, Runnable request)
      throws Exception {
    Asking.many(4, warm, i -> request.run());
    double before = served.cpuMillis();
    Asking.many(4, counted, i -> request.run());
    return (served.cpuMillis() - before) / counted;
  }

  private void requests() throws Exception {
    Path root = Files.createDirectory(folder.resolve("requests"));
    try (Served slab = Served.slab(root, PORT);
        Served bare = Served.java(BARE, BareServer.class, "" + BARE)) {
      SlabPeer.create(Asking.rest(PORT), "wide", WIDE, "cosine");
      int port = PORT + 1;
      Asking.post(Asking.rest(port), "/vectors/upsert", records(0, 1, WIDE));
      byte[] query =
          ("{\"topK\":10,\"vector\":" + floats(WIDE) + "}").getBytes(StandardCharsets.UTF_8);
      QueryRequest.Builder message = QueryRequest.newBuilder().setTopK(10);
      for (int i = 0; i < WIDE; i++) {
        message.addVector((float) random.nextDouble());
      }
      byte[] frame = Asking.frame(message.build());
      WebClient rest = Asking.rest(port);
      WebClient grpc = Asking.grpc(port);
      WebClient bareRest = Asking.rest(BARE);
      WebClient bareGrpc = Asking.grpc(BARE);
      for (int round = 1; round <= 2; round++) {
        double echo = cost(bare, WARM, COUNTED, () -> Asking.post(bareRest, "/", query));
        double asked = cost(slab, WARM, COUNTED, () -> Asking.post(rest, "/query", query));
        say("POST /query of " + query.length + " bytes, ms", "%.3f, echo %.3f", asked, echo);
        echo = cost(bare, WARM, COUNTED, () -> Asking.call(bareGrpc, "Query", frame));
        asked = cost(slab, WARM, COUNTED, () -> Asking.call(grpc, "Query", frame));
        say("gRPC Query of " + frame.length + " bytes, ms", "%.3f, echo %.3f", asked, echo);
      }
      String records = records(0, 100, WIDE);
      byte[] hundred = records.getBytes(StandardCharsets.UTF_8);
      // The last id is too long: all is read and checked, and nothing is written.
      byte[] refused =
          records
              .replace("\"r99\"", "\"" + "r".repeat(600) + "\"")
              .getBytes(StandardCharsets.UTF_8);
      double read = cost(slab, 150, 150, () -> Asking.refused(rest, "/vectors/upsert", refused));
      double upsert = cost(slab, 150, 150, () -> Asking.post(rest, "/vectors/upsert", hundred));
      double echo = cost(bare, 150, 150, () -> Asking.post(bareRest, "/", hundred));
      say(
          "upsert of 100, " + hundred.length + " bytes, read and checked, ms",
          "%.1f; with log and slabs %.1f; echo %.1f",
          read,
          upsert,
          echo);
      say("memory, MB", "%.0f", slab.megabytes());
    }
  }

  private void ingest() throws Exception {
    int dimension = 384;
    int batches = 300;
    Path root = Files.createDirectory(folder.resolve("ingest"));
    Path lines = folder.resolve("records.jsonl");
    byte[][] bodies = new byte[batches][];
    try (BufferedWriter out = Files.newBufferedWriter(lines)) {
      for (int b = 0; b < batches; b++) {
        String body = records(b * 100, 100, dimension);
        bodies[b] = body.getBytes(StandardCharsets.UTF_8);
        out.write(
            body.substring("{\"vectors\":[".length(), body.length() - 2).replace("]},{", "]}\n{"));
        out.write('\n');
      }
    }
    String program = System.getenv("SLAB");
    Path local = folder.resolve("local");
    wait(program, "create", local.toString(), "-d", "" + dimension);
    long start = System.nanoTime();
    wait(program, "ingest", local.toString(), lines.toString(), "--flush");
    double alone = batches * 100 / ((System.nanoTime() - start) / 1e9);
    try (Served served = Served.slab(root, PORT)) {
      SlabPeer.create(Asking.rest(PORT), "rows", dimension, "cosine");
      WebClient rest = Asking.rest(PORT + 1);
      byte[] first = bodies[0];
      Asking.many(4, 40, i -> Asking.post(rest, "/vectors/upsert", first));
      double cpu = served.cpuMillis();
      start = System.nanoTime();
      Asking.many(4, batches, i -> Asking.post(rest, "/vectors/upsert", bodies[i]));
      double together = batches * 100 / ((System.nanoTime() - start) / 1e9);
      say(
          "records a second of 4 clients",
          "%.0f, slab ingest %.0f: %.0f %%",
          together,
          alone,
          100 * together / alone);
      say("ms of CPU for 100 x " + dimension, "%.1f", (served.cpuMillis() - cpu) / batches);
    }
  }

  private static void wait(String... command) throws Exception {
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Path.of("/dev/null").toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException("exit " + code + ": " + String.join(" ", command));
    }
  }
}
