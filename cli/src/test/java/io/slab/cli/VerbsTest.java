package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.io.ShellWord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each verb prints, to the letter. */
class VerbsTest {
  private static final String RECORDS =
      """
      {"id":"a","values":[1,0],"metadata":{"genre":"poetry","year":1922,"tags":["war","love"],"good":true}}
      {"id":"b","values":[0,1],"metadata":{"genre":"novel","year":1984}}
      {"id":"c","values":[1,1],"metadata":{"genre":"poetry"}}
      {"id":"d","values":[-1,0]}
      """;

  @TempDir Path folder;
  private Shell shell;
  private String index;

  @BeforeEach
  void fill() {
    shell = new Shell().input(RECORDS);
    index = folder.resolve("books").toString();
    shell.ok("create", index, "--dimension", 2);
    shell.ok("ingest", index, "-", "--flush");
    shell.input(
        "{\"id\":\"e\",\"values\":[0.5,0.25],\"metadata\":{\"genre\":\"poetry\",\"year\":2001}}\n");
    shell.ok("ingest", index, "-");
    shell.input("");
  }

  @Test
  void createSaysWhatWasMadeAndWhatComesNext() {
    Shell.Result made =
        shell.run(
            "create",
            folder.resolve("new one"),
            "-d",
            3,
            "-m",
            "euclidean",
            "--schema",
            "x,y",
            "--fields",
            "name,dimension,metric,schema,deletionProtection",
            "-j");
    assertEquals(0, made.code());
    assertEquals(
        """
        {
          "name": "new-one",
          "dimension": 3,
          "metric": "euclidean",
          "schema": ["x","y"],
          "deletionProtection": "disabled"
        }
        """,
        made.out());
    String path = folder.resolve("new one").toString();
    assertEquals(
        "created new-one at " + path + "; next: slab ingest '" + path + "' FILE.jsonl\n",
        made.err());
  }

  @Test
  void createIfNotExistsAcceptsOnlyTheSameIndex() {
    assertEquals(0, shell.run("create", index, "-d", 2, "--if-not-exists").code());
    assertEquals(4, shell.run("create", index, "-d", 3, "--if-not-exists").code());
    assertEquals(4, shell.run("create", index, "-d", 2).code());
  }

  @Test
  void queryPrintsTabSeparatedRowsOffATerminal() {
    assertEquals(
        "rank\tid\tscore\n1\ta\t1\n2\te\t0.8944272\n3\tc\t0.70710677\n",
        shell.ok("query", index, "--vector", "[1,0]", "--top-k", 3));
  }

  @Test
  void queryPrintsATableOnATerminal() {
    shell.with("SLAB_FORCE_TTY", "60").with("NO_COLOR", "1");
    assertEquals(
        """
        RANK  ID       SCORE  METADATA
           1  a            1  {"genre":"poetry","good":true,"tags":…
           2  e    0.8944272  {"genre":"poetry","year":2001}
           3  c   0.70710677  {"genre":"poetry"}
        """,
        shell.ok("query", index, "-v", "[1,0]", "-k", 3, "--include-metadata"));
  }

  @Test
  void queryWithAFilterAsJson() {
    assertEquals(
        """
        {"matches":[
          {"id":"e","score":0.8944272,"values":[0.5,0.25],"metadata":{"genre":"poetry","year":2001}},
          {"id":"b","score":0,"values":[0,1],"metadata":{"genre":"novel","year":1984}}
        ],"namespace":"__default__"}
        """,
        shell.ok(
            "query",
            index,
            "-v",
            "[2,0]",
            "-f",
            "{\"year\":{\"$gt\":1922}}",
            "--include-values",
            "--include-metadata",
            "--json"));
  }

  @Test
  void queryByIdAndFieldsOfTheMetadata() {
    assertEquals(
        "id,metadata.tags\r\na,\"[\"\"war\"\",\"\"love\"\"]\"\r\ne,\r\n",
        shell.ok(
            "query", index, "--id", "a", "-k", 2, "--fields", "id,metadata.tags", "-o", "csv"));
  }

