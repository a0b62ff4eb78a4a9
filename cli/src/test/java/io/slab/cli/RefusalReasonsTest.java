package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A refusal says why, where, and what would help. */
class RefusalReasonsTest {
  private static final String MIGRATE = "migrate-from-pod-export";

  @TempDir Path folder;
  private final Shell shell = new Shell();

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Shell.Result code(int code, Object... words) {
    Shell.Result result = shell.run(words);
    assertEquals(code, result.code(), result.err());
    return result;
  }

  private static void assertSays(Shell.Result result, String... texts) {
    for (String text : texts) {
      assertTrue(result.err().contains(text), () -> text + "\nis not in\n" + result.err());
    }
  }

  private Path target() {
    return folder.resolve("index");
  }

  @Test
  void whereNothingCanBeReadTheFirstRecordIsTheReason() throws IOException {
    Path noId = write("noid.jsonl", "{\"text\":\"a\",\"embedding\":[0.1,0.2]}\n");
    assertSays(
        code(2, MIGRATE, noId, target(), "-m", "cosine"), "noid.jsonl:1: Record has no 'id'");
    Path commas = write("trail.jsonl", "{\"id\":\"a\",\"values\":[1,2]},\n".repeat(1200));
    assertSays(
        code(2, MIGRATE, commas, target(), "-m", "cosine", "--on-error", "skip"),
        "none of the first 1000 records can be read: ",
        "trail.jsonl:1: record 'a': Expected the end of the record but found ','");
    assertFalse(Files.exists(target()));
  }

  @Test
  void reasonsAreCountedByKindWithoutAFileOfRejects() throws IOException {
    StringBuilder text = new StringBuilder("{\"id\":\"a\",\"values\":[1,2]}\n");
    for (int i = 0; i < 12; i++) {
      text.append("{\"id\":\"b").append(i).append("\",\"values\":[1").append(",1".repeat(i + 2));
      text.append("]}\n{\"id\":\"c\",\"values\":[1,2],\"metadata\":{\"f")
          .append(i)
          .append("\":[1]}}\n");
    }
    Path file = write("mixed.jsonl", text.toString());
    Shell.Result migrated =
        code(8, MIGRATE, file, target(), "-m", "cosine", "--on-error", "skip", "--json");
    assertSays(
        migrated,
        "refused 12 x Vector dimension 3 does not match the dimension of the index 2 (first: "
            + file
            + ":2)",
        "refused 12 x Metadata value must be",
        "(first: " + file + ":3); --nested text stores");
    assertTrue(migrated.out().contains("\"refusals\":[{\"reason\":\"Vector dimension 3"));
    code(0, "create", folder.resolve("other"), "-d", 2);
    Shell.Result ingested =
        code(8, "ingest", folder.resolve("other"), file, "--on-error", "skip", "--json");
    assertSays(ingested, "refused 12 x Vector dimension 3", "--nested text stores");
    assertTrue(ingested.out().contains("\"refusals\""), ingested.out());
    shell.input(text.toString());
    assertSays(
        code(8, "ingest", folder.resolve("other"), "-", "--on-error", "skip"),
        "refused 12 x Vector dimension 3",
        "(first: stdin:3); --nested text stores");
  }

  @Test
  void aRunThatWroteNothingLeavesNothingInTheWay() throws IOException {
    String nested = "{\"id\":\"b\",\"values\":[3,4],\"metadata\":{\"o\":{\"x\":1}}}\n";
    Path file = write("a.jsonl", "{\"id\":\"a\",\"values\":[1,2]}\n" + nested);
    Shell.Result stopped = code(8, MIGRATE, file, target(), "-m", "euclidean");
    assertSays(stopped, "a.jsonl:2: record 'b'", "--nested text stores", "nothing was written yet");
    assertFalse(Files.exists(target()));
    code(0, MIGRATE, file, target(), "-m", "cosine", "--nested", "text", "--verify");
    assertEquals("b\n", shell.ok("list", target(), "--all", "-o", "tsv").substring(5));
    // A pipe or an ingest is told the same.
    code(0, "create", folder.resolve("other"), "-d", 2);
    assertSays(code(8, "ingest", folder.resolve("other"), file), "--nested text stores");
    shell.input(nested);
    assertSays(code(8, "ingest", folder.resolve("other"), "-"), "--nested text stores");
  }

  @Test
  void sparseValuesThatComeLateNameTheOptionForThem() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1100; i++) {
      text.append("{\"id\":\"r").append(i).append("\",\"values\":[1,2]}\n");
    }
    text.append(
        "{\"id\":\"h\",\"values\":[1,2],\"sparse_values\":{\"indices\":[3],\"values\":[0.5]}}\n");
    Path file = write("late.jsonl", text.toString());
    assertSays(
        code(8, MIGRATE, file, target(), "-m", "dotproduct"),
        "late.jsonl:1101: record 'h'",
        "--vector-type hybrid makes an index of records with both; --drop-sparse leaves");
    assertFalse(Files.exists(target()));
    code(0, MIGRATE, file, target(), "-m", "dotproduct", "--vector-type", "hybrid", "--verify");
  }

  @Test
  void namesOfNamespacesAreCheckedBeforeAnythingIsWritten() throws IOException {
    String list = "[{\"id\":\"a\",\"values\":[1,2]}]";
    Path file =
        write("ns.json", "{\"good\":" + list + ",\"" + "x".repeat(600) + "\":" + list + "}");
    Shell.Result dry = code(8, MIGRATE, file, target(), "-m", "cosine", "--dry-run");
    assertSays(dry, "refused 1 x ", "ns.json record 1");
    Shell.Result stopped = code(8, MIGRATE, file, target(), "-m", "cosine");
    assertSays(stopped, "ns.json record 1", "nothing was written yet");
    assertFalse(Files.exists(target()));
    code(8, MIGRATE, file, target(), "-m", "cosine", "--on-error", "skip");
    assertEquals(
        List.of("good"),
        shell
            .ok("namespace", "list", target(), "-o", "tsv")
            .lines()
            .skip(1)
            .map(RefusalReasonsTest::first)
            .toList());
  }

  private static String first(String row) {
    return row.split("\t")[0];
  }

  @Test
  void aTargetThatCannotBeWrittenIsFoundBeforeReading() throws IOException {
    Path file = write("a.jsonl", "{\"id\":\"a\",\"values\":[1,2]}\n");
    Path inAFile = write("plain", "x").resolve("index");
    Shell.Result result =
        code(2, MIGRATE, file, inAFile, "-m", "cosine", "--work", folder.resolve("w"));
    assertTrue(result.err().contains("plain"), result.err());
    assertFalse(Files.exists(folder.resolve("w")));
  }
}
