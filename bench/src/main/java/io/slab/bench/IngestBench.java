package io.slab.bench;

import io.slab.ingest.BatchSink;
import io.slab.ingest.IngestJob;
import io.slab.ingest.IngestOptions;
import io.slab.json.Json;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import io.slab.source.FieldMap;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.SourcePart;
import io.slab.source.scan.NativeLines;
import io.slab.writer.Commit;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;

/**
 * How fast JSON lines are read, one stage more in each row of the report: the bytes of the file
 * alone, its JSON tokens alone (Jackson, no values decoded), records ({@link RecordReader}), and
 * whole jobs with one to several threads into a sink that drops its batches.
 *
 * <p>Arguments, all optional: dimensions separated by commas (128,768,1536), megabytes of each
 * generated file (200), repetitions (3), seed (42), digits ({@code float}: shortest float32, about
 * 9 digits; {@code double}: float64 as Python writes it, about 17). Or {@code file}, a file, its
 * dimension and repetitions.
 */
public final class IngestBench {
  private static final int MEGA = 1_000_000;

  private final PrintStream out;
  private final Path file;
  private final long size;
  private final IndexSpec spec;

  private IngestBench(PrintStream out, Path file, int dimension) throws IOException {
    this.out = out;
    this.file = file;
    size = Files.size(file);
    spec = new IndexSpec("bench", dimension, Metric.COSINE, VectorType.DENSE, null, 0);
  }

  public static void main(String[] args) throws IOException {
    if (args.length > 0 && args[0].equals("file")) {
      IngestBench bench = new IngestBench(System.out, Path.of(args[1]), Integer.parseInt(args[2]));
      for (int i = 1; i <= Integer.parseInt(argument(args, 3, "3")); i++) {
        System.out.println("round " + i);
        bench.round();
      }
      return;
    }
    String[] dimensions = argument(args, 0, "128,768,1536").split(",");
    long bytes = Long.parseLong(argument(args, 1, "200")) * MEGA;
    int rounds = Integer.parseInt(argument(args, 2, "3"));
    long seed = Long.parseLong(argument(args, 3, "42"));
    boolean doubles = argument(args, 4, "float").equals("double");
    System.out.println("seed " + seed + (doubles ? ", float64 digits" : ", float32 digits"));
    for (String text : dimensions) {
      int dimension = Integer.parseInt(text);
      Path file = Files.createTempFile("ingest-bench", ".jsonl");
      try {
        BenchRecords.write(file, dimension, bytes, seed, doubles);
        IngestBench bench = new IngestBench(System.out, file, dimension);
        for (int i = 1; i <= rounds; i++) {
          System.out.println("d=" + dimension + ", round " + i);
          bench.round();
        }
      } finally {
        Files.delete(file);
      }
    }
  }

  private static String argument(String[] args, int index, String otherwise) {
    return index < args.length ? args[index] : otherwise;
  }

  private void round() throws IOException {
    long began = System.nanoTime();
    readBytes();
    report("bytes", 0, began);
    began = System.nanoTime();
    readTokens();
    report("tokens", 0, began);
    began = System.nanoTime();
    report("records", readRecords(), began);
    for (int threads = 1; threads <= Runtime.getRuntime().availableProcessors(); threads *= 2) {
      began = System.nanoTime();
      report("ingest, " + threads + " threads", ingest(threads), began);
    }
  }

  private void readBytes() throws IOException {
    byte[] buffer = new byte[1 << 20];
    try (InputStream in = Files.newInputStream(file)) {
      while (in.read(buffer) >= 0) {}
    }
  }

  private void readTokens() throws IOException {
    try (JsonParser parser =
        Json.factory().createParser(ObjectReadContext.empty(), Files.newInputStream(file))) {
      while (parser.nextToken() != null) {}
    }
  }

  private long readRecords() throws IOException {
    long records = 0;
    ReadOptions options = ReadOptions.defaults().forIndex(spec);
    try (RecordReader reader = part().open(options)) {
      while (reader.next()) {
        if (reader.problem() != null) {
          throw new IllegalStateException(reader.problem().text());
        }
        records++;
      }
    }
    return records;
  }

  private SourcePart part() {
    return NativeLines.part(
        file.toString(), size, () -> Files.newInputStream(file), FieldMap.USUAL);
  }

  private long ingest(int threads) {
    BatchSink sink = batch -> new Commit(0, 0, 0, batch.size());
    IngestOptions options = IngestOptions.defaults().withThreads(threads);
    return new IngestJob(List.of(part()), spec, sink, options).run().written();
  }

  private void report(String stage, long records, long began) {
    double seconds = (System.nanoTime() - began) / 1e9;
    String rate = records == 0 ? "" : String.format("%,12.0f records/s", records / seconds);
    out.printf("  %-18s %,8.0f MB/s %s%n", stage, size / seconds / MEGA, rate);
  }
}