  @Test
  void queryTakesFilesAndStdin() throws IOException {
    Path vector = Files.writeString(folder.resolve("v.json"), "[0, 1]");
    Path filter = Files.writeString(folder.resolve("f"), "{\"genre\":\"novel\"}");
    String expected = "id\nb\n";
    assertEquals(
        expected, shell.ok("query", index, "-v", vector, "-f", "@" + filter, "--fields", "id"));
    shell.input("[0,1]");
    assertEquals(expected, shell.ok("query", index, "-v", "-", "-k", 1, "--fields", "id"));
    Shell.Result both = shell.run("query", index, "-v", "-", "-f", "-");
    assertEquals(2, both.code());
    assertTrue(both.err().startsWith("error: both --vector and --filter want stdin\n"), both.err());
  }

  @Test
  void manyQueriesGiveOneObjectEach() {
    shell.input(
        """
        {"id":"q1","vector":[1,0],"top_k":1}
        {"vector":[0,1],"filter":{"genre":"poetry"}}
        """);
    assertEquals(
        """
        {"type":"query","queryId":"q1","matches":[{"id":"a","score":1}]}
        {"type":"query","queryId":"2","matches":[{"id":"c","score":0.70710677},{"id":"e","score":0.4472136},{"id":"a","score":0}]}
        {"type":"summary","namespace":"__default__"}
        """,
        shell.ok("query", index, "--queries", "-", "-o", "ndjson"));
    assertEquals(
        "queryId\tposition\tid\tscore\nq1\t1\ta\t1\n2\t1\tc\t0.70710677\n2\t2\te\t0.4472136\n2\t3\ta\t0\n",
        shell.ok("query", index, "--queries", "-"));
  }

  @Test
  void listPagesInTheOrderOfTheIds() {
    Shell.Result page = shell.run("list", index, "--limit", 2, "--json");
    assertEquals(
        """
        {"vectors":[
          {"id":"a"},
          {"id":"b"}
        ],"pagination":{"next":"Yg"},"namespace":"__default__"}
        """,
        page.out());
    assertEquals("more: --pagination-token Yg, or --all\n", page.err());
    assertEquals("id\nc\nd\n", shell.ok("list", index, "-l", 2, "-p", "Yg"));
    assertEquals("id\ne\n", shell.ok("list", index, "-l", 2, "-p", "ZA"));
    assertEquals("id\na\nb\nc\nd\ne\n", shell.ok("list", index, "--all"));
    assertEquals("id\ne\n", shell.ok("list", index, "--prefix", "e"));
    assertEquals(
        5,
        shell.ok("list", index, "-l", 5, "-j").lines().filter(l -> l.contains("\"id\"")).count());
    assertFalse(shell.ok("list", index, "-l", 5, "-j").contains("pagination"));
  }

  @Test
  void fetchByIdNamesWhatIsMissing() {
    Shell.Result fetched = shell.run("fetch", index, "--ids", "e,zz,d", "--json");
    assertEquals(
        """
        {"vectors":{
          "e":{"id":"e","values":[0.5,0.25],"metadata":{"genre":"poetry","year":2001}},
          "d":{"id":"d","values":[-1,0],"metadata":{}}
        },"namespace":"__default__","missing":["zz"]}
        """,
        fetched.out());
    assertEquals("not found: zz\n", fetched.err());
    assertEquals(3, shell.run("fetch", index, "--ids", "zz", "--require-all").code());
  }

  @Test
  void fetchByFilterPages() {
    assertEquals(
        "id\na\nc\n",
        shell.ok(
            "fetch",
            index,
            "-f",
            "{\"genre\":\"poetry\"}",
            "-l",
            2,
            "--no-include-values",
            "--no-include-metadata"));
    assertEquals(
        "id\ne\n",
        shell.ok(
            "fetch",
            index,
            "-f",
            "{\"genre\":\"poetry\"}",
            "-p",
            "Yw",
            "--no-include-values",
            "--no-include-metadata"));
  }

  @Test
  void statsCountsAlsoByFilter() {
    assertEquals(
        """
        {
          "totalVectorCount": 5,
          "namespaces": {"__default__":{"vectorCount":5}},
          "unflushed": 1
        }
        """,
        shell.ok("stats", index, "--json", "--fields", "totalVectorCount,namespaces,unflushed"));
    assertEquals(
        "field\tvalue\ntotalVectorCount\t3\n",
        shell.ok("stats", index, "-f", "{\"genre\":\"poetry\"}", "--fields", "totalVectorCount"));
  }

