package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slips that would read as "nothing matches": each verb that takes a filter warns of them. */
class SilentSlipsTest {
  @TempDir Path folder;
  private final Shell shell = new Shell();
  private Path index;

  @BeforeEach
  void make() {
    index = folder.resolve("i");
    shell.ok("create", index, "-d", 2);
    StringBuilder records = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      records
          .append("{\"id\":\"r" + i + "\",\"values\":[1," + i + "],\"metadata\":{")
          .append("\"genre\":\"g" + i % 2 + "\",\"year\":" + (1900 + i) + ",\"read\":true}}\n");
    }
    shell.input(records.toString()).ok("ingest", index, "-");
  }

  private Shell.Result run(String line, String filter, String... more) {
    List<Object> words = new ArrayList<>(List.of(line.split(" ")));
    words.replaceAll(word -> word.equals("i") ? index : word.equals("F") ? filter : word);
    words.addAll(List.of(more));
    Shell.Result result = shell.run(words.toArray());
    assertEquals(0, result.code(), line + "\n" + result.err());
    return result;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "query i --id r1 -f F",
        "fetch i -f F",
        "stats i -f F",
        "explain i --id r1 -f F",
        "delete i -f F --dry-run",
        "update i -f F --metadata {\"a\":1} --dry-run"
      })
  void aFieldThatNoRecordHasIsNamedOnStderrAndInJson(String line) {
    for (boolean flushed : new boolean[] {false, true}) {
      if (flushed) {
        shell.ok("flush", index);
      }
      Shell.Result result = run(line, "{\"yaer\":1922}");
      assertTrue(
          result.err().contains("warning: no record has the field 'yaer'; did you mean year?"),
          result.err());
      String json = run(line, "{\"year\":\"1922\"}", "--json").out();
      assertTrue(
          json.contains("the field 'year' has numbers only, and \\\"1922\\\" is a text"), json);
      assertFalse(run(line, "{\"year\":1922}").err().contains("warning:"));
    }
  }

  @Test
  void anExportAndManyQuestionsWarnToo() {
    assertTrue(run("export i -f F", "{\"yaer\":1}").err().contains("no record has the field"));
    shell.input("{\"vector\":[1,2]}\n{\"vector\":[1,3]}\n");
    String err = run("query i --queries - -f F", "{\"yaer\":1}").err();
    assertEquals(1, err.split("no record has the field", -1).length - 1, err);
  }

  @Test
  void everyPartOfAFilterIsLookedAt() {
    String mixed =
        "{\"$or\":[{\"genre\":{\"$ne\":7}},{\"read\":\"true\"},{\"genre\":{\"$gt\":1}}]}";
    String err = run("stats i -f F", mixed).err();
    assertTrue(err.contains("'genre' has texts only, and 7 is a number; write \"7\""), err);
    assertTrue(err.contains("\"true\" is a text; write it without quotes"), err);
    assertTrue(err.contains("'genre' has texts only, and $gt compares numbers"), err);
  }

  @Test
  void aTypeThatSomeRecordsHaveIsNoSlip() {
    shell
        .input("{\"id\":\"z\",\"values\":[1,1],\"metadata\":{\"year\":\"old\"}}\n")
        .ok("ingest", index, "-");
    assertFalse(run("stats i -f F", "{\"year\":\"1922\"}").err().contains("warning:"));
    assertFalse(
        run("stats i -f F", "{\"nope\":{\"$exists\":true},\"year\":1}", "-q").out().isEmpty());
    shell.ok("create", folder.resolve("e"), "-d", 2);
    String empty = shell.run("stats", folder.resolve("e"), "-f", "{\"x\":1}").err();
    assertFalse(empty.contains("warning:"), empty);
  }

  @Test
  void aMemberOfFieldsThatNoRowHasIsNamed() {
    for (String verb : List.of("query i --id r1", "fetch i --ids r1,r2")) {
      String err = run(verb, "", "--fields", "id,metadata.yera,metadata.year").err();
      assertTrue(err.contains("no row has metadata.yera; did you mean year?"), err);
      assertFalse(err.contains("metadata.year;"), err);
    }
    String json = run("fetch i --ids r1 --json", "", "--fields", "metadata.yera").out();
    assertTrue(json.contains("\"warnings\":[\"no row has metadata.yera"), json);
  }

  @Test
  void accidentsOfQuotingAreNamed() {
    assertTrue(
        hint("--id", "r1", "--filter", "{\"year\":{\"\":1900}}")
            .contains("takes $gte for a variable"));
    assertTrue(hint("--id", "r1", "--filter", "{genre:poetry}").contains("double quotes are gone"));
    assertTrue(hint("--id", "r1", "--filter", "{'genre':'x'}").contains("double quotes inside"));
    assertTrue(hint("--vector", "[1,", "2]").contains("a value with blanks needs quotes"));
  }

  private String hint(String... words) {
    List<Object> line = new ArrayList<>(List.of("query", index));
    line.addAll(List.of(words));
    Shell.Result result = shell.run(line.toArray());
    assertEquals(2, result.code());
    return result.err();
  }
}
