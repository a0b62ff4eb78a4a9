package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a real ingest at random moments: what it reported as done is there, and nothing is there by
 * halves.
 */
class IngestKillIT {
  private static final int ROUNDS = Breadth.of(3, 100);
  private static final int RECORDS = 24_000;
  private static final int BATCH = 100;
  private static final Pattern ACKNOWLEDGED = Pattern.compile("\"acknowledged\":(\\d+)");

  @TempDir Path folder;

  @Test
  void acknowledgedRecordsSurviveAndNoneIsHalfThere() throws Exception {
    long seed = Seeds.of("IngestKillIT.acknowledgedRecordsSurviveAndNoneIsHalfThere");
    SplittableRandom random = new SplittableRandom(seed);
    Path records = folder.resolve("records.jsonl");
    Files.writeString(records, records());
    long whole = 3000;
    for (int round = 0; round < ROUNDS; round++) {
      // Later rounds kill anywhere in the time that the longest run so far needed, its start-up
      // included.
      whole =
          Math.max(
              whole, round(records, folder.resolve("index" + round), 100 + random.nextLong(whole)));
    }
  }

  private static String records() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < RECORDS; i++) {
      text.append(record(i)).append('\n');
    }
    return text.toString();
  }

  private static String record(int i) {
    return "{\"id\":\"%06d\",\"values\":[%d,1],\"metadata\":{\"n\":%d,\"tags\":[\"t%d\"]}}"
        .formatted(i, i, i, i % 7);
  }

  private long round(Path records, Path index, long millis) throws Exception {
    Shell shell = new Shell();
    shell.ok("create", index, "-d", 2);
    Path output = folder.resolve("events");
    long began = System.nanoTime();
    Process process =
        new ProcessBuilder(
                Processes.slab(
                    "ingest",
                    index.toString(),
                    records.toString(),
                    "-b",
                    "" + BATCH,
                    "-o",
                    "ndjson"))
            .redirectOutput(output.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
    check(shell, index, acknowledged(output), ended);
    // The same command again completes the work.
    shell.ok("ingest", index, records);
    assertEquals(RECORDS, shell.ok("list", index, "--all").lines().count() - 1);
    return ended ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) / 2;
  }

  private static int acknowledged(Path output) throws IOException {
    int last = 0;
    Matcher matcher = ACKNOWLEDGED.matcher(Files.readString(output));
    while (matcher.find()) {
      last = Integer.parseInt(matcher.group(1));
    }
    return last;
  }

  private static void check(Shell shell, Path index, int acknowledged, boolean ended) {
    List<String> rows =
        shell
            .ok("fetch", index, "-f", "{\"n\":{\"$gte\":0}}", "-l", RECORDS + 1, "-o", "ndjson")
            .lines()
            .toList();
    int there = rows.size() - 1;
    System.out.println(
        "killed with "
            + acknowledged
            + " acknowledged, "
            + there
            + " there"
            + (ended ? ", after its end" : ""));
    // More batches may be durable whose reports did not get out any more: those that were committed
    // together.
    assertTrue(there >= acknowledged, acknowledged + " acknowledged, " + there + " there");
    assertEquals(0, there % BATCH, "a batch is there by halves");
    for (int i = 0; i < there; i++) {
      String expected = "{\"type\":\"record\"," + record(i).substring(1);
      assertEquals(expected, rows.get(i));
    }
    assertEquals(0, shell.run("verify", index).code());
    if (ended) {
      assertEquals(RECORDS, there);
    }
  }

  @Test
  void anInterruptEndsWith130AndOneLine() throws Exception {
    Path index = folder.resolve("index");
    new Shell().ok("create", index, "-d", 2);
    // It waits for stdin, which stays open.
    Process process = new ProcessBuilder(Processes.slab("ingest", index.toString(), "-")).start();
    process.getOutputStream().write((record(0) + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    Thread.sleep(1500);
    new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(130, process.exitValue());
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(
        "slab: interrupted; what was acknowledged is safe, run the command again to go on\n",
        err.substring(err.indexOf("slab:")));
  }
}
