package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing is changed or left out without a word, through both ways into an index. */
class ChangedValuesIT {
  private static final String MIGRATE = "migrate-from-pod-export";
  private static final String ROUNDED = " vectors with numbers that no 32-bit float holds, rounded";

  @TempDir Path folder;
  private final Shell shell = new Shell();

  private static String record(String id, String values) {
    return "{\"id\":\"" + id + "\",\"values\":[" + values + "]}";
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Path npy(String name, int rows) throws IOException {
    String head = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, 2), }".formatted(rows);
    ByteBuffer out = ByteBuffer.allocate(128 + 8 * rows).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
    out.put((String.format("%-117s", head) + '\n').getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < rows; i++) {
      out.putFloat(1).putFloat(i);
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, out.array());
  }

  private Path index(String name) {
    Path index = folder.resolve(name);
    shell.ok("create", index, "-d", 2, "-m", "euclidean");
    return index;
  }

  private Shell.Result code(int code, Object... words) {
    Shell.Result result = shell.run(words);
    assertEquals(code, result.code(), result.err());
    return result;
  }

  private List<String> ids(Path index, String namespace) {
    return shell.ok("list", index, "-n", namespace, "--all", "-o", "tsv").lines().skip(1).toList();
  }

  private static String compact(Shell.Result result) {
    return result.out().replaceAll("\\s+", "");
  }

  /** An export of records a and b, of which b has other numbers than a 32-bit float holds. */
  private Path rounded(String name, String values) throws IOException {
    String a = record("a", "0.1,16777216");
    String b = record("b", values);
    return switch (name) {
      case "t.csv" -> write(name, "id,values\na,\"[0.1,2]\"\nb,\"[" + values + "]\"\n");
      case "list.json" -> write(name, "[" + a + "," + b + "]");
      default -> write(name, a + "\n" + b + "\n");
    };
  }

  @ParameterizedTest
  @CsvSource({
    "lines.jsonl, '1,16777217'",
    "lines.jsonl, '1,1e-50'",
    "list.json, '1,16777217'",
    "list.json, '-1e-50,1'",
    "t.csv, '1,123456789'",
    "t.csv, '1,1e-50'"
  })
  void roundedVectorsAreSaid(String name, String values) throws IOException {
    Path export = rounded(name, values);
    Shell.Result text =
        code(0, MIGRATE, export, folder.resolve("text"), "-m", "euclidean", "--verify");
    assertFalse(text.err().contains("bit for bit"), text.err());
    assertTrue(text.err().contains("not as in the source: 1" + ROUNDED), text.err());
    Shell.Result json =
        code(0, MIGRATE, export, folder.resolve("json"), "-m", "euclidean", "-o", "json");
    String report = compact(json);
    assertTrue(report.contains("\"kind\":\"values_rounded\",\"effect\":\"rounded\""), report);
    assertTrue(report.contains("\"changes\":[\"1vectorswith"), report);
    Shell.Result ingest = code(0, "ingest", index("in"), export, "-q", "-o", "json");
    assertTrue(ingest.err().contains("found 1" + ROUNDED), ingest.err());
    assertTrue(compact(ingest).contains("\"kind\":\"values_rounded\""), ingest.out());
    if (!name.endsWith(".csv")) {
      shell.input(Files.readString(export));
      Shell.Result piped = code(0, "ingest", index("piped"), "-", "-o", "json");
      assertTrue(compact(piped).contains("\"kind\":\"values_rounded\""), piped.out());
    }
  }

  @Test
  void whatEverybodyReadsIsNoRemark() throws IOException {
    Path export = rounded("lines.jsonl", "0.1,33554432");
    Shell.Result text =
        code(0, MIGRATE, export, folder.resolve("text"), "-m", "euclidean", "--verify");
    assertTrue(text.err().contains("bit for bit"), text.err());
    Shell.Result ingest = code(0, "ingest", index("in"), export, "-o", "json");
    assertTrue(compact(ingest).contains("\"remarks\":[]"), ingest.out());
  }

  @Test
  void aLinkedFileIsReadForEachNamespace() throws IOException {
    write("e/a/x.jsonl", record("x", "1,2"));
    Files.createDirectories(folder.resolve("e/b"));
    Files.createDirectories(folder.resolve("e/c"));
    Files.createSymbolicLink(folder.resolve("e/b/x.jsonl"), Path.of("../a/x.jsonl"));
    Files.createLink(folder.resolve("e/c/x.jsonl"), folder.resolve("e/a/x.jsonl"));
    Path migrated = folder.resolve("migrated");
    Shell.Result json =
        code(0, MIGRATE, folder.resolve("e"), migrated, "-m", "euclidean", "-o", "json");
    assertTrue(compact(json).contains("\"totals\":{\"read\":3,"), json.out());
    for (String namespace : List.of("a", "b", "c")) {
      assertEquals(List.of("x"), ids(migrated, namespace));
    }
    Path ingested = index("ingested");
    code(0, "ingest", ingested, folder.resolve("e"), "-n", "b");
    assertEquals(List.of("x"), ids(ingested, "b"));
  }

  @Test
  void idsBesideAMatrixAreNotPassedOver() throws IOException {
    npy("m/b.npy", 2);
    Path ids = write("m/b_ids.txt", "x\ny\n");
    Path export = folder.resolve("m");
    Path migrated = folder.resolve("migrated");
    Shell.Result refused = code(2, MIGRATE, export, migrated, "-m", "euclidean");
    assertTrue(refused.err().contains("b_ids.txt may hold the ids"), refused.err());
    assertFalse(Files.exists(migrated));
    Path ingested = index("ingested");
    Shell.Result stopped = code(2, "ingest", ingested, export);
    assertTrue(stopped.err().contains("b_ids.txt may hold the ids"), stopped.err());
    Shell.Result some = code(8, "ingest", ingested, export, "--on-error", "skip", "-o", "json");
    assertTrue(compact(some).contains("b_ids.txt"), some.out());
    Shell.Result partial =
        code(8, MIGRATE, export, migrated, "-m", "euclidean", "--on-error", "skip", "-o", "json");
    assertTrue(compact(partial).contains("\"status\":\"partial\""), partial.out());
    Files.move(ids, ids.resolveSibling("ids.txt"));
    Path named = folder.resolve("named");
    code(0, MIGRATE, export, named, "-m", "euclidean");
    assertEquals(List.of("x", "y"), ids(named, "__default__"));
  }

  /** A migration ends with the same exit code and the same error when it is tried and when done. */
  private Shell.Result both(int code, Path export, Object... more) {
    Path target = folder.resolve("both" + Math.abs(System.nanoTime()));
    List<Object> words = new ArrayList<>(List.of(MIGRATE, export, target, "-m", "euclidean"));
    words.addAll(List.of(more));
    Shell.Result real = code(code, words.toArray());
    words.set(2, target + "-dry");
    words.add("--dry-run");
    Shell.Result dry = code(code, words.toArray());
    if (code != 8) {
      assertEquals(error(real.err()), error(dry.err()));
    }
    return dry;
  }

  private static String error(String text) {
    int at = text.indexOf("error: ");
    return at < 0 ? "" : text.substring(at);
  }

  @Test
  void aDryRunEndsAsTheMigrationWould() throws IOException {
    Path export = folder.resolve("e");
    write("e/a.jsonl", record("a", "1,2"));
    Path other = write("e/b.json", "[[0.1,0.2,0.3,0.4]]");
    Shell.Result dry = both(2, export);
    assertTrue(dry.err().contains("1 would be written"), dry.err());
    Files.delete(other);
    Path torn = write("e/c.parquet", "PAR1 torn");
    both(6, export);
    both(8, export, "--on-error", "skip");
    Files.delete(torn);
    // Damage that only reading to the end shows, far behind the records that are looked at first.
    tornGzip("e/d.jsonl.gz");
    both(6, export);
    both(8, export, "--on-error", "skip");
    // A refused record before it is what stops the run.
    write("e/a.jsonl", record("a", "1,2") + "\n" + record("b", "1"));
    both(8, export, "-d", "2");
    Files.move(folder.resolve("e/a.jsonl"), folder.resolve("e/z.jsonl"));
    both(6, export, "-d", "2");
  }

  private void tornGzip(String name) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    SplittableRandom random = new SplittableRandom(1);
    try (OutputStream out = new GZIPOutputStream(packed)) {
      for (int i = 0; i < 60_000; i++) {
        String line = record("d" + i, random.nextDouble() + "," + random.nextDouble()) + "\n";
        out.write(line.getBytes(StandardCharsets.US_ASCII));
      }
    }
    byte[] whole = packed.toByteArray();
    Files.write(folder.resolve(name), Arrays.copyOf(whole, whole.length / 2));
  }

  @Test
  void aNamedFileIsNotSkipped() throws IOException {
    Path good = write("good.jsonl", record("a", "1,2"));
    Path bad = write("bad.parquet", "PAR1 torn");
    Path index = index("index");
    Shell.Result ingest = code(6, "ingest", index, good, bad, "--on-error", "skip");
    String said = "passes over records, and over files in a folder, but not over " + bad;
    assertTrue(ingest.err().contains(said), ingest.err());
    assertEquals(List.of(), ids(index, "__default__"));
    Shell.Result migrate = code(6, MIGRATE, bad, folder.resolve("n"), "--on-error", "skip");
    assertTrue(migrate.err().contains(said), migrate.err());
    assertFalse(code(6, "ingest", index, bad).err().contains(said));
  }
}
