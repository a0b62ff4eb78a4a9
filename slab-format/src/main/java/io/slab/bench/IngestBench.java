package io.slab.bench;

import io.slab.ingest.JsonlReader;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Reports how fast JSON lines are read. Arguments: dimensions, comma-separated (128,768,1536),
 * megabytes per file (200), repetitions (3), seed.
 */
public final class IngestBench {
  private IngestBench() {}

  public static void main(String[] args) throws IOException {
    String dims = args.length > 0 ? args[0] : "128,768,1536";
    long bytes = (args.length > 1 ? Long.parseLong(args[1]) : 200) << 20;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    long seed = args.length > 3 ? Long.parseLong(args[3]) : 42;
    System.out.println("seed " + seed);
    for (String dim : dims.split(",")) {
      Path file = Files.createTempFile("ingest-bench", ".jsonl");
      try {
        int dimension = Integer.parseInt(dim);
        generate(file, dimension, bytes, new SplittableRandom(seed));
        for (int i = 0; i < rounds; i++) {
          run(file, dimension);
        }
      } finally {
        Files.delete(file);
      }
    }
  }

  private static void generate(Path file, int dimension, long bytes, SplittableRandom random)
      throws IOException {
    long written = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      for (int row = 0; written < bytes; row++) {
        StringBuilder line = new StringBuilder("{\"id\": \"row-" + row + "\", \"values\": [");
        for (int i = 0; i < dimension; i++) {
          line.append(i == 0 ? "" : ", ").append((float) (random.nextGaussian() / 20));
        }
        line.append("], \"metadata\": {\"genre\": \"g").append(random.nextInt(20));
        line.append("\", \"year\": ").append(1950 + random.nextInt(76));
        line.append(", \"tags\": [\"a")
            .append(random.nextInt(50))
            .append("\", \"b\"], \"ok\": true}}\n");
        byte[] text = line.toString().getBytes(StandardCharsets.UTF_8);
        out.write(text);
        written += text.length;
      }
    }
  }

  private static void run(Path file, int dimension) throws IOException {
    long size = Files.size(file);
    byte[] buffer = new byte[1 << 20];
    long t = System.nanoTime();
    try (InputStream in = Files.newInputStream(file)) {
      while (in.read(buffer) >= 0) {}
    }
    report("read", dimension, 0, size, t);
    IndexSpec spec = new IndexSpec("b", dimension, Metric.COSINE, VectorType.DENSE, null, 0);
    long records = 0;
    t = System.nanoTime();
    try (JsonlReader reader = new JsonlReader(Files.newInputStream(file), "f", spec)) {
      while (reader.next()) {
        records += reader.record() == null ? 0 : 1;
      }
    }
    report("JsonlReader", dimension, records, size, t);
  }

  private static void report(String what, int dimension, long records, long size, long t) {
    double seconds = (System.nanoTime() - t) / 1e9;
    System.out.printf(
        "%-12s d=%d %,.0f MB/s %,.0f records/s%n",
        what, dimension, size / 1e6 / seconds, records / seconds);
  }
}
