package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.ShellWord;
import io.slab.testkit.index.LeavesDamage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Verbs that look at files: sound ones, damaged ones and such that are gone. */
class InspectVerbsTest extends BooksFixture {
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
  void aSlabOfDeletesAloneIsShownAndUsedLikeAnyOther() throws IOException {
    shell.ok("delete", index, "--filter", "{\"genre\":\"poetry\"}", "--yes");
    shell.ok("flush", index);
    String[] slabs =
        shell.ok("inspect", index, "--what", "slabs", "--fields", "slab,rows").split("\n");
    String id = slabs[2].replace("\t0", "");
    assertEquals(id + "\t0", slabs[2]);
    Path slab = slab().resolveSibling(id + ".slab");
    assertEquals(
        "field\tvalue\nrows\t0\ntombstones\t1\nrangeTombstones\t1\n",
        shell.ok("inspect", slab, "--fields", "rows,tombstones,rangeTombstones"));
    String deletes = shell.ok("inspect", slab, "--what", "tombstones", "--fields", "kind,what");
    assertTrue(deletes.startsWith("kind\twhat\nfilter\t{\"genre\":"), deletes);
    assertTrue(deletes.endsWith("\nid\te\n"), deletes);
    assertEquals(
        "kind\nfilter\n",
        shell.ok("inspect", slab, "--what", "tombstones", "--fields", "kind", "--head", 1));
    for (String view : new String[] {"layout", "sections", "columns", "vectors", "ann", "all"}) {
      shell.ok("inspect", slab, "--what", view);
      shell.ok("inspect", slab, "--what", view, "-j");
      shell.ok("inspect", slab, "--what", view, "-o", "table");
    }
    shell.ok("inspect", slab, "--html", folder.resolve("slab.html"));
    shell.ok("inspect", index, "--html", folder.resolve("index.html"));
    shell.ok("verify", slab, "--level", "deep");
    shell.ok("estimate", index);
    assertEquals("id\nb\nd\n", shell.ok("query", index, "-v", "[1,0]", "--fields", "id"));
    shell.ok("copy", index, folder.resolve("copy"));
    shell.ok("compact", index, "--full");
    assertEquals("id\nb\nd\n", shell.ok("query", index, "-v", "[1,0]", "--fields", "id"));
  }

  @LeavesDamage
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

  @LeavesDamage
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

  @LeavesDamage
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
}
