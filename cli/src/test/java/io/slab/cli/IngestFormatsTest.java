package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
  void vectorsByIdAndTheHitsOfElasticsearchComeInByEitherDoor() throws IOException {
    Path byId = write("words.json", "{\"the\":[1,0.5],\"data\":[2,0.25]}");
    Path hits =
        write(
            "hits.json",
            "{\"took\":3,\"hits\":{\"total\":{\"value\":1},\"hits\":[{\"_index\":\"i\",\"_id\":\"h\","
                + "\"_score\":1,\"_source\":{\"vector\":[3,4],\"k\":\"v\"}}]}}");
    String said = holds(2, "ingest", index, byId);
    assertTrue(said.contains("read as vectors by id: the, data"), said);
    holds(3, "ingest", index, hits);
    String ingested = shell.ok("export", index);
    assertTrue(ingested.replace(" ", "").contains("\"metadata\":{\"k\":\"v\"}"), ingested);
    Files.createDirectories(folder.resolve("both"));
    Files.move(byId, folder.resolve("both/words.json"));
    Files.move(hits, folder.resolve("both/hits.json"));
    Path migrated = folder.resolve("migrated");
    Shell.Result result =
        shell.run(
            "migrate-from-pod-export", folder.resolve("both"), migrated, "--metric", "cosine");
    assertEquals(0, result.code(), result.err());
    assertTrue(result.err().contains("read as vectors by id: the, data"), result.err());
    assertEquals(ingested, shell.ok("export", migrated));
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

  @Test
  void aMatrixGetsTheColumnsThatItsPathSays() throws IOException {
    Path other = Files.createDirectories(folder.resolve("cat=a%20b"));
    Path matrix = Files.write(other.resolve("m.npy"), matrix());
    holds(1, "ingest", index, matrix);
    String got = shell.ok("export", index).replace(" ", "");
    assertTrue(got.contains("\"metadata\":{\"cat\":\"ab\"}"), got);
    holds(1, "ingest", index, matrix, "--format", "npy", "--number-from", 0);
    Shell.Result bulk = shell.run("ingest", index, matrix, "--bulk");
    assertEquals(2, bulk.code(), bulk.err());
    assertTrue(bulk.err().contains("says columns"), bulk.err());
    // What is written at once has the same members in its JSON as what is read by parts.
    Path plain = Files.write(folder.resolve("m.npy"), matrix());
    Shell.Result json = shell.run("ingest", index, plain, "--id-prefix", "p", "-j");
    assertTrue(compact(json).contains("\"notices\":[],\"unread\":[]"), json.out());
  }

  @Test
  void aMadeUpIdAndOneThatWasGivenDoNotReplaceEachOther() throws IOException {
    Path matrix = Files.write(folder.resolve("m.npy"), matrix());
    Path lines =
        write("l.jsonl", A.replace("\"a\"", "\"1\"") + "\n" + A.replace("\"a\"", "\"0\"") + "\n");
    for (Path[] order : new Path[][] {{matrix, lines}, {lines, matrix}}) {
      Shell.Result refused =
          shell.run("ingest", index, order[0], order[1], "--on-error", "skip", "--dry-run", "-j");
      assertEquals(8, refused.code(), refused.err());
      assertTrue(compact(refused).contains("\"rejectedCount\":1"), refused.out());
      assertTrue(refused.err().contains("number of a row without an id"), refused.err());
    }
    holds(3, "ingest", index, matrix, lines, "--id-prefix", "row-");
    holds(3, "ingest", index, matrix, lines, "--number-from", 0);
  }

  private static byte[] matrix() {
    byte[] bytes = new byte[136];
    byte[] header =
        "\u0093NUMPY\u0001\u0000v\u0000{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }"
            .getBytes(StandardCharsets.ISO_8859_1);
    Arrays.fill(bytes, header.length, 127, (byte) ' ');
    System.arraycopy(header, 0, bytes, 0, header.length);
    bytes[127] = '\n';
    bytes[131] = 0x40;
    bytes[135] = 0x3F;
    return bytes;
  }

  @Test
  void aRefusalNamesTheFile() throws IOException {
    Path lines = write("l.jsonl", A);
    Path zip = write("v.npz", "PK\u0003\u0004x");
    Shell.Result refused = shell.run("ingest", index, lines, zip);
    assertEquals(2, refused.code(), refused.err());
    assertTrue(refused.err().contains(zip + " is a zip archive"), refused.err());
  }

  private static String compact(Shell.Result result) {
    return result.out().replaceAll("\n *", "").replace("\": ", "\":");
  }

  @Test
  void whatIsLeftOutHasAWayIn() throws IOException {
    String index = folder.resolve("way").toString();
    shell.ok("create", index, "-d", 2, "-m", "euclidean");
    shell.input("{\"id\":\"a\",\"values\":[1,2],\"metadata\":{},\"text\":\"whale\"}\n");
    Shell.Result result = shell.run("ingest", index, "-");
    assertTrue(result.err().contains("stdin:1, text; --extras metadata makes"), result.err());
    shell.ok("verify", index);
  }

  @Test
  void whatIsRoundedLeftOutOrRefusedIsCounted() throws IOException {
    String index = folder.resolve("counted").toString();
    shell.ok("create", index, "-d", 2, "-m", "euclidean");
    Path table = write("t.csv", "id,vector,n\na,\"[1,2]\",9007199254740993\nb,\"[1,2]\"\n");
    Shell.Result aborted = shell.run("ingest", index, table, "-o", "json");
    assertEquals(8, aborted.code(), aborted.err());
    assertTrue(
        aborted.err().contains(table + ":3: Row has 2 cells, the header has 3"), aborted.err());
    Path rejects = folder.resolve("rejects.jsonl");
    Shell.Result skipped =
        shell.run("ingest", index, table, "--on-error", "skip", "--rejects", rejects, "-j");
    assertEquals(8, skipped.code(), skipped.err());
    assertTrue(compact(skipped).contains("\"upsertedCount\":1,\"rejectedCount\":1"), skipped.out());
    String remark =
        "\"remarks\":[{\"kind\":\"inexact_integer\",\"effect\":\"rounded\",\"text\":\"whole numbers that no"
            + " 64-bit float holds exactly, rounded\",\"count\":1,\"first\":\""
            + table
            + ":2, n\"}]";
    assertTrue(compact(skipped).contains(remark), skipped.out());
    assertTrue(skipped.err().contains("warning: found 1 whole numbers"), skipped.err());
    String kept = Files.readString(rejects);
    assertTrue(kept.contains("\"position\":\"" + table + ":3\""), kept);
    assertTrue(kept.contains("\"record\":[\"b\",\"[1,2]\"]"), kept);
    Path lines =
        write(
            "n.jsonl", "{\"id\":\"c\",\"values\":[1,2],\"metadata\":{\"n\":-9007199254740993}}\n");
    Shell.Result native_ = shell.run("ingest", index, lines, "-q", "-j");
    assertEquals(0, native_.code(), native_.err());
    assertTrue(compact(native_).contains("\"first\":\"" + lines + ":1, n\""), native_.out());
    assertTrue(native_.err().contains("warning: found 1 whole numbers"), native_.err());
    Path nulls = write("l.json", "[{\"id\":\"d\",\"values\":[1,2],\"metadata\":{\"x\":null}}]");
    Shell.Result strict = shell.run("ingest", index, nulls, "-j");
    assertEquals(8, strict.code(), strict.err());
    assertTrue(strict.err().contains("got 'null' for field 'x'"), strict.err());
    Shell.Result dropped = shell.run("ingest", index, nulls, "-j", "--nulls", "drop");
    assertEquals(0, dropped.code(), dropped.err());
    assertTrue(compact(dropped).contains("\"kind\":\"null_dropped\""), dropped.out());
    Shell.Result none =
        shell.run("ingest", index, write("p.jsonl", "{\"id\":\"e\",\"values\":[1,2]}"), "-j");
    assertTrue(compact(none).contains("\"remarks\":[]"), none.out());
  }
}
