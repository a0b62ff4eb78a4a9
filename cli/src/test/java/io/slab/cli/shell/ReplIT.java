package io.slab.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The interactive shell without a terminal: scripts, pipes, and what it would offer for Tab. */
class ReplIT {
  @TempDir Path folder;
  private final Shell shell = new Shell();
  private Path index;

  @BeforeEach
  void make() throws IOException {
    index = folder.resolve("i");
    shell.ok("create", index, "-d", "2", "--metric", "euclidean");
    Path records = folder.resolve("r.jsonl");
    Files.writeString(
        records,
        """
        {"id":"a1","values":[0,0],"metadata":{"genre":"poetry","year":1922,"tags":["war","sea"]}}
        {"id":"a2","values":[1,0],"metadata":{"genre":"prose","year":1930,"good":true}}
        {"id":"b1","values":[0,5],"metadata":{"genre":"poem \\"x\\"","year":1950}}
        """);
    shell.ok("ingest", index, records, "--flush", "-q");
    shell.ok("ingest", index, "-", "-q", "-n", "other");
  }

  private Shell.Result commands(String... lines) {
    Object[] words = new Object[2 + 2 * lines.length];
    words[0] = "shell";
    words[1] = index;
    for (int i = 0; i < lines.length; i++) {
      words[2 + 2 * i] = "-c";
      words[3 + 2 * i] = lines[i];
    }
    return shell.run(words);
  }

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

  @Test
  void anotherIndexCanBeOpened() {
    Path second = folder.resolve("j");
    Shell.Result result =
        shell.run(
            "shell",
            "-c",
            "stats",
            "-c",
            "create " + second + " -d 3",
            "-c",
            ".open " + second,
            "-c",
            "describe --fields dimension");
    assertTrue(result.err().contains("TARGET is missing"), result.err());
    assertTrue(result.out().endsWith("dimension\t3\n"), result.out());
  }

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

  /** Lines that are read one by one, with something that happens before one of them. */
  private static final class Interrupted extends InputStream {
    private final Iterator<String> lines;
    private final Map<String, Runnable> before;
    private byte[] line = new byte[0];
    private int at;

    Interrupted(List<String> lines, Map<String, Runnable> before) {
      this.lines = lines.iterator();
      this.before = before;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] to, int from, int most) {
      if (at == line.length) {
        if (!lines.hasNext()) {
          return -1;
        }
        String next = lines.next();
        before.getOrDefault(next, () -> {}).run();
        line = (next + "\n").getBytes(StandardCharsets.UTF_8);
        at = 0;
      }
      int count = Math.min(most, line.length - at);
      System.arraycopy(line, at, to, from, count);
      at += count;
      return count;
    }
  }

  private Shell.Result interrupted(Map<String, Runnable> before, String... lines) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            new String[] {"shell", index.toString()},
            new Interrupted(List.of(lines), before),
            out,
            err,
            Map.of("SLAB_PROGRESS", "none"));
    return new Shell.Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anIndexThatWentAwayUnderTheShellIsMissed() throws IOException {
    Path exported = folder.resolve("exported.jsonl");
    Path kept = folder.resolve("kept");
    for (String verb :
        List.of(
            "query -v [0,0]",
            "stats",
            "list",
            "fetch --ids a1",
            "export --out " + exported,
            "namespace list",
            "describe",
            "compact --dry-run",
            "gc --dry-run",
            "explain -v [0,0]")) {
      Files.writeString(exported, "yesterday's\n");
      Shell.Result result =
          interrupted(Map.of(verb, () -> move(index, kept)), "query -v [0,0] -k 1", verb);
      assertEquals(ExitCode.NOT_FOUND.code(), result.code(), verb + ": " + result);
      assertEquals("rank\tid\tscore\n1\ta1\t0\n", result.out(), verb);
      assertTrue(result.err().contains("there is no index at"), verb + ": " + result.err());
      assertEquals("yesterday's\n", Files.readString(exported));
      move(kept, index);
    }
  }

  @Test
  void anIndexThatTheShellItselfMakesAnewIsUsed() {
    Shell.Result result =
        commands(
            "query -v [0,0] -k 1",
            "drop --now --confirm i",
            "create -d 2 --metric euclidean -q",
            "query -v [0,0] --fail-empty");
    assertEquals(ExitCode.NOT_FOUND.code(), result.code(), result.toString());
    assertTrue(result.err().contains("nothing matches"), result.err());
  }

  @Test
  void anotherIndexAtTheSamePlaceIsNotTakenForTheOldOne() throws IOException {
    Path kept = folder.resolve("kept");
    Runnable replace =
        () -> {
          move(index, kept);
          shell.ok("create", index, "-d", "2", "--metric", "euclidean");
          shell.input("{\"id\":\"new\",\"values\":[0,0]}\n").ok("ingest", index, "-", "-q");
        };
    Shell.Result result =
        interrupted(
            Map.of("query -v [0,0] -k 2", replace),
            "query -v [0,0] -k 1",
            "query -v [0,0] -k 2",
            "stats",
            ".refresh",
            "query -v [0,0] -k 3");
    assertTrue(result.out().startsWith("rank\tid\tscore\n1\ta1\t0\nrank"), result.toString());
    assertTrue(result.out().endsWith("\n1\tnew\t0\n"), result.toString());
    assertTrue(result.err().contains("another one is there now"), result.err());
    assertTrue(result.err().contains(".refresh"), result.err());
  }

  /** The verbs that also work on a dropped index open it anew; they must not open another one. */
  @Test
  void neitherIsAnotherIndexCollectedOrDropped() throws IOException {
    Path kept = folder.resolve("kept");
    Runnable replace =
        () -> {
          move(index, kept);
          shell.ok("create", index, "-d", "2", "--name", "i", "--metric", "euclidean");
        };
    Shell.Result result =
        interrupted(
            Map.of("gc --min-age 0 --yes", replace),
            "query -v [0,0] -k 1",
            "gc --min-age 0 --yes",
            "drop --confirm i");
    assertEquals(2, result.err().split("another one is there now", -1).length - 1, result.err());
    assertEquals(0, shell.run("describe", index).code());
  }
}
