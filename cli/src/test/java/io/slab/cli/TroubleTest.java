package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bytes.Crc;
import io.slab.testkit.index.LeavesDamage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong is said in words that help, with the exit code that the table promises. */
class TroubleTest {
  private static final String RECORDS =
      """
      {"id":"a","values":[1,0],"metadata":{"n":1,"s":"x"}}
      {"id":"b","values":[0,1],"metadata":{"n":2,"s":"y"}}
      """;

  private static final OutputStream FULL =
      new OutputStream() {
        @Override
        public void write(int b) throws IOException {
          throw new IOException("No space left on device");
        }
      };

  @TempDir Path folder;
  private final Shell shell = new Shell();
  private String index;

  @BeforeEach
  void fill() {
    index = folder.resolve("i").toString();
    shell.ok("create", index, "-d", 2);
    shell.input(RECORDS).ok("ingest", index, "-", "--flush");
    shell.input("");
  }

  private void fails(int code, String message, Object... words) {
    Shell.Result result = shell.run(words);
    assertEquals(code, result.code(), result.err());
    assertTrue(result.err().contains(message), result.err());
    assertFalse(result.err().contains("Exception"), result.err());
  }

  private Path file(String ending) throws IOException {
    try (var files = Files.walk(Path.of(index))) {
      return files.filter(f -> f.toString().endsWith(ending)).findFirst().orElseThrow();
    }
  }

  @Test
  void anOutputFileThatCannotBeWrittenIsNamed() {
    Path out = folder.resolve("no/such/folder");
    fails(1, "cannot write " + out + ": there is no such folder", "stats", index, "--out", out);
    shell.input(RECORDS);
    Path rejects = folder.resolve("none/rejects");
    fails(
        1,
        "cannot write " + rejects + ": there is no such folder",
        "ingest",
        index,
        "-",
        "--rejects",
        rejects);
  }

  @Test
  void aFullDiskBehindStdoutIsSaidPlainly() {
    StringBuilder err = new StringBuilder();
    OutputStream stderr =
        new OutputStream() {
          @Override
          public void write(int b) {
            err.append((char) b);
          }
        };
    assertEquals(1, run(FULL, stderr, "stats", index));
    assertTrue(
        err.toString().startsWith("error: cannot write the output: No space left on device\n"),
        err.toString());
  }

  @Test
  void remarksThatCannotBeWrittenChangeNothing() {
    assertEquals(0, run(OutputStream.nullOutputStream(), FULL, "flush", index));
    assertEquals(3, run(OutputStream.nullOutputStream(), FULL, "stats", folder + "/none"));
  }

  private static int run(OutputStream stdout, OutputStream stderr, String... words) {
    return Main.run(words, InputStream.nullInputStream(), stdout, stderr, Map.of());
  }

  @Test
  void helpKnowsEveryWordThatTheOverviewShows() {
    assertEquals(shell.ok("help"), shell.ok("help", "help"));
    assertEquals(shell.ok("version"), shell.ok("help", "version"));
    for (String[] words :
        List.of(new String[] {"help", "namespace"}, new String[] {"namespace", "--help"})) {
      String help = shell.ok((Object[]) words);
      for (String verb : List.of("create", "list", "describe", "delete")) {
        assertTrue(help.contains("  namespace " + verb), help);
      }
    }
    fails(2, "hint: create, list, describe or delete", "namespace", "frob", index);
  }

  @Test
  void refusedRecordsAreExplainedWithoutARejectsFileToo() {
    shell.input("{\"id\":\"z\",\"values\":[0,0]}\n{\"id\":\"y\"}\n");
    fails(
        8,
        "warning: the first refused record: stdin:1: record 'z': Dense vectors must contain",
        "ingest",
        index,
        "-",
        "--on-error",
        "skip",
        "--quiet");
  }

  @Test
  void aNumberOfThreadsIsAtLeastOneForEveryVerb() {
    String wrong = "--threads must be at least 1, not 0";
    fails(2, wrong, "ingest", index, "-", "--threads", 0);
    fails(2, wrong, "query", index, "-v", "[1,2]", "--threads", 0);
    fails(2, wrong, "explain", index, "-v", "[1,2]", "--threads", 0);
    fails(2, wrong, "copy", index, folder.resolve("copy"), "--threads", 0);
    fails(2, wrong, "bench", index, "--queries", folder.resolve("q"), "--threads", 0);
  }

