package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cli.completion.CompletionModel;
import io.slab.cli.help.HelpTopics;
import io.slab.cli.help.ManPages;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Failure;
import io.slab.cli.verb.Verb;
import io.slab.cli.verb.VerbName;
import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.StoreException;
import io.slab.error.UnsupportedException;
import io.slab.model.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Usage errors, help, and the table of exit codes. */
class UsageTest {
  private final Shell shell = new Shell();

  @Test
  void eachKindOfFailureHasItsCode() {
    assertEquals(2, code(new InvalidInputException("x")));
    assertEquals(2, code(new UsageException("x", null)));
    assertEquals(2, code(new IllegalArgumentException("x")));
    assertEquals(3, code(new NotFoundException("x")));
    assertEquals(4, code(new ConflictException("x")));
    assertEquals(6, code(new CorruptException("o", 3, "a", "b")));
    assertEquals(6, code(new MissingException("o", -1, "a", "b")));
    assertEquals(7, code(new UnsupportedException("o", 0, "a", "b")));
    assertEquals(9, code(new OutcomeUnknownException("x")));
    assertEquals(1, code(new StoreException(StoreException.Kind.FAILED, "x", null, null)));
    assertEquals(5, code(new StoreException(StoreException.Kind.TEMPORARY, "x", null, null)));
    assertEquals(10, code(new StoreException(StoreException.Kind.DENIED, "x", null, null)));
    assertEquals(1, code(new IOException("x")));
    assertEquals(1, code(new IllegalStateException("x")));
  }

  private static int code(Throwable thrown) {
    return Failure.of(thrown).exit().code();
  }

  @Test
  void noTwoCausesShareACode() {
    Set<Integer> codes = new HashSet<>();
    for (ExitCode exit : ExitCode.values()) {
      assertTrue(codes.add(exit.code()), exit.toString());
    }
  }

  @Test
  void anUnknownVerbNamesTheNearest() {
    Shell.Result result = shell.run("qeury", "x");
    assertEquals(2, result.code());
    assertEquals(
        "error: unknown verb 'qeury'\n  hint: did you mean `slab query`? see `slab help`\n",
        result.err());
    assertEquals("", result.out());
  }

  @Test
  void anUnknownOptionNamesTheNearest() {
    Shell.Result result = shell.run("query", "x", "--topk", "3");
    assertEquals(2, result.code());
    assertEquals(
        "error: unknown option '--topk'\n  hint: did you mean --top-k? see `slab query --help`\n",
        result.err());
  }

  @Test
  void optionsCannotBeShortened() {
    assertEquals(2, shell.run("query", "x", "--vect", "[1]").code());
  }

  @Test
  void errorsAreOneLineOfJsonForPrograms() {
    Shell.Result result = shell.run("describe", "/no/such/place", "-o", "json");
    assertEquals(3, result.code());
    assertEquals(
        """
        {"type":"error","error":{"code":3,"kind":"not_found","message":"there is no index at /no/such/place","hint":"make one with `slab create /no/such/place --dimension N`"}}
        """,
        result.err());
  }

  @Test
  void noStackTraceUnlessAskedFor() {
    assertTrue(!shell.run("describe", "/no").err().contains("\tat "));
    assertTrue(shell.run("describe", "/no", "--debug").err().contains("\tat io.slab.cli."));
  }

  @Test
  void theTargetComesFromTheEnvironmentWhereItIsLeftOut() {
    assertEquals(
        "error: TARGET is missing\n  hint: name the directory of an index, or set SLAB_TARGET\n",
        shell.run("stats").err());
    shell.with("SLAB_TARGET", "/from/env");
    assertTrue(shell.run("stats").err().contains("/from/env"));
    assertTrue(shell.run("stats", "/from/word").err().contains("/from/word"));
  }