  @Test
  void updateMergesAndIsSeenAtOnce() {
    Shell.Result updated =
        shell.run(
            "update",
            index,
            "--id",
            "a",
            "--metadata",
            "{\"good\":false,\"new\":1}",
            "--fields",
            "matchedCount,updatedCount",
            "-j");
    assertEquals("{\n  \"matchedCount\": 1,\n  \"updatedCount\": 1\n}\n", updated.out());
    assertEquals(
        "id\tmetadata\na\t{\"genre\":\"poetry\",\"good\":false,\"new\":1,\"tags\":[\"war\",\"love\"],\"year\":1922}\n",
        shell.ok("fetch", index, "--id", "a", "--no-include-values"));
    assertEquals(3, shell.run("update", index, "--id", "zz", "--metadata", "{}").code());
    assertEquals(2, shell.run("update", index, "--id", "a", "--values", "[0,0]").code());
  }

  @Test
  void updateByFilterAsksFirst() {
    String filter = "{\"genre\":\"poetry\"}";
    assertEquals(2, shell.run("update", index, "-f", filter, "--metadata", "{\"p\":1}").code());
    shell.ok("update", index, "-f", filter, "--metadata", "{\"p\":1}", "--yes");
    assertTrue(
        shell
            .ok("stats", index, "-f", "{\"p\":1}", "--fields", "totalVectorCount")
            .endsWith("\t3\n"));
  }

  @Test
  void deleteByIdPrefixFilterAndAll() {
    shell.ok("delete", index, "--ids", "[\"a\",\"zz\"]");
    assertEquals("id\nb\nc\nd\ne\n", shell.ok("list", index));
    assertEquals(2, shell.run("delete", index, "--prefix", "b").code());
    shell.ok("delete", index, "--prefix", "b", "-y");
    assertEquals("id\nc\nd\ne\n", shell.ok("list", index));
    Shell.Result plan = shell.run("delete", index, "-f", "{\"genre\":\"poetry\"}", "--dry-run");
    assertEquals("dry run: would delete 2 records of __default__\n", plan.err());
    shell.ok("delete", index, "-f", "{\"genre\":\"poetry\"}", "-y");
    assertEquals("id\nd\n", shell.ok("list", index));
    assertEquals(2, shell.run("delete", index, "--all-vectors", "--yes").code());
    assertEquals(2, shell.run("delete", index, "--all-vectors", "--confirm", "other").code());
    shell.ok("delete", index, "--all-vectors", "--confirm", "__default__");
    assertEquals("id\n", shell.ok("list", index));
  }

  @Test
  void aTerminalIsAsked() {
    shell.with("SLAB_FORCE_TTY", "80").with("NO_COLOR", "1");
    Shell.Result no = shell.input("n\n").run("delete", index, "--prefix", "a");
    assertEquals(1, no.code());
    assertEquals("This deletes 1 record. Go ahead? [y/N] nothing was changed\n", no.err());
    assertEquals(0, shell.input("y\n").run("delete", index, "--prefix", "a").code());
    Shell.Result never = shell.input("y\n").run("delete", index, "--prefix", "b", "--no-input");
    assertEquals(2, never.code());
  }

  @Test
  void emptyFiltersNeverMeetEverything() {
    assertEquals(2, shell.run("delete", index, "-f", "{}", "-y").code());
    assertEquals(2, shell.run("update", index, "-f", "{}", "--metadata", "{\"a\":1}", "-y").code());
  }

  @Test
  void namespacesAreApart() {
    shell.input("{\"id\":\"x\",\"values\":[1,0]}").ok("ingest", index, "-", "-n", "Zwei/2");
    assertEquals(
        "name\trecordCount\tunflushed\nZwei/2\t1\t1\n__default__\t5\t1\n",
        shell.ok("namespace", "list", index, "--fields", "name,recordCount,unflushed"));
    assertEquals("id\nx\n", shell.ok("list", index, "-n", "Zwei/2"));
    assertEquals(3, shell.run("list", index, "-n", "drei").code());
    shell.ok("namespace", "create", index, "--name", "drei");
    assertEquals(4, shell.run("namespace", "create", index, "--name", "drei").code());
    shell.ok("namespace", "delete", index, "--name", "Zwei/2", "--confirm", "Zwei/2");
    assertEquals(
        "name\n__default__\ndrei\n", shell.ok("namespace", "list", index, "--fields", "name"));
  }