  @Test
  void aFolderToIngestMustHoldAnExport() {
    fails(2, index + " is an index of slab", "ingest", index, folder);
    fails(2, index + " is an index, not an export", "ingest", index, index);
    fails(2, "--threads must be at least 1", "ingest", index, "-", "--threads", 0);
  }

  @Test
  void deleteAllMayBeCalledSo() {
    assertTrue(shell.ok("delete", index, "--all", "--dry-run").contains("matchedCount\t2\n"));
    fails(
        2,
        "pass --confirm __default__ to go ahead; --yes is not enough for this",
        "delete",
        index,
        "--all",
        "--yes");
    shell.ok("delete", index, "--all", "--confirm", "__default__");
    assertTrue(shell.ok("stats", index).contains("totalVectorCount\t0\n"));
  }

  @Test
  void aBatchAsksOnlyNamespacesThatExist() {
    shell.input("{\"vector\":[1,0],\"namespace\":\"nope\"}\n");
    fails(3, "there is no namespace 'nope'", "query", index, "--queries", "-");
  }

  @Test
  void inspectAsksForTheRowAndHonoursTheField() throws IOException {
    Path slab = file(".slab");
    fails(2, "give --row N, from 0, or --id ID", "inspect", slab, "--what", "row");
    assertEquals(
        "field\ttype\nn\tnumber\n",
        shell.ok("inspect", slab, "--what", "columns", "--field", "n", "--fields", "field,type"));
  }

  @LeavesDamage
  @Test
  void damagedJsonIsDescribedWithoutTheParsersInternals() throws IOException {
    byte[] cut = "{\"crc32c\":\"00000000\"".getBytes(StandardCharsets.UTF_8);
    String right = Crc.hex(Crc.of(cut, 0, cut.length));
    Files.writeString(Path.of(index, "index.json"), "{\"crc32c\":\"" + right + "\"");
    Shell.Result result = shell.run("stats", index);
    assertEquals(6, result.code());
    assertFalse(result.err().contains("Source"), result.err());
    assertTrue(result.err().contains("Unexpected end-of-input"), result.err());
  }

  @LeavesDamage
  @Test
  void anIndexJsonWithoutItsChecksumIsRefusedByName() throws IOException {
    Path file = Path.of(index, "index.json");
    String whole = Files.readString(file);
    Files.writeString(file, whole.replaceFirst("\"crc32c\":\"........\",", ""));
    for (String[] verb :
        new String[][] {
          {"stats", index},
          {"query", index, "--vector", "[1,0]"},
          {"verify", index},
          {"ingest", index, "-"},
          {"verify", file.toString()}
        }) {
      Shell.Result result = shell.input("{\"id\":\"z\",\"values\":[1,0]}\n").run((Object[]) verb);
      String said = result.out() + result.err();
      assertEquals(6, result.code(), verb[0] + ": " + said);
      assertTrue(said.contains("no checksum at the beginning"), verb[0] + ": " + said);
    }
  }

  @Test
  void anEmptySectionBeforeTheHotTailIsNoDamage() {
    // All values of the last column are unique: each bitmap is one row in the dictionary, none is
    // data.
    String lone = folder.resolve("lone").toString();
    shell.ok("create", lone, "-d", 1);
    shell
        .input("{\"id\":\"a\",\"values\":[1],\"metadata\":{\"z\":true}}\n")
        .ok("ingest", lone, "-", "--flush");
    Shell.Result verified = shell.run("verify", lone);
    assertEquals(0, verified.code(), verified.out());
  }

  @LeavesDamage
  @Test
  void theCommandThatVerifySuggestsRunsAsItStands() throws IOException {
    Path slab = file(".slab");
    byte[] bytes = Files.readAllBytes(slab);
    bytes[4096] ^= 1;
    Files.write(slab, bytes);
    for (Object target : List.of(index, index + "/", slab)) {
      Shell.Result found = shell.run("verify", target);
      assertEquals(6, found.code());
      String hint =
          found.err().lines().filter(line -> line.contains("hint: slab")).findFirst().get();
      Object[] words = hint.substring(hint.indexOf("slab ") + 5).split(" ");
      // A repair that was not told to do it says again that there is damage.
      Set<Integer> codes = words[0].equals("repair") ? Set.of(6) : Set.of(0);
      assertTrue(codes.contains(shell.run(words).code()), hint);
    }
    Files.delete(slab);
    Shell.Result gone = shell.run("verify", index);
    assertEquals(6, gone.code());
    assertFalse(gone.err().contains("inspect"), gone.err());
  }
}
