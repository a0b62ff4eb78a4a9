package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code slab migrate-from-pod-export}, as a user runs it, and killed as a user would rather not.
 */
class MigrateIT {
  private static final int KILLS = Breadth.of(2, 30);
  private static final String VERB = "migrate-from-pod-export";

  @TempDir Path folder;

  private final Shell shell = new Shell();

  private static String record(int i, int id) {
    return "{\"id\":\"%05d\",\"values\":[%d,1,%d.5],\"metadata\":{\"n\":%d,\"gone\":null}}\n"
        .formatted(id, i, i % 7, i);
  }

  /** Records whose ids come twice now and then, and broken ones. */
  private Path export(String name, int records, long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < records; i++) {
      if (random.nextInt(100) == 0) {
        text.append("{\"id\":\"bad").append(i).append("\",\"values\":[1]}\n");
      } else {
        text.append(record(i, random.nextInt(records)));
      }
    }
    return Files.writeString(folder.resolve(name), text);
  }

  private List<String> ids(Path index) {
    return shell.ok("list", index, "--all").lines().toList();
  }

  @Test
  void aDryRunForetellsTheMigrationAndTheVerificationProvesIt() throws Exception {
    Path source = export("export.jsonl", 2_000, 5);
    Path index = folder.resolve("index");
    Shell.Result dry = shell.run(VERB, source, index, "-m", "euclidean", "--dry-run", "-o", "json");
    assertEquals(8, dry.code(), dry.err());
    assertFalse(Files.exists(index));
    assertTrue(dry.err().contains("estimate: "), dry.err());
    Path report = folder.resolve("report.json");
    Path page = folder.resolve("report.html");
    Path rejects = folder.resolve("rejects.jsonl");
    Shell.Result real =
        shell.run(
            VERB,
            source,
            index,
            "-m",
            "euclidean",
            "--on-error",
            "skip",
            "--rejects",
            rejects,
            "--verify",
            "--report",
            report,
            "--page",
            page,
            "-o",
            "json");
    assertEquals(8, real.code(), real.err());
    assertTrue(
        real.err().contains("every record written is in the index as it was read"), real.err());
    assertTrue(real.err().contains("not as in the source: "), real.err());
    assertFalse((real.err() + Files.readString(page)).contains("bit for bit"), real.err());
    String totals = "\"totals\":{";
    assertEquals(after(dry.out(), totals, "}"), after(real.out(), totals, "}"));
    assertEquals(
        after(dry.out(), "\"duplicatesIdentical\"", "\"written\""),
        after(real.out(), "\"duplicatesIdentical\"", "\"written\""));
    assertTrue(Files.readString(report).contains("\"status\":\"partial\""));
    assertTrue(
        Files.readString(page).contains("null_dropped")
            || Files.readString(page).contains("left out"));
    long refused = Files.readAllLines(rejects).size();
    assertTrue(
        refused > 0 && Files.readString(rejects).contains("\"reason\":\"Vector dimension 1"));
    assertFalse(Files.exists(folder.resolve("index.migration")));
    assertEquals(0, shell.run("verify", index).code());
    // Another program changes a record: the proof must not hold any more.
    String id = ids(index).get(1);
    shell.ok("update", index, "--id", id, "--metadata", "{\"n\":-1}");
    Shell.Result differs = shell.run(VERB, source, index, "-m", "euclidean", "--verify-only");
    assertEquals(6, differs.code(), differs.err());
    assertTrue(differs.err().contains("1 records differ"), differs.err());
  }

  private static String after(String text, String from, String to) {
    int start = text.indexOf(from);
    assertTrue(start >= 0, text);
    return text.substring(start, text.indexOf(to, start));
  }

  @Test
  void killedAgainAndAgainItGoesOnWithoutLosingOrDoublingARecord() throws Exception {
    long seed = Seeds.of("MigrateIT.killedAgainAndAgainItGoesOnWithoutLosingOrDoublingARecord");
    SplittableRandom random = new SplittableRandom(seed);
    Path source = export("export.jsonl", 24_000, seed);
    Path whole = folder.resolve("whole");
    Path refused = folder.resolve("refused");
    Shell.Result undisturbed =
        shell.run(
            VERB, source, whole, "-m", "dotproduct", "--on-error", "skip", "--rejects", refused);
    assertEquals(8, undisturbed.code(), undisturbed.err());
    Path index = folder.resolve("index");
    Path rejects = folder.resolve("rejects");
    List<String> command =
        Processes.slab(
            VERB,
            source.toString(),
            index.toString(),
            "-m",
            "dotproduct",
            "--on-error",
            "skip",
            "--rejects",
            rejects.toString(),
            "--verify");
    // A small heap makes small runs, and many of them.
    command.add(1, "-Xmx48m");
    assertEquals(8, killedUntilItEnds(command, random), said());
    String said = said();
    assertTrue(said.contains("every record written is in the index as it was read"), said);
    assertEquals(ids(whole), ids(index));
    assertEquals(Files.readString(refused), Files.readString(rejects));
    assertEquals(whatWasRead(undisturbed.err()), whatWasRead(said));
    assertFalse(Files.exists(folder.resolve("index.migration")));
    assertEquals(0, shell.run("verify", index).code());
  }

  /** The line of what was read, without what was written by the last process. */
  private static String whatWasRead(String said) {
    return said.lines()
        .filter(line -> line.startsWith("read "))
        .findFirst()
        .get()
        .replaceFirst("; wrote .*", "");
  }

  private String said() throws IOException {
    return Files.readString(folder.resolve("said"));
  }

  /** Starts a command again each time that it was killed; the exit code of the one that ended. */
  private int killedUntilItEnds(List<String> command, SplittableRandom random) throws Exception {
    int kills = 0;
    int code = -1;
    while (code < 0) {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("said").toFile())
              .start();
      boolean spared = kills == KILLS;
      boolean ended =
          process.waitFor(spared ? 300_000 : 500 + random.nextLong(3_000), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      code = ended ? process.exitValue() : -1;
      kills += ended ? 0 : 1;
      assertTrue(ended || !spared, "it does not end");
    }
    System.out.println(kills + " kills");
    return code;
  }

  private int indexes;

  /** The words of a verified migration of these lines, and its page. */
  private String told(String lines, Object... options) throws IOException {
    Path source = Files.writeString(folder.resolve("told.jsonl"), lines.replace('\'', '"'));
    Path page = folder.resolve("told.html");
    Path index = folder.resolve("told-" + ++indexes);
    List<Object> words =
        new ArrayList<>(
            List.of(VERB, source, index, "-m", "euclidean", "--verify", "--page", page));
    words.addAll(List.of(options));
    Shell.Result result = shell.run(words.toArray());
    assertEquals(0, result.code(), result.err());
    return result.err() + Files.readString(page);
  }

  @Test
  void onlyWhatIsThereBitForBitIsSaidToBe() throws Exception {
    String whole = "{'id':'a','values':[1,2],'metadata':{'n':1}}\n";
    String told = told(whole);
    assertTrue(told.contains("every record written is in the index, bit for bit"), told);
    assertTrue(told.contains("every record of the source is in the index, bit for bit."), told);
    String nulls = whole + "{'id':'b','values':[1,2],'metadata':{'n':null}}\n";
    String big = whole + "{'id':'b','values':[1,2],'metadata':{'n':9007199254740993}}\n";
    String nested = whole + "{'id':'b','values':[1,2],'metadata':{'n':{'x':1}}}\n";
    String other = whole + "{'id':'b','values':[1,2],'metadata':{},'text':'lost'}\n";
    String number = whole.replace("'a'", "7");
    String again = whole + "{'id':'a','values':[3,4]}\n";
    String digits = whole + "{'id':'b','values':[1,2],'metadata':{'n':0.12345678901234567891}}\n";
    assertChanged(told(digits), "1 decimals of more digits than a 64-bit float holds, rounded");
    assertChanged(told(nulls), "1 metadata values that were null or NaN, left out");
    assertChanged(told(big), "1 whole numbers that no 64-bit float holds exactly, rounded");
    assertChanged(told(nested, "--nested", "drop"), "1 nested metadata values, left out");
    assertChanged(told(nested, "--nested", "text"), "1 nested metadata values, stored as");
    assertChanged(told(other), "1 members that are no part of a record, left out");
    assertChanged(told(number), "1 ids that were numbers, turned into text");
    assertChanged(told(again), "1 records left out for a later one of the same id");
  }

  @Test
  void fewerRecordsThanTheExportSaysAreNotAllThatItHolds() throws Exception {
    Path source = Files.createDirectory(folder.resolve("short"));
    Files.writeString(source.resolve("n.jsonl"), "{\"id\":\"a\",\"values\":[1,2]}\n");
    Files.writeString(
        source.resolve("manifest.json"),
        "{\"namespaces\":{\"n\":{\"file\":\"n.jsonl\",\"count\":3}}}");
    Path index = folder.resolve("shortened");
    Shell.Result dry = shell.run(VERB, source, index, "-m", "euclidean", "--dry-run");
    assertEquals(8, dry.code(), dry.err());
    Shell.Result real = shell.run(VERB, source, index, "-m", "euclidean", "--verify");
    assertEquals(8, real.code(), real.err());
    assertTrue(real.err().contains("the export says 3, found 1"), real.err());
    assertFalse(real.err().contains("bit for bit"), real.err());
  }

  private static void assertChanged(String told, String change) {
    assertFalse(told.contains("bit for bit"), told);
    assertTrue(told.contains("warning: not as in the source: " + change), told);
    assertTrue(told.contains("<li>" + change), told);
    assertTrue(told.contains("as it was read, which is not all that the source holds:"), told);
  }

  @Test
  void theTrueReasonIsSaidWhenNoRecordCanBeRead() throws Exception {
    Path noIds =
        Files.writeString(
            folder.resolve("noid.jsonl"),
            "{\"text\":\"a\",\"embedding\":[0.1,0.2]}\n{\"embedding\":[0.1,0.2]}\n");
    Path commas =
        Files.writeString(
            folder.resolve("trail.jsonl"),
            "{\"id\":\"a\",\"values\":[1,2]},\n{\"id\":\"b\",\"values\":[1,2]},\n");
    Path index = folder.resolve("index");
    Shell.Result ids = shell.run(VERB, noIds, index, "-m", "cosine");
    assertEquals(2, ids.code(), ids.err());
    assertTrue(ids.err().contains("none of the first 2 records can be read"), ids.err());
    assertTrue(ids.err().contains("noid.jsonl:1") && ids.err().contains("no 'id'"), ids.err());
    Shell.Result trailing = shell.run(VERB, commas, index, "-m", "cosine", "--on-error", "skip");
    assertEquals(2, trailing.code(), trailing.err());
    assertTrue(trailing.err().contains("trail.jsonl:1"), trailing.err());
    assertFalse(Files.exists(index));
  }

  @Test
  void namesOfNamespacesAreCheckedBeforeAnythingIsWritten() throws Exception {
    String record = "[{\"id\":\"a\",\"values\":[1,2]}]";
    Path source =
        Files.writeString(
            folder.resolve("ns.json"),
            "{\"good\":" + record + ",\"" + "x".repeat(600) + "\":" + record + "}");
    Path index = folder.resolve("index");
    assertEquals(8, shell.run(VERB, source, index, "-m", "cosine", "--dry-run").code());
    Shell.Result stopped = shell.run(VERB, source, index, "-m", "cosine");
    assertEquals(8, stopped.code(), stopped.err());
    assertTrue(stopped.err().contains("namespace name is too long"), stopped.err());
    assertFalse(Files.exists(index.resolve("index.json")), "an index that nothing was written to");
    Shell.Result skipped = shell.run(VERB, source, index, "-m", "cosine", "--on-error", "skip");
    assertEquals(8, skipped.code(), skipped.err());
    assertEquals(
        List.of("a"),
        shell
            .ok("list", index, "--all", "-n", "good")
            .lines()
            .filter(l -> !l.equals("id"))
            .toList());
  }

  @Test
  void whatCannotBeIsSaid() throws Exception {
    Path source = Files.writeString(folder.resolve("a.jsonl"), record(1, 1));
    Path index = folder.resolve("index");
    Shell.Result noMetric = shell.run(VERB, source, index);
    assertEquals(2, noMetric.code());
    assertTrue(noMetric.err().contains("pass --metric cosine"), noMetric.err());
    assertEquals(3, shell.run(VERB, folder.resolve("none"), index, "-m", "cosine").code());
    assertEquals(2, shell.run(VERB, source).code());
    assertEquals(2, shell.run(VERB, source, index, "--shape", "nonsense").code());
    assertEquals(2, shell.run(VERB, source, index, "--nested", "nonsense").code());
    assertEquals(2, shell.run(VERB, source, index, "--max-errors", "3").code());
    assertEquals(
        2, shell.run(VERB, source, index, "-m", "cosine", "--report", "/no/such/folder/r").code());
    assertFalse(Files.exists(index));
    shell.ok("create", index, "-d", 3, "-m", "euclidean");
    Shell.Result other = shell.run(VERB, source, index, "-m", "cosine");
    assertEquals(2, other.code());
    assertTrue(other.err().contains("scores would change"), other.err());
    assertEquals(0, shell.run(VERB, source, index).code());
  }
}
