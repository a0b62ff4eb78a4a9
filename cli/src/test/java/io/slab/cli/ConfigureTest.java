package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thresholds and the dedicated profile, from the option to the slabs that they make. */
class ConfigureTest {
  private static final int RECORDS = 400;

  @TempDir Path folder;

  private final Shell shell = new Shell();
  private Path index;

  @BeforeEach
  void create() {
    index = folder.resolve("books");
    shell.ok("create", index, "-d", 2, "-m", "euclidean");
  }

  private static String records(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(
          "{\"id\":\"r%04d\",\"values\":[%d,1],\"metadata\":{\"n\":%d}}\n".formatted(i, i, i));
    }
    return text.toString();
  }

  @Test
  void theDedicatedProfileReachesLevel3() {
    shell.ok(
        "configure",
        index,
        "--level-profile",
        "dedicated",
        "--flush-records",
        10,
        "--l0-trigger",
        3,
        "--l1-trigger",
        2,
        "--l2-trigger",
        2,
        "--threshold",
        "level0Rows=10");
    String described = shell.ok("describe", index, "-j");
    assertTrue(
        described.contains(
            "\"settings\": {\"__default__\":{\"profile\":\"dedicated\",\"level0Rows\":10,"
                + "\"level0Slabs\":3,\"level1Slabs\":2,\"level2Slabs\":2,\"memtableRecords\":10,"
                + "\"topLevel\":3}}"),
        described);
    int rounds = 8;
    for (int round = 0; round < rounds; round++) {
      int from = round * RECORDS / rounds;
      shell.input(records(from, from + RECORDS / rounds));
      shell.ok("ingest", index, "-", "-b", 10, "--flush");
      shell.ok("compact", index);
    }
    String stats = shell.ok("stats", index, "-j");
    assertTrue(stats.contains("\"L3\":{"), stats);
    assertTrue(stats.contains("\"totalVectorCount\": " + RECORDS), stats);
    assertEquals(
        "id\tscore\nr0123\t0.0625\nr0124\t0.5625\n",
        shell.ok("query", index, "-v", "[123.25,1]", "-k", 2, "--fields", "id,score"));
    assertEquals(0, shell.run("verify", index, "--level", "deep").code());
    // The standard profile leaves what is there alone and makes no more of it.
    shell.ok("configure", index, "--level-profile", "standard");
    assertTrue(shell.ok("describe", index, "-j").contains("\"profile\":\"standard\""));
    shell.ok("compact", index, "--full");
    assertTrue(shell.ok("stats", index, "-j").contains("\"totalVectorCount\": " + RECORDS));
  }

  @Test
  void thresholdsAreOfANamespaceAndDryRunsChangeNothing() {
    shell.input(records(0, 3));
    shell.ok("ingest", index, "-", "--namespace", "other");
    String before = shell.ok("describe", index, "-j");
    Shell.Result dry =
        shell.run("configure", index, "-n", "other", "--flush-records", 7, "--dry-run", "-j");
    assertTrue(dry.out().contains("\"memtableRecords\":7"), dry.out());
    assertTrue(dry.err().startsWith("dry run: namespace other would have other thresholds"));
    assertEquals(before, shell.ok("describe", index, "-j"));
    shell.ok("configure", index, "--all-namespaces", "--flush-records", 7);
    assertTrue(
        shell
            .ok("namespace", "describe", index, "--name", "other", "-j")
            .contains("\"memtableRecords\":7"));
    Shell.Result again = shell.run("configure", index, "-n", "other", "--flush-records", 7);
    assertTrue(again.err().startsWith("namespace other had these thresholds already"), again.err());
  }

  @Test
  void whatIsDueIsNamed() {
    shell.ok("configure", index, "--flush-records", 10, "--l0-trigger", 3);
    String none = shell.ok("stats", index, "-j", "--fields", "compactionDue,flushedLogObjects");
    assertEquals("{\"compactionDue\":[],\"flushedLogObjects\":0}", none.replaceAll("\\s", ""));
    for (int i = 0; i < 2; i++) {
      shell.input(records(10 * i, 10 * i + 10));
      assertTrue(shell.run("ingest", index, "-", "--flush").err().contains("next: slab list"));
    }
    shell.input(records(20, 29));
    shell.ok("ingest", index, "-");
    String due = "next: slab compact " + index + " (level 0 is full: 3 slabs with 29 records, ";
    Shell.Result flushed = shell.run("flush", index);
    assertTrue(flushed.err().contains(due), flushed.err());
    String stats = shell.ok("stats", index, "-j");
    assertTrue(stats.contains("\"reason\":\"level 0 is full: 3 slabs with 29 records, "), stats);
    assertTrue(
        stats.contains("\"inputs\":3,\"level\":\"L1\",\"rowsIn\":29,\"rowsOut\":29,"), stats);
    shell.input(records(29, 30));
    Shell.Result ingested = shell.run("ingest", index, "-");
    assertTrue(ingested.err().contains("next: slab flush " + index + ", then slab compact "));
    shell.ok("compact", index);
    assertTrue(shell.run("flush", index).err().contains("next: slab stats"));
  }

  @Test
  void mistakesAreNamedBeforeAnythingChanges() {
    for (String[] words :
        new String[][] {
          {},
          {"--level-profile", "large"},
          {"--flush-records", "0"},
          {"--flush-records", "10001"},
          {"--threshold", "levelZero=3"},
          {"--threshold", "topLevel=4"},
          {"--deletion-protection", "on"}
        }) {
      Object[] all = new Object[words.length + 2];
      all[0] = "configure";
      all[1] = index;
      System.arraycopy(words, 0, all, 2, words.length);
      Shell.Result result = shell.run(all);
      assertEquals(2, result.code(), result.err());
      assertTrue(result.err().contains("hint:"), result.err());
    }
    assertEquals(
        3, shell.run("configure", index, "-n", "none", "--level-profile", "dedicated").code());
  }
}
