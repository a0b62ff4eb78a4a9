package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What each verb prints, to the letter. */
class VerbsTest extends BooksFixture {
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
        "created new-one at " + path + "; fill it with: slab ingest '" + path + "' FILE.jsonl\n",
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
        "inputs\tlevel\trows\tdropped\n3\tL1\t4\t1\n",
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
