package io.slab.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cli.Main;
import io.slab.cli.ProgramVerbs;
import io.slab.cli.Shell;
import io.slab.cli.command.OpenIndexes;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Console;
import io.slab.error.Cancellation;
import io.slab.error.CancellationToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The interactive shell without a terminal: scripts, pipes, and what it would offer for Tab. */
class ReplIT extends ReplFixture {
  private Shell.Result piped(String text) {
    return new Shell().input(text).run("shell", index);
  }

  @Test
  void runsTheVerbsOfTheCommandLineWithoutTarget() {
    Shell.Result result =
        commands("query -v [0,0] -k 2", "list --prefix b", "slab fetch --ids a1 -j");
    assertEquals(0, result.code(), result.err());
    assertTrue(
        result.out().startsWith("rank\tid\tscore\n1\ta1\t0\n2\ta2\t1\nid\nb1\n"), result.out());
    assertTrue(result.out().contains("\"a1\":"), result.out());
    assertEquals("", result.err());
  }

  @Test
  void readsLinesFromAPipeAndJsonOverSeveralOfThem() {
    Shell.Result result =
        piped(
            "# a comment\n\nquery --id a1 -k 1 --filter {\"genre\":\n  \"prose\"}\n.mode json\nstats\n");
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().startsWith("rank\tid\tscore\n1\ta2\t1\n{"), result.out());
    assertEquals("", result.err());
  }

  @Test
  void variablesStandForValuesAndForTheLastResult() {
    Shell.Result result =
        commands(
            ".set q = [0, 4]",
            "query -v $q -k 1",
            "fetch --ids $last --fields id",
            "query --vector=$q -k 1",
            "query -v '$q'",
            "query -v $r");
    assertTrue(
        result.out().startsWith("rank\tid\tscore\n1\tb1\t1\nid\nb1\nrank\tid\tscore\n1\tb1\t1\n"),
        result.out());
    assertTrue(result.err().contains("--vector: expected '['"), result.err());
    assertTrue(
        result.err().contains("there is no variable $r\n  hint: did you mean $q?"), result.err());
    assertEquals(2, result.code());
  }

  @Test
  void commentsMayHoldQuotesAndBraces() {
    Shell.Result result =
        piped(
            "-- it's the first {\nlist -l 1 -q\n--\n# don't [\n.set q = [0, 4]\nquery -v $q -k 1\n");
    assertEquals(0, result.code(), result.err());
    assertEquals("id\na1\nrank\tid\tscore\n1\tb1\t1\n", result.out());
  }

  @Test
  void settingsAreCheckedByNameAndValue() {
    assertTrue(commands(".set tmer on").err().contains("did you mean timer?"));
    assertTrue(commands(".set timer onn").err().contains("did you mean on?"));
    assertTrue(commands(".set mode = jsn").err().contains("did you mean json?"));
    assertTrue(commands(".set q =").err().contains("$q needs a value"));
    assertTrue(commands(".set my-q = 1").err().contains("'my-q' is no name of a variable"));
    assertEquals(2, commands(".set last = 1").code());
    Shell.Result set = commands(".set pager off", ".set mode = json", ".show");
    assertTrue(set.out().contains("pager      off"), set.out());
    assertTrue(set.out().contains("mode       json"), set.out());
  }

  @Test
  void theWidthOfACommandIsThatOfTheWindowNow() {
    ReplState state = new ReplState();
    int[] width = {100};
    state.screen = () -> new ReplScreen(width[0], 30);
    width[0] = 48;
    assertEquals("48", state.environment(Map.of("SLAB_COLUMNS", "100")).get("SLAB_COLUMNS"));
  }

  @Test
  void aFileThatCannotBeMadeIsExplainedInWords() {
    String err = commands(".output /proc/x").err();
    assertTrue(err.contains("cannot write /proc/x: no file can be made there"), err);
  }

  @Test
  void resultsGoToAFile() throws IOException {
    Path once = folder.resolve("once");
    Path all = folder.resolve("all");
    Shell.Result result =
        commands(
            ".once " + once,
            "list -l 1",
            ".output " + all,
            "list -l 1",
            ".mode json",
            "list -l 1",
            ".output",
            "list -l 1 -o tsv");
    assertEquals("id\na1\n", Files.readString(once));
    assertTrue(Files.readString(all).startsWith("id\na1\n{\"vectors\":["), Files.readString(all));
    assertEquals("id\na1\n", result.out());
    assertTrue(result.err().contains("more: --pagination-token"), result.err());
  }

  @Test
  void theCodeIsThatOfTheLastCommandOrOfTheFirstErrorWithBail() throws IOException {
    assertEquals(0, commands("query --id none", "list").code());
    assertEquals(3, commands("list", "query --id none").code());
    Path script = folder.resolve("script");
    Files.writeString(script, "query --id none\nlist\n.exit 4\nlist\n");
    assertEquals(4, shell.run("shell", index, "-f", script).code());
    Shell.Result bailed = shell.run("shell", index, "--file", script, "--bail");
    assertEquals(3, bailed.code());
    assertEquals("", bailed.out());
    assertEquals(3, shell.run("shell", index, "-f", folder.resolve("no")).code());
    assertEquals(3, piped(".bail on\nquery --id none\nlist\n").code());
    assertEquals(2, commands("query --id 'a").code());
    assertEquals(2, commands("shell").code());
  }

  @Test
  void dotCommandsSayWhatTheyCannotDo() {
    assertTrue(commands(".mod json").err().contains("did you mean .mode?"));
    assertTrue(commands(".mode jsn").err().contains("did you mean json?"));
    assertTrue(commands(".timer maybe").err().contains(".timer is on or off"));
    assertTrue(commands(".open").err().contains("usage: .open TARGET"));
    assertEquals(2, commands(".set 7 = x").code());
    assertTrue(commands(".set q = [1,").err().contains("a brace is missing"));
  }

  @Test
  void everyDotCommandIsInItsHelp() {
    String help = commands(".help").out();
    ReplCommands.HELP.keySet().forEach(name -> assertTrue(help.contains("  " + name), name));
    assertTrue(commands(".help query").out().startsWith("slab query - "));
  }

  @Test
  void timesAreTalkAndNamespacesAreKept() {
    Shell.Result result =
        commands(".timer on", ".ns other", "stats --fields totalVectorCount", ".show");
    assertTrue(result.err().matches("(?s).*time: \\d+\\.\\d{3} ms\n"), result.err());
    assertTrue(result.out().contains("namespace  other"), result.out());
  }

  @Test
  void seesWhatOthersWriteMeanwhileAndWritesItself() {
    Shell.Result result =
        commands(
            "update --id a1 --metadata {\"seen\":true} -q",
            "fetch --ids a1 --fields metadata.seen",
            "delete --ids a1 -q",
            "list --prefix a",
            ".refresh",
            "list --prefix a");
    assertTrue(result.out().contains("metadata.seen\ntrue\n"), result.out() + result.err());
    assertTrue(result.out().endsWith("id\na2\nid\na2\n"), result.out());
  }

  private Shell.Result list(CancellationToken cancellation) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(InputStream.nullInputStream(), out, err, Map.of(), cancellation);
    int code = Main.run(List.of("list", index.toString()), console);
    return new Shell.Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aCancelledCommandEndsBetweenTwoStepsAndNoOtherDoes() {
    Cancellation cancelled = new Cancellation();
    cancelled.cancel();
    Shell.Result result = list(cancelled);
    assertEquals(ExitCode.INTERRUPTED.code(), result.code());
    assertEquals("error: interrupted\n", result.err());
    assertEquals(0, list(new Cancellation()).code());
    assertEquals(0, shell.run("list", index).code());
  }

  /** Ctrl-C while a command reads; the next command of the same shell is another one. */
  @Test
  void anInterruptEndsTheRunningCommandAlone() {
    ReplRunner[] runner = new ReplRunner[1];
    byte[] lines =
        "{\"id\":\"c\",\"values\":[1,1]}\n".repeat(3000).getBytes(StandardCharsets.UTF_8);
    InputStream typed =
        new ByteArrayInputStream(lines) {
          @Override
          public int read(byte[] to, int from, int most) {
            assertTrue(runner[0].interrupt());
            return super.read(to, from, most);
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (OpenIndexes open = new OpenIndexes()) {
      runner[0] =
          new ReplRunner(
              new ProgramVerbs(),
              new Console(typed, new ByteArrayOutputStream(), err, Map.of("SLAB_PROGRESS", "none")),
              new ReplState(),
              open);
      assertFalse(runner[0].interrupt());
      int code = runner[0].run(List.of("ingest", index.toString(), "-"));
      assertEquals(ExitCode.INTERRUPTED.code(), code, err.toString(StandardCharsets.UTF_8));
      assertEquals(0, runner[0].run(List.of("list", index.toString())));
      assertFalse(runner[0].interrupt());
    }
    assertFalse(shell.ok("list", index).contains("\nc\n"));
  }
}
