package io.slab.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.model.Metric;
import io.slab.model.VectorType;
import io.slab.source.FieldMap;
import io.slab.source.json.BlockReaderTest;
import io.slab.source.json.JsonlFixture;
import io.slab.source.scan.NativeLines;
import io.slab.writer.Commit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A job's heap does not depend on the length of its input. */
class BoundedHeapTest {
  private static final int DIMENSION = 384;
  private static final long BYTES = 400L << 20;

  /** What the small virtual machine runs: an input that is several times its heap. */
  static final class Ingest {
    private Ingest() {}

    public static void main(String[] args) {
      String text =
          "{\"id\":\"a\",\"values\":[0.5"
              + ",-0.012345678".repeat(DIMENSION - 1)
              + "],\"metadata\":{\"k\":\"v\"}}\n";
      byte[] line = text.getBytes(StandardCharsets.UTF_8);
      long total = BYTES / line.length * line.length;
      IngestSummary summary =
          new IngestJob(
                  List.of(
                      NativeLines.part(
                          "-", -1, () -> BlockReaderTest.endless(line, total), FieldMap.USUAL)),
                  JsonlFixture.spec(DIMENSION, Metric.COSINE, VectorType.DENSE),
                  batch -> new Commit(0, 0, 0, batch.size()),
                  IngestOptions.defaults().withThreads(3))
              .run();
      boolean all = summary.written() == total / line.length;
      System.exit(all ? 0 : 3);
    }
  }

  @Test
  void fourHundredMegabytesInAHeapOfThirtyTwo() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Ingest.class.getName())
            .inheritIO()
            .start();
    assertEquals(0, process.waitFor());
  }
}
