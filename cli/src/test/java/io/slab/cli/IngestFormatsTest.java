package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ingest makes of files that are no JSON lines. */
class IngestFormatsTest {
  private static final String A = "{\"id\":\"a\",\"values\":[1,0.5],\"metadata\":{\"k\":\"v\"}}";
  private static final String B = "{\"id\":\"b\",\"values\":[2,0.25]}";

  @TempDir Path folder;
  private final Shell shell = new Shell();
  private String index;

  @BeforeEach
  void create() {
    index = folder.resolve("i").toString();
    shell.ok("create", index, "-d", 2);
  }

  private String holds(int records, Object... words) {
    Shell.Result result = shell.run(words);
    assertEquals(0, result.code(), result.err());
    String stats = shell.ok("stats", index, "--output", "json");
    assertTrue(stats.replace(" ", "").contains("\"totalVectorCount\":" + records), stats);
    return result.err();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void otherShapesAreRecognised() throws IOException {
    Path array = write("a.json", "[" + A + ",\n" + B + "]");
    holds(2, "ingest", index, array);
    Path csv = write("c.csv", "id,vector,year\nc,\"[1,2]\",1999\n");
    String said = holds(3, "ingest", index, csv, array);
    assertTrue(said.contains("reading " + csv + ": comma-separated values"), said);
    assertTrue(said.contains("these become metadata fields: year"), said);
    Path packed = folder.resolve("d.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(A.replace("\"a\"", "\"d\"").getBytes(StandardCharsets.UTF_8));
    }
    holds(4, "ingest", index, packed);
    shell.input("[" + A.replace("\"a\"", "\"e\"") + "]");
    holds(5, "ingest", index, "-");
  }

  @Test
  void recordsOfOtherNamespacesAreNotMixedUnasked() throws IOException {
    Files.createDirectories(folder.resolve("export/x"));
    write("export/x/1.jsonl", A);
    Shell.Result result = shell.run("ingest", index, folder.resolve("export"));
    assertEquals(8, result.code(), result.err());
    assertTrue(result.err().contains("Record is of the namespace 'x'"), result.err());
    holds(1, "ingest", index, folder.resolve("export"), "--namespace", "y");
  }

  @Test
  void aRunGoesOnAtTheRecordWhereItStopped() throws IOException {
    String bad = "{\"id\":\"c\",\"values\":[1]}";
    Path array = write("a.json", "[" + A + "," + bad + "," + B + "]");
    Shell.Result result = shell.run("ingest", index, array);
    assertEquals(8, result.code(), result.err());
    assertTrue(result.err().contains("resume token " + array + ":2"), result.err());
    write("a.json", "[" + A + ",\n" + bad.replace("[1]", "[1,1]") + "," + B + "]");
    holds(3, "ingest", index, array, "--resume", array + ":2");
  }
}