  @Test
  void deletionProtectionHolds() {
    shell.ok("configure", index, "--deletion-protection", "enabled");
    Shell.Result refused = shell.run("drop", index, "--confirm", "books");
    assertEquals(4, refused.code());
    assertEquals(
        "error: deletion protection is enabled for books\n  hint: switch it off with `slab configure "
            + index
            + " --deletion-protection disabled`\n",
        refused.err());
    shell.ok("configure", index, "--deletion-protection", "disabled");
    assertEquals(2, shell.run("drop", index, "--confirm", "book").code());
    shell.ok("drop", index, "--confirm", "books");
    assertEquals(3, shell.run("describe", index).code());
    // A seal and a manifest stay in each namespace, for writers that are still open.
    assertEquals(List.of("ns"), names(Path.of(index)));
    assertEquals(
        List.of("manifest", "wal"), names(Path.of(index).resolve("ns").resolve("__default__")));
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void dryRunsChangeNothing() {
    String before = shell.ok("inspect", index);
    shell.input("{\"id\":\"n\",\"values\":[1,0]}\n");
    shell.ok("ingest", index, "-", "--dry-run");
    shell.ok("update", index, "--id", "a", "--metadata", "{\"x\":1}", "--dry-run");
    shell.ok("delete", index, "--all-vectors", "--dry-run");
    shell.ok("flush", index, "--dry-run");
    shell.ok("drop", index, "--dry-run");
    shell.ok("configure", index, "--deletion-protection", "enabled", "--dry-run");
    shell.ok("namespace", "create", index, "--name", "n", "--dry-run");
    shell.ok("namespace", "delete", index, "--name", "__default__", "--dry-run");
    shell.ok("create", folder.resolve("other"), "-d", 2, "--dry-run");
    assertEquals(before, shell.ok("inspect", index));
    assertFalse(Files.exists(folder.resolve("other")));
  }

  @Test
  void ingestReportsEachCommit() {
    shell.input(
        """
        {"id":"f","values":[1,0]}
        {"id":"g","values":[1,0]}
        {"id":"h","values":[1,0]}
        """);
    String out = shell.ok("ingest", index, "-", "-b", 2, "-o", "ndjson");
    // Two batches that met in the queue share an object and so the upper part of their LSNs.
    assertEquals(
        """
        {"type":"commit","records":2,"acknowledged":2,"firstLsn":"3145728","lastLsn":"3145729"}
        {"type":"commit","records":1,"acknowledged":3,"firstLsn":"4194304","lastLsn":"4194304"}
        """,
        out.substring(0, out.indexOf("{\"type\":\"summary\"")).replace("3145730", "4194304"));
  }

  @Test
  void ingestStopsAtTheFirstBadRecordOrSkipsIt() throws IOException {
    String bad =
        "{\"id\":\"f\",\"values\":[1,0]}\n{\"id\":\"g\",\"values\":[1]}\n{\"id\":\"h\",\"values\":[1,0]}\n";
    Shell.Result aborted = shell.input(bad).run("ingest", index, "-");
    assertEquals(8, aborted.code());
    assertTrue(
        aborted
            .err()
            .startsWith(
                "error: stdin:2: record 'g': Vector dimension 1 does not match the dimension of the index 2\n"),
        aborted.err());
    assertEquals("id\na\nb\nc\nd\ne\nf\n", shell.ok("list", index));
    Path rejects = folder.resolve("rejects.jsonl");
    Shell.Result skipped =
        shell.input(bad).run("ingest", index, "-", "--on-error", "skip", "--rejects", rejects);
    assertEquals(8, skipped.code());
    assertEquals("id\na\nb\nc\nd\ne\nf\nh\n", shell.ok("list", index));
    assertTrue(
        Files.readString(rejects).contains("\"record\":{\"id\":\"g\",\"values\":[1]}"),
        Files.readString(rejects));
  }

  @Test
  void flushTwiceIsNoError() {
    assertTrue(shell.run("flush", index).err().startsWith("flushed 1 record; next:"));
    assertTrue(shell.run("flush", index).err().startsWith("nothing to flush; next:"));
  }

  @Test
  void theAnswersAreTheSameBeforeAndAfterAFlush() {
    String before =
        shell.ok("query", index, "-v", "[3,1]", "--include-values", "--include-metadata", "-j");
    shell.ok("flush", index);
    assertEquals(
        before,
        shell.ok(
            "query",
            index,
            "-v",
            "[3,1]",
            "--include-values",
            "--include-metadata",
            "-j",
            "--threads",
            2));
  }

  @Test
  void inspectWorksOnALoneSlab() throws IOException {
    Path slab = slab();
    Path copy = Files.copy(slab, folder.resolve("lone.slab"));
    String summary =
        shell.ok("inspect", copy, "--fields", "object,rows,dimension,metric,namespace,level");
    assertEquals(
        "field\tvalue\nobject\tslab\nrows\t4\ndimension\t2\nmetric\tcosine\nnamespace\t__default__\nlevel\t0\n",
        summary);
    String sections = shell.ok("inspect", copy, "--what", "sections", "--fields", "kind");
    assertTrue(sections.contains("RAW_VECTORS\n") && sections.contains("BITMAP_DATA\n"), sections);
    assertEquals(
        "field\ttype\trows\tdistinct\ttop\n"
            + "genre\tstring\t3\t2\t{\"poetry\":2,\"novel\":1}\n"
            + "good\tboolean\t1\t2\t{\"true\":1}\n"
            + "tags\tlist\t1\t2\t{\"love\":1,\"war\":1}\n"
            + "year\tnumber\t2\t2\t{\"1922\":1,\"1984\":1}\n",
        shell.ok("inspect", copy, "--what", "columns", "--fields", "field,type,rows,distinct,top"));
    assertEquals(
        "offset\thex\ttext\n00000000\t89 53 4c 41 42 0d 0a 1a\t.SLAB...\n",
        shell.ok("inspect", copy, "--what", "hex", "--length", 8));
    assertTrue(shell.ok("inspect", copy, "--id", "b", "-j").contains("\"year\":1984"));
    assertEquals(3, shell.run("inspect", copy, "--id", "zz").code());
    assertEquals(2, shell.run("inspect", copy, "--row", 4).code());
  }

  @Test
  void inspectShowsWhatTheManifestsOfAnIndexName() throws IOException {
    shell.ok("delete", index, "--ids", "b", "--yes");
    shell.ok("flush", index);
    shell.input("{\"id\":\"n\",\"values\":[1,0]}\n").ok("ingest", index, "-");
    assertEquals(
        "namespace\tlevel\trows\tdead\talgorithm\n"
            + "__default__\t0\t4\t1\texact\n"
            + "__default__\t0\t1\t0\texact\n",
        shell.ok(
            "inspect",
            index,
            "--what",
            "slabs",
            "--fields",
            "namespace,level,rows,dead,algorithm"));
    assertEquals(
        "namespace\tslabCount\tunflushedWalObjects\n__default__\t2\t1\n",
        shell.ok(
            "inspect",
            index,
            "--what",
            "namespaces",
            "--fields",
            "namespace,slabCount,unflushedWalObjects"));
    String json = shell.ok("inspect", index, "-j");
    assertTrue(json.startsWith("{\"files\":["), json);
    assertTrue(json.contains("\"unflushedWalObjects\":1,\"thresholds\":{"), json);
    assertTrue(json.contains("\"level0Slabs\":100"), json);
    String table = shell.ok("inspect", index, "-o", "table");
    assertTrue(table.startsWith("namespace __default__  manifest "), table);
    assertTrue(table.contains("\n  no compaction is due\n"), table);
    assertTrue(table.contains("\n\nNAMESPACE "), table);
    assertTrue(table.contains("\n\nFILE "), table);
    assertEquals(2, shell.run("inspect", index, "--what", "sections").code());
    assertEquals(2, shell.run("inspect", folder, "--what", "slabs").code());
  }

  @Test
  void inspectListsTheFilesOfAnIndexWhoseManifestIsDamaged() throws IOException {
    try (var files = Files.walk(Path.of(index, "ns"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        Files.writeString(file, "{");
      }
    }
    Shell.Result seen = shell.run("inspect", index);
    assertEquals(0, seen.code());
    assertTrue(seen.out().contains(".slab\t"), seen.out());
    assertTrue(seen.err().startsWith("warning: the manifests cannot be read: "), seen.err());
    assertEquals(6, shell.run("inspect", index, "--what", "slabs").code());
  }

  private Path slab() throws IOException {
    try (var files = Files.walk(Path.of(index))) {
      return files.filter(file -> file.toString().endsWith(".slab")).findFirst().orElseThrow();
    }
  }

  @Test
  void aSlabThatIsGoneIsNamedWithTheNamespaceThatNeedsIt() throws IOException {
    String id = slab().getFileName().toString().replace(".slab", "");
    Files.delete(slab());
    Shell.Result query = shell.run("query", index, "-v", "[1,0]");
    assertEquals(6, query.code());
    String name = "ns/__default__/slabs/" + id + ".slab";
    assertEquals(
        "error: %s: found no such object in %s, expected slab %s, which the manifest of namespace __default__ names (level 0, 4 rows)\n  hint: run `slab verify %s` to see all that is missing\n"
            .formatted(name, index, id, ShellWord.of(index)),
        query.err());
    assertEquals(6, shell.run("verify", index).code());
  }

  @Test
  void verifyFindsAFlippedByteAndSaysWhere() throws IOException {
    assertEquals(0, shell.run("verify", index).code());
    Path slab = slab();
    byte[] bytes = Files.readAllBytes(slab);
    bytes[4096] ^= 1;
    Files.write(slab, bytes);
    Shell.Result found = shell.run("verify", index, "--json");
    assertEquals(6, found.code());
    assertTrue(found.out().contains("\"status\":\"errors\""), found.out());
    assertTrue(found.out().contains(slab.getFileName().toString()), found.out());
    assertEquals(6, shell.run("verify", slab).code());
    assertEquals(6, shell.run("query", index, "-v", "[1,0]").code());
  }

  @Test
  void theDemoRunsTwiceInOnePlaceAndNeverReplacesAnotherIndex() {
    String root = System.getProperty("slab.root");
    shell.with("SLAB_HOME", root).with("SLAB_FORCE_TTY", "100").with("NO_COLOR", "1");
    String place = folder.resolve("demo").toString();
    for (int i = 0; i < 2; i++) {
      String out = shell.ok("demo", place);
      assertTrue(out.contains("   1           1  The barn owl hunts mice at night by ear\n"), out);
      assertTrue(out.contains("\nok: " + place + ", "), out);
    }
    assertEquals(4, shell.run("demo", index).code());
    assertEquals(0, shell.run("describe", index).code());
  }

  @Test
  void compactMergesAndGcRemoves() {
    shell.ok("flush", index);
    assertEquals(
        "namespace\tinputs\tlevel\trows\tdropped\n__default__\t2\tL1\t5\t0\n",
        shell.ok(
            "compact",
            index,
            "--full",
            "--dry-run",
            "--fields",
            "namespace,inputs,level,rows,dropped"));
    String before = shell.ok("query", index, "--vector", "[1,0.5]", "--include-metadata", "--json");
    shell.ok("delete", index, "--ids", "d");
    shell.ok("flush", index);
    assertEquals(
        "inputs\tlevel\trows\tdropped\n2\tL1\t4\t1\n",
        shell.ok("compact", index, "--full", "--fields", "inputs,level,rows,dropped"));
    assertTrue(shell.run("compact", index).err().startsWith("nothing to compact"));
    assertEquals(0, shell.run("verify", index).code());
    String after =
        shell.ok(
            "query", index, "--vector", "[1,0.5]", "--top-k", "4", "--include-metadata", "--json");
    assertTrue(before.contains("\"d\"") && !after.contains("\"d\""));
    assertEquals("object\tageSeconds\tbytes\treason\n", shell.ok("gc", index));
    Shell.Result asked = shell.run("gc", index, "--min-age", "0");
    assertEquals(2, asked.code());
    assertTrue(asked.err().contains("pass --yes"), asked.err());
    assertTrue(shell.run("gc", index, "--min-age", "0", "--yes").err().startsWith("removed "));
    assertEquals(0, shell.run("verify", index).code());
    assertEquals(
        after,
        shell.ok(
            "query", index, "--vector", "[1,0.5]", "--top-k", "4", "--include-metadata", "--json"));
    assertEquals(2, shell.run("compact", index, "--full", "--auto").code());
    assertEquals(2, shell.run("compact", index, "--level", "L7").code());
    assertEquals(2, shell.run("gc", index, "--min-age", "soon").code());
  }
}
