package io.slab.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.slab.cli.ProgramVerbs;
import io.slab.cli.Shell;
import io.slab.cli.command.OpenIndexes;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the shell cuts a line into words, and what it offers to complete one. */
class ReplCompletionIT extends ReplFixture {
  @Test
  void cutsLinesAsAShellDoesAndJsonWithoutQuotes() {
    assertEquals(List.of("a", "b c", "d\"e", "fg"), words("a 'b c' \"d\\\"e\" f\\g"));
    assertEquals(List.of("--filter={\"a b\": [1, 2]}", "x"), words("--filter={\"a b\": [1, 2]} x"));
    assertEquals(List.of("{\"a\":\"}\\\"{ \"}"), words("{\"a\":\"}\\\"{ \"}"));
    assertEquals("a brace", ReplLine.of("query -f {\"a\":").missing());
    assertEquals("a quote", ReplLine.of("query -f {\"a\":\"x").missing());
    assertEquals("a quote", ReplLine.of("list 'x").missing());
    assertEquals("another line", ReplLine.of("list \\").missing());
    assertNull(ReplLine.of("query -f {\"a\":1}").missing());
    assertEquals(List.of("ab"), words("a\\\nb"));
  }

  private static List<String> words(String line) {
    return ReplLine.of(line).words().stream().map(ReplLine.Word::text).toList();
  }

  private List<String> offered(String line) {
    ReplState state = new ReplState();
    state.target = index.toString();
    state.variables.put("q", "[1,2]");
    try (OpenIndexes open = new OpenIndexes()) {
      return new ReplCompletion(new ProgramVerbs(), state, open)
          .offers(line).stream().map(ReplCompletion.Offer::text).toList();
    }
  }

  @Test
  void offersVerbsOptionsAndTheirValues() {
    assertEquals(List.of("describe", "delete", "demo"), offered("de"));
    assertEquals(List.of(".timer"), offered(".ti"));
    assertEquals(List.of("on", "off"), offered(".timer "));
    assertEquals(List.of("--filter", "--fields"), offered("query --fi"));
    assertEquals(List.of("json"), offered("query -o js"));
    assertEquals(List.of("--output=json"), offered("query --output=js"));
    assertEquals(List.of("$q"), offered("query -v $" + "q"));
    assertEquals(List.of("create", "list", "describe", "delete"), offered("namespace "));
    assertEquals(List.of(), offered("nothing --"));
  }

  @Test
  void offersWhatIsInTheIndex() {
    assertEquals(List.of("a1", "a2"), offered("query --id a"));
    assertEquals(List.of("a1", "a2", "b1"), offered("fetch --ids "));
    assertEquals(List.of("\"genre\":", "\"good\":"), offered("query -f {\"g"));
    assertEquals(
        List.of("\"genre\":", "\"good\":", "\"tags\":", "\"year\":"), offered("query -f {"));
    assertEquals(List.of("\"poem \\\"x\\\"\"", "\"poetry\""), offered("query -f {\"genre\":\"po"));
    assertEquals(
        List.of("\"sea\"", "\"war\""), offered("query -f {\"year\":1,\"tags\":{\"$in\":["));
    assertEquals(List.of("1922", "1930", "1950"), offered("query --filter={\"year\":"));
    assertEquals(List.of("true"), offered("query -f {\"good\":"));
    assertEquals(List.of("\"$gt\":", "\"$gte\":"), offered("query -f {\"year\":{\"$gt"));
    assertEquals(List.of("id,metadata.year"), offered("query --fields id,metadata.y"));
    assertEquals(List.of(), offered("query -f {\"none\":"));
    assertEquals(List.of("good"), offered("query --id a1 --group-by go"));
    assertEquals(List.of("genre"), offered("update --id a1 --unset ge"));
    assertEquals(List.of("tags"), offered("ingest --text-field t"));
    new Shell().ok("checkpoint", "create", index, "monday");
    assertEquals(List.of("monday"), offered("query --as-of m"));
    assertEquals(List.of("monday"), offered("restore m"));
    assertEquals(List.of("monday"), offered("checkpoint show "));
    assertEquals(List.of(), offered("restore monday m"));
  }

  @Test
  void aReplacementBeginsWhereThePieceDoes() {
    assertEquals(10, ReplCompletion.start("query -f {\"g"));
    assertEquals(6, ReplCompletion.start("query --fi"));
    assertEquals(6, ReplCompletion.start("query "));
    assertEquals(18, ReplCompletion.start("query -f {\"genre\":\"po"));
  }
}
