package io.slab.ann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.Metric;
import io.slab.vector.KernelChecks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Vector kernels give the results of plain loops on processors with narrower registers than this
 * one's too: Java is told to use no more than 16 or 32 bytes of them.
 */
class NarrowKernelsIT {
  private static final int PATIENCE_SECONDS = 120;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {16, 32})
  void narrowRegistersGiveTheSame(int bytes) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:MaxVectorSize=" + bytes,
                // Else the loops are over before they are compiled to vector instructions.
                "-XX:CompileThresholdScaling=0.1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                NarrowKernelsIT.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it ends");
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(output, StandardCharsets.UTF_8);
    assertEquals(0, process.exitValue(), said);
    // A machine may have less than it is told to use.
    int most = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    assertTrue(said.contains(Math.min(most, 8 * bytes) + " bits"), said);
  }

  /** What the process does: the tests of the kernels, called one by one. */
  public static void main(String[] args) {
    System.out.println(FloatVector.SPECIES_PREFERRED.vectorBitSize() + " bits");
    KernelEqualityTest test = new KernelEqualityTest();
    for (int groups : new int[] {4, 32, 196}) {
      test.sumsAreThoseOfTheTables(groups);
    }
    test.blocksCanBePicked();
    test.boundsHaveTheSameBits();
    test.aScanStaysInsideTheSection();
    for (int centroids : new int[] {1, 17, 65}) {
      test.nearestCentroidsAgree(centroids);
    }
    for (Metric metric : Metric.values()) {
      test.scoresAreCanonical(metric);
    }
    KernelChecks.run();
  }
}
