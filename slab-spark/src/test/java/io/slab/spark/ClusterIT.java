package io.slab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.Namespace;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Master, two Workers and a driver as processes of their own, of which some are killed. */
class ClusterIT {
  private static final int ROWS = 8_000;
  private static final Path ROOT = Path.of(System.getProperty("slab.root", "."));

  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();

  /** Records that this process wrote, and as many that it deleted. */
  private int written;

  /** The class path of this test, as far as it is Spark's or as far as it is not. */
  private static String classPath(boolean ofSpark) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(path -> isOfSpark(path) == ofSpark)
        .map(path -> Path.of(path).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Ours are of this project, and the JSON library that Spark has not. */
  private static boolean isOfSpark(String path) {
    return path.endsWith(".jar")
        && !Path.of(path).getFileName().toString().startsWith("slab-")
        && !path.contains("tools/jackson");
  }

  private Process start(String log, String... command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve(log).toFile()).start();
    processes.add(process);
    return process;
  }

  private String cluster() throws IOException {
    Process cluster =
        start(
            "cluster.err",
            ROOT.resolve("bench/spark/cluster").toString(),
            folder.resolve("cluster").toString(),
            classPath(true),
            "700m");
    String master = cluster.inputReader().readLine();
    assertNotNull(master, Files.readString(folder.resolve("cluster.err")));
    return master;
  }

  private Process driver(String master, Path place, String namespaces) throws IOException {
    return start(
        "driver.err",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "--add-modules",
        "jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Xmx600m",
        "-cp",
        System.getProperty("java.class.path"),
        ClusterJob.class.getName(),
        master,
        place.toString(),
        Integer.toString(ROWS),
        classPath(false),
        namespaces);
  }

  private static long slabs(Path place, String namespace) {
    Path slabs = place.resolve("ns").resolve(namespace).resolve("slabs");
    try (Stream<Path> files = Files.list(slabs)) {
      return files.filter(file -> file.toString().endsWith(".slab")).count();
    } catch (IOException e) {
      return 0;
    }
  }

  private void await(String what, BooleanSupplier condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!condition.getAsBoolean()) {
      assertTrue(
          System.nanoTime() < end && processes.stream().allMatch(Process::isAlive),
          () -> "no " + what + ": " + read(folder.resolve("driver.err")));
      Thread.sleep(20);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Kills an executor: a process below those of the cluster that this test started. */
  private boolean killAnExecutor() {
    return processes
        .getFirst()
        .descendants()
        .filter(process ->
            process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
        .findFirst()
        .map(ProcessHandle::destroyForcibly)
        .orElse(false);
  }

  @Test
  @Timeout(300)
  void nothingIsDoubledLostOrHalfThere() throws Exception {
    Path place = folder.resolve("index");
    Index.create(place, IndexSettings.dense(64, Metric.COSINE)).close();
    try {
      Process driver = driver(cluster(), place, "a,a+4000,b");
      await("slabs of a", () -> slabs(place, "a") >= 4);
      assertTrue(killAnExecutor(), "an executor");
      BufferedReader said = driver.inputReader();
      assertEquals("done a", said.readLine(), () -> read(folder.resolve("driver.err")));
      writeBeside(place, said);
      await("slabs of b", () -> slabs(place, "b") >= 4);
      driver.destroyForcibly().waitFor();
    } finally {
      stop();
    }
    check(place);
  }

  /** While the second job of the driver appends to 'a', of which it replaces a half. */
  private void writeBeside(Path place, BufferedReader said) throws IOException {
    try (Index index = Index.open(place)) {
      Namespace a = index.namespace("a");
      assertEquals(3, a.stats().manifest(), "its beginning and one commit after the first");
      float[] values = new float[64];
      Arrays.fill(values, 1);
      while (!said.ready()) {
        a.upsert(new VectorRecord("own" + written, values, null, Metadata.EMPTY));
        a.delete(List.of("r" + written));
        if (++written % 20 == 0) {
          a.flush();
        }
      }
      assertEquals("done a", said.readLine(), () -> read(folder.resolve("driver.err")));
    }
  }

  private void check(Path place) {
    try (Index index = Index.open(place)) {
      Namespace done = index.namespace("a");
      long records = ROWS + ROWS / 2;
      assertTrue(written > 0 && written < ROWS / 2, written + " records and deletes beside it");
      assertEquals(records, done.stats().records(), "as many were written as deleted");
      assertEquals(Map.of(), done.fetch(List.of("r0", "r" + (written - 1))));
      Namespace killed = index.namespace("b");
      assertEquals(0, killed.stats().records());
      assertEquals(2, killed.stats().manifest(), "it began");
      for (Namespace namespace : List.of(done, killed)) {
        namespace.collectGarbage(Duration.ZERO);
        namespace.collectGarbage(Duration.ZERO);
      }
      assertEquals(records, done.stats().records());
      assertEquals(1, slabs(place, "b"), "the one that says that it began");
    }
    assertEquals(List.of(), Sessions.problems(place));
  }

  private void stop() throws Exception {
    for (Process process : processes.reversed()) {
      process.getOutputStream().close();
      process.destroy();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }
}
