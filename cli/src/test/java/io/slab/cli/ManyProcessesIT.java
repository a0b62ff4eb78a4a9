package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes write, delete, flush, compact and collect in one directory at once, and some of
 * them are killed with SIGKILL. Afterwards every acknowledged record is there exactly once, every
 * acknowledged delete holds, and nothing is there by halves.
 */
class ManyProcessesIT {
  private static final int ROUNDS = Breadth.of(2, 60);
  private static final int RECORDS = 3_000;
  private static final int BATCH = 20;

  /** Longer than a killed or slow process takes from uploading a slab to naming it. */
  private static final String MIN_AGE = "60s";

  private static final Pattern ACKNOWLEDGED = Pattern.compile("\"acknowledged\":(\\d+)");

  @TempDir Path folder;

  private final long seed = Seeds.of("ManyProcessesIT");
  private final SplittableRandom random = new SplittableRandom(seed);

  /** For each writer the number of records acknowledged. */
  private final Map<String, Integer> acknowledged = new HashMap<>();

  /** Writers whose records were deleted; false when that is not known. */
  private final Map<String, Boolean> deleted = new HashMap<>();

  private int kills;

  private final class Running {
    final Process process;
    final Path output;
    final boolean doomed;

    Running(String name, boolean doomed, String... words) throws IOException {
      this.doomed = doomed;
      output = folder.resolve(name + ".out");
      process =
          new ProcessBuilder(Processes.slab(words))
              .redirectOutput(output.toFile())
              .redirectError(folder.resolve(name + ".err").toFile())
              .start();
    }

    /** Waits until it printed something, if it does, and some time more. */
    void await(long millis) throws Exception {
      while (Files.size(output) == 0 && process.isAlive()) {
        Thread.sleep(5);
      }
      process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** True when it came to its end by itself and well. */
    boolean end() throws Exception {
      if (doomed) {
        kills += process.isAlive() ? 1 : 0;
        process.destroyForcibly();
      }
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), output + " does not end");
      if (!doomed) {
        String err = Files.readString(Path.of(output.toString().replace(".out", ".err")));
        // 4: another process compacted the same slabs first.
        assertTrue(Set.of(0, 4).contains(process.exitValue()), err);
      }
      return process.exitValue() == 0;
    }
  }

  private static String record(String writer, int i) {
    return "{\"id\":\"%s-%05d\",\"values\":[%d,1],\"metadata\":{\"w\":\"%s\"}}\n"
        .formatted(writer, i, i, writer);
  }

  private Path file(String writer) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < RECORDS; i++) {
      text.append(record(writer, i));
    }
    return Files.writeString(folder.resolve(writer + ".jsonl"), text);
  }

  @Test
  void whatWasAcknowledgedIsThereExactlyOnce() throws Exception {
    Path index = folder.resolve("index");
    Shell shell = new Shell();
    shell.ok("create", index, "-d", 2);
    shell.ok(
        "configure",
        index,
        "--flush-records",
        300,
        "--l0-trigger",
        3,
        "--l1-trigger",
        2,
        "--threshold",
        "level0Rows=300");
    for (int round = 0; round < ROUNDS; round++) {
      round(index.toString(), round);
      check(shell, index);
    }
    shell.ok("compact", index, "--full");
    shell.ok("gc", index, "--min-age", 0, "--yes");
    check(shell, index);
    System.out.println(
        acknowledged.values().stream().mapToInt(n -> n).sum()
            + " records acknowledged, "
            + deleted.size()
            + " deletes, "
            + kills
            + " processes killed");
    assertTrue(kills > 0);
  }

  private void round(String index, int round) throws Exception {
    List<String> names = List.of("a" + round, "b" + round);
    List<Running> writers = new ArrayList<>();
    for (String name : names) {
      String file = file(name).toString();
      writers.add(
          new Running(
              name, name.startsWith("a"), "ingest", index, file, "-b", "" + BATCH, "-o", "ndjson"));
    }
    List<Running> others = new ArrayList<>();
    others.add(new Running("flush" + round, false, "flush", index));
    others.add(new Running("auto" + round, random.nextBoolean(), "compact", index));
    others.add(new Running("full" + round, random.nextBoolean(), "compact", index, "--full"));
    others.add(new Running("gc" + round, false, "gc", index, "--min-age", MIN_AGE, "--yes"));
    Running deleter = round == 0 ? null : deleter(index, "b" + (round - 1), random.nextBoolean());
    for (Running writer : writers) {
      if (writer.doomed) {
        writer.await(random.nextLong(700));
        writer.end();
      }
    }
    for (Running other : others) {
      other.process.waitFor(random.nextLong(1_500), TimeUnit.MILLISECONDS);
      other.end();
    }
    for (int i = 0; i < names.size(); i++) {
      boolean whole = writers.get(i).end();
      int count = acknowledged(writers.get(i).output);
      assertTrue(!whole || count == RECORDS, count + " acknowledged by a writer that ended well");
      acknowledged.put(names.get(i), count);
    }
    if (deleter != null) {
      deleted.put("b" + (round - 1), deleter.end());
    }
  }

  private Running deleter(String index, String writer, boolean doomed) throws Exception {
    String filter = "{\"w\":\"" + writer + "\"}";
    Running deleter =
        new Running("delete" + writer, doomed, "delete", index, "--filter", filter, "--yes");
    if (doomed) {
      deleter.process.waitFor(500 + random.nextLong(2_000), TimeUnit.MILLISECONDS);
    }
    return deleter;
  }

  private static int acknowledged(Path output) throws IOException {
    int last = 0;
    Matcher matcher = ACKNOWLEDGED.matcher(Files.readString(output));
    while (matcher.find()) {
      last = Integer.parseInt(matcher.group(1));
    }
    return last;
  }

  private void check(Shell shell, Path index) {
    List<String> ids = shell.ok("list", index, "--all").lines().skip(1).toList();
    Set<String> there = new HashSet<>(ids);
    assertEquals(ids.size(), there.size(), "an id is listed twice");
    int counted = 0;
    for (String writer : acknowledged.keySet()) {
      int count = 0;
      while (there.contains(writer + "-%05d".formatted(count))) {
        count++;
      }
      counted += count;
      if (deleted.getOrDefault(writer, false)) {
        assertEquals(0, count, writer + " was deleted");
      } else if (deleted.containsKey(writer)) {
        assertTrue(count == 0 || count == RECORDS, writer + " was deleted by halves: " + count);
      } else {
        assertTrue(count >= acknowledged.get(writer), writer + " lost some, has " + count);
        assertEquals(0, count % BATCH, writer + " has a batch by halves");
      }
    }
    assertEquals(ids.size(), counted, "records that no process wrote, or holes");
    String stats = shell.ok("stats", index, "-j");
    assertTrue(stats.contains("\"totalVectorCount\": " + ids.size()), stats);
    Shell.Result verified = shell.run("verify", index);
    assertEquals(0, verified.code(), verified.out() + verified.err());
  }
}
