package io.slab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.NamespaceStats;
import io.slab.model.Metric;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two drivers, each a process of its own, write to one namespace at the same time. */
class TwoDriversIT {
  private static final int APPENDS = 3;
  private static final List<String> NAMES = List.of("left", "right");

  /** Of each driver; the rows in the middle are written by both. */
  private static final int ROWS = 600;

  private static final int SHIFT = 200;

  @TempDir Path folder;
  private final List<Process> drivers = new ArrayList<>();

  private Process driver(Path place, int number) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx500m",
                "-cp",
                System.getProperty("java.class.path"),
                AppendJob.class.getName(),
                place.toString(),
                NAMES.get(number),
                Integer.toString(SHIFT * number),
                Integer.toString(SHIFT * number + ROWS),
                Integer.toString(APPENDS))
            .redirectError(folder.resolve(NAMES.get(number) + ".err").toFile())
            .start();
    drivers.add(process);
    return process;
  }

  private void expect(String line, BufferedReader from, int number) throws IOException {
    String said = from.readLine();
    assertEquals(line, said, () -> errors(number));
  }

  private String errors(int number) {
    try {
      return Files.readString(folder.resolve(NAMES.get(number) + ".err"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  @Timeout(180)
  void nothingIsDoubledOrLost() throws Exception {
    Path place = folder.resolve("index");
    Index.create(place, IndexSettings.dense(4, Metric.COSINE)).close();
    List<String> ends = new ArrayList<>();
    try {
      List<BufferedReader> said = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        said.add(driver(place, i).inputReader());
      }
      for (int i = 0; i < 2; i++) {
        expect("ready", said.get(i), i);
      }
      for (Process driver : drivers) {
        driver.getOutputStream().write('\n');
        driver.getOutputStream().flush();
      }
      for (int i = 0; i < 2; i++) {
        for (int append = 0; append < APPENDS; append++) {
          expect("appended", said.get(i), i);
        }
        ends.add(said.get(i).readLine());
        assertTrue(drivers.get(i).waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, drivers.get(i).exitValue(), errors(i));
      }
    } finally {
      drivers.forEach(Process::destroyForcibly);
    }
    appended(place);
    replaced(place, ends);
    assertEquals(List.of(), Sessions.problems(place));
  }

  /** Each id once; of both drivers' the one that began last. */
  private static void appended(Path place) {
    Map<String, String> records = Written.records(place, "both");
    assertEquals(ids(0, SHIFT + ROWS), records.keySet());
    Set<String> middle = new HashSet<>();
    for (int i = 0; i < SHIFT + ROWS; i++) {
      String name = name(records.get("r" + i));
      if (i < SHIFT || i >= ROWS) {
        assertEquals(i < SHIFT ? "left" : "right", name, "r" + i);
      } else {
        middle.add(name);
      }
    }
    assertEquals(1, middle.size(), "the rows that both wrote are those of one of them");
    try (Index index = Index.open(place)) {
      NamespaceStats stats = index.namespace("both").stats();
      assertEquals(SHIFT + ROWS, stats.records());
    }
  }

  /** All of one driver, and nothing of the other. */
  private static void replaced(Path place, List<String> ends) {
    assertTrue(
        ends.contains("replaced") && Set.of("replaced", "overtaken").containsAll(ends),
        ends::toString);
    Map<String, String> records = Written.records(place, "one");
    String name = name(records.values().iterator().next());
    int from = SHIFT * NAMES.indexOf(name);
    assertEquals("replaced", ends.get(NAMES.indexOf(name)));
    assertEquals(ids(from, from + ROWS), records.keySet());
    records.values().forEach(record -> assertEquals(name, name(record)));
  }

  private static Set<String> ids(int from, int to) {
    Map<String, String> ids = new TreeMap<>();
    for (int i = from; i < to; i++) {
      ids.put("r" + i, "");
    }
    return ids.keySet();
  }

  private static String name(String record) {
    return record.contains("\"left\"") ? "left" : record.contains("\"right\"") ? "right" : record;
  }
}
