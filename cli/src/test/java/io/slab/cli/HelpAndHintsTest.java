package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Verb;
import io.slab.cli.verb.VerbName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Help that fits a terminal, exit codes by one rule, and hints that name what was meant. */
class HelpAndHintsTest {
  /** How a command that reads an index can end, and one that commits to it. */
  private static final Set<ExitCode> READS =
      EnumSet.of(
          ExitCode.OK,
          ExitCode.FAILED,
          ExitCode.USAGE,
          ExitCode.NOT_FOUND,
          ExitCode.TEMPORARY,
          ExitCode.CORRUPT,
          ExitCode.UNSUPPORTED,
          ExitCode.DENIED,
          ExitCode.INTERRUPTED);

  private static final Set<ExitCode> COMMITS =
      EnumSet.of(ExitCode.PRECONDITION, ExitCode.OUTCOME_UNKNOWN);

  private final Shell shell = new Shell();

  @ParameterizedTest
  @EnumSource(VerbName.class)
  void exitCodesFollowOneRule(VerbName name) {
    Verb verb = new ProgramVerbs().create(name);
    List<ExitCode> exits = verb.exits();
    // These two touch no data.
    if (name != VerbName.COMPLETION && name != VerbName.PREPARE) {
      assertTrue(exits.containsAll(READS), exits.toString());
      assertTrue(!verb.commits() || exits.containsAll(COMMITS), exits.toString());
    }
    List<ExitCode> sorted = new ArrayList<>(exits);
    Collections.sort(sorted);
    assertEquals(sorted, exits);
    String all = shell.ok((Object[]) (name.word + " --help-all").split(" "));
    exits.forEach(exit -> assertTrue(all.contains(exit.code() + "  " + exit.meaning()), all));
    assertTrue(all.contains("--progress HOW"), all);
  }

  @Test
  void mostHelpFitsATerminalOf24LinesAndSaysWhereTheRestIs() {
    int fit = 0;
    for (VerbName name : VerbName.values()) {
      String help = shell.ok((Object[]) (name.word + " --help").split(" "));
      fit += help.lines().count() <= 24 ? 1 : 0;
      assertTrue(help.contains("--help-all"), help);
      assertFalse(help.contains("--progress HOW"), help);
    }
    assertTrue(fit >= 34, fit + " of " + VerbName.values().length);
    assertTrue(shell.ok("help", "output").contains("--progress HOW"));
    assertTrue(shell.ok("help", "s3").contains("--endpoint-url"));
  }

  @Test
  void whatFewNeedIsNamedAndExplainedWhenAllIsAskedFor() {
    String brief = shell.ok("query", "--help");
    assertTrue(brief.contains("Also --query-prefix, --embed-url"), brief);
    assertFalse(brief.contains("--embed-url URL"), brief);
    assertTrue(shell.ok("query", "--help-all").contains("--embed-url URL"));
  }

  @Test
  void aPlaceThatIsNoFolderIsNamed() {
    for (String place : List.of("/dev/null", "/dev/null/x")) {
      Shell.Result result = shell.run("create", place, "-d", "2");
      assertEquals(2, result.code(), result.err());
      assertEquals(
          "error: /dev/null is a device, and an index is a folder\n"
              + "  hint: name a folder; one that is not there is made\n",
          result.err());
    }
    Shell.Result query = shell.run("query", "/dev/null", "--vector", "[1]");
    assertTrue(query.err().contains("/dev/null is a device, not the directory"), query.err());
  }

  @Test
  void helpIsAsWideAsTheTerminal() {
    for (int width : new int[] {60, 80, 100}) {
      String help = shell.with("SLAB_FORCE_TTY", "" + width).ok("query", "--help");
      int longest =
          help.lines()
              .filter(l -> !l.startsWith("  slab "))
              .mapToInt(String::length)
              .max()
              .orElse(0);
      assertTrue(longest < width && longest > width - 12, width + ": " + longest + "\n" + help);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "search, query",
    "get, fetch",
    "rm, delete",
    "ls, list",
    "info, describe",
    "import, ingest",
    "add, ingest",
    "QUERY, query",
    "qeury, query",
    "desc, describe"
  })
  void aVerbOfOtherProgramsNamesOurs(String word, String meant) {
    String err = shell.run(word, "x").err();
    assertTrue(err.contains("did you mean `slab " + meant + "`?"), err);
  }

  @ParameterizedTest
  @CsvSource({
    "query, --vect, --vector",
    "query, --filt, --filter",
    "query, --Top-K, --top-k",
    "query, --topk, --top-k",
    "query, --limit, --top-k",
    "create, --dim, --dimension"
  })
  void anOptionNamesTheOneThatWasMeant(String verb, String word, String meant) {
    String err = shell.run(verb, "x", word, "1").err();
    assertTrue(err.contains("did you mean " + meant + "?"), err);
  }

  @ParameterizedTest
  @CsvSource({
    "l2, euclidean",
    "IP, dotproduct",
    "dot, dotproduct",
    "Cosine, cosine",
    "cos, cosine"
  })
  void aMetricIsKnownByOtherNames(String word, String meant) {
    Shell.Result result = shell.run("create", "/no/x", "-d", 2, "--metric", word);
    assertEquals(2, result.code());
    assertTrue(result.err().contains("did you mean " + meant + "?"), result.err());
  }

  @Test
  void optionsThatTakeManyValuesMayBeRepeated(@TempDir Path folder) {
    Path index = folder.resolve("i");
    shell.ok("create", index, "-d", 1);
    shell
        .input(
            "{\"id\":\"a\",\"values\":[1]}\n{\"id\":\"b\",\"values\":[1]}\n{\"id\":\"c\",\"values\":[1]}\n")
        .ok("ingest", index, "-");
    String found =
        shell.ok(
            "fetch",
            index,
            "--ids",
            "a,b",
            "--ids",
            "[\"c\"]",
            "--fields",
            "id",
            "--fields",
            "values");
    assertEquals("id\tvalues\na\t[1]\nb\t[1]\nc\t[1]\n", found);
    shell.ok("delete", index, "--id", "a", "--ids", "b");
    assertEquals("id\nc\n", shell.ok("list", index));
  }
}
