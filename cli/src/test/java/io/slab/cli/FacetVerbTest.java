package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts by value on the command line. */
class FacetVerbTest {
  private static final String RECORDS =
      """
      {"id":"a","values":[1,1],"metadata":{"kind":"x","n":1,"tags":["p","q"]}}
      {"id":"b","values":[1,2],"metadata":{"kind":"x","n":2,"tags":["q"]}}
      {"id":"c","values":[1,3],"metadata":{"kind":"1","n":1,"tags":[]}}
      {"id":"d","values":[1,4],"metadata":{"kind":1,"n":true}}
      """;

  @TempDir Path folder;
  private final Shell shell = new Shell();
  private Path index;

  @BeforeEach
  void make() {
    index = folder.resolve("i");
    shell.ok("create", index, "-d", 2, "-q");
    shell.input(RECORDS).ok("ingest", index, "-", "--flush", "-q");
    shell
        .input("{\"id\":\"e\",\"values\":[1,5],\"metadata\":{\"kind\":\"x\"}}")
        .ok("ingest", index, "-", "-q");
  }

  @Test
  void eachValueHasALineAndWhatIsLeftOutIsCounted() {
    assertEquals(
        """
        field\tkind\tvalue\tcount
        kind\ttext\tx\t3
        kind\ttext\t1\t1
        kind\tnumber\t1\t1
        kind\tmissing\t\t0
        tags\ttext\tq\t2
        tags\ttext\tp\t1
        tags\tempty\t\t1
        tags\tmissing\t\t2
        """,
        shell.ok("facet", index, "--field", "kind", "--field", "tags", "--field", "kind"));
    Shell.Result cut = shell.run("facet", index, "--field", "kind", "--top", 1, "--json");
    assertTrue(
        cut.out().contains("\"kind\":\"others\",\"value\":null,\"count\":2,\"values\":2}"),
        cut.out());
    assertEquals("", cut.err());
    assertTrue(
        shell
            .ok("facet", index, "--field", "kind", "--top", 1, "-o", "table")
            .contains("2 values"));
  }

  @Test
  void aFilterAndAnEarlierStateAreCountedAlone() {
    String one = shell.ok("facet", index, "--field", "kind", "-f", "{\"n\":1}", "--json");
    assertTrue(one.contains("\"records\":2,\"filter\":{\"n\":{\"$eq\":1}}"), one);
    shell.ok("checkpoint", "create", index, "then");
    shell.ok("delete", index, "--ids", "a,b", "--yes");
    assertTrue(shell.ok("facet", index, "--field", "kind").contains("x\t1\n"));
    assertTrue(shell.ok("facet", index, "--field", "kind", "--as-of", "then").contains("x\t3\n"));
  }

  @Test
  void aFieldThatNoRecordHasIsSaid() {
    String err = shell.run("facet", index, "--field", "knd").err();
    assertTrue(err.startsWith("warning: no record has the field 'knd'; did you mean kind?"), err);
    String some = shell.run("facet", index, "--field", "tags", "-f", "{\"n\":true}").err();
    assertTrue(some.contains("no record that matches has the field 'tags'"), some);
    assertFalse(shell.run("facet", index, "--field", "kind").err().contains("warning"));
    assertEquals(2, shell.run("facet", index).code());
    assertEquals(2, shell.run("facet", index, "--field", "n", "--top", 0).code());
    assertEquals(2, shell.run("facet", index, "--field", "n", "--top", 3, "--all").code());
    assertEquals(3, shell.run("facet", index, "--field", "n", "-n", "none").code());
  }

  @Test
  void manyValuesAreNotCutInSilence() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      many.append("{\"id\":\"m%d\",\"values\":[1,1],\"metadata\":{\"u\":%d}}\n".formatted(i, i));
    }
    shell.input(many.toString()).ok("ingest", index, "-", "-q");
    Shell.Result result = shell.run("facet", index, "--field", "u");
    assertTrue(result.out().contains("u\tothers\t\t10\n"), result.out());
    assertTrue(result.err().contains("more: --top N, or --all"), result.err());
    String all = shell.ok("facet", index, "--field", "u", "--all");
    assertEquals(32, all.lines().count());
    assertFalse(all.contains("others"));
  }
}