  @Test
  void badValuesOfCommonOptionsAreUsageErrors() {
    assertEquals(2, shell.run("stats", "x", "-o", "xml").code());
    assertEquals(2, shell.run("stats", "x", "--color", "pink").code());
    assertEquals(2, shell.run("stats", "x", "--progress", "dots").code());
    assertEquals(2, shell.run("query", "x", "-v", "[1]", "-k", "0").code());
    assertEquals(2, shell.run("query", "x", "-v", "[1]", "-k", "10001").code());
    assertEquals(3, shell.run("query", "/no", "-v", "[1]", "-k", "10000").code());
    assertEquals(2, shell.run("query", "x", "-v", "[1]", "-k", "ten").code());
  }

  @ParameterizedTest
  @EnumSource(VerbName.class)
  void theHelpOfEachVerbLeadsWithExamplesThatParseAndEndsWithExitCodes(VerbName name) {
    String[] words = (name.word + " --help").split(" ");
    String help = shell.ok((Object[]) words);
    assertTrue(
        help.startsWith(
            "slab " + name.word + " - " + name.summary + "\n\nExamples:\n  slab " + name.word),
        help);
    Verb verb = new ProgramVerbs().create(name);
    assertTrue(verb.examples().size() >= 2);
    String last = help.stripTrailing().substring(help.stripTrailing().lastIndexOf('\n') + 1);
    assertTrue(last.startsWith("Exit codes: 0 1 2 ") || name == VerbName.COMPLETION, last);
    assertTrue(
        last.contains(" " + verb.exits().getLast().code() + " (slab help exit-codes)"), last);
    for (String example : verb.examples()) {
      // The word after the verb is a target that does not exist, so parsing is all that can go
      // well.
      assertTrue(example.startsWith(name.word), example);
      List<String> parts = Examples.words(example);
      int count = name.word.split(" ").length;
      new picocli.CommandLine(new ProgramVerbs().create(name))
          .parseArgs(parts.subList(count, parts.size()).toArray(String[]::new));
    }
  }

  @ParameterizedTest
  @EnumSource(VerbName.class)
  void noHelpLineIsWiderThanATerminal(VerbName name) {
    shell
        .ok((Object[]) (name.word + " --help").split(" "))
        .lines()
        .filter(line -> !line.startsWith("  slab "))
        .forEach(line -> assertTrue(line.length() <= 100, line));
  }

  @Test
  void everyTopicHasAText() {
    for (String topic : HelpTopics.NAMES) {
      assertTrue(shell.ok("help", topic).length() > 100, topic);
      assertTrue(shell.ok("help").contains(topic), topic);
    }
    assertEquals(2, shell.run("help", "nothing").code());
    assertTrue(shell.ok("help", "exit-codes").contains("  6  data corrupt or an object missing\n"));
  }

  @Test
  void theVersionIsTheBuilds() throws IOException {
    String pom = Files.readString(Path.of(System.getProperty("slab.root"), "pom.xml"));
    assertTrue(pom.contains("<version>" + Version.NUMBER + "</version>"));
    assertTrue(shell.ok("--version").startsWith("slab " + Version.NUMBER + "\nformat 1.0\n"));
  }

  @Test
  void aReaderThatWentAwayIsNoError() {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    assertEquals(
        0,
        Main.run(
            new String[] {"help"},
            InputStream.nullInputStream(),
            gone,
            OutputStream.nullOutputStream(),
            Map.of()));
  }

  @Test
  void aFullDiskIsOne() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    assertEquals(
        1,
        Main.run(
            new String[] {"help"},
            InputStream.nullInputStream(),
            full,
            OutputStream.nullOutputStream(),
            Map.of()));
  }

  @Test
  void dropIsNowhereSaidToDelete() {
    Shell shell = new Shell();
    List<String> texts = new ArrayList<>(ManPages.all(new ProgramVerbs()).values());
    texts.add(shell.ok("help"));
    texts.add(shell.ok("drop", "--help"));
    CompletionModel.SHELLS.forEach(name -> texts.add(shell.ok("completion", name)));
    for (String text : texts) {
      assertFalse(text.contains("Delete a whole index"), text);
    }
    assertTrue(shell.ok("help").contains("End an index; --undo brings it back until gc"));
  }
}
