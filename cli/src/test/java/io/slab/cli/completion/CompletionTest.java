package io.slab.cli.completion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slab.cli.ProgramVerbs;
import io.slab.cli.Shell;
import io.slab.cli.help.VerbOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The completions: that the committed files are current, and that shells can use them. */
class CompletionTest {
  private final Shell shell = new Shell();

  private static Path file(String name) {
    return Path.of(System.getProperty("slab.root"), "completion", "slab." + name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "fish", "zsh"})
  void theCommittedFileIsCurrent(String name) throws IOException {
    assertEquals(
        shell.ok("completion", name),
        Files.readString(file(name)),
        "write it again: ./slab completion " + name + " --out completion/slab." + name);
  }

  @Test
  void otherShellsAreUsageErrors() {
    assertEquals(2, shell.run("completion").code());
    assertEquals(2, shell.run("completion", "tcsh").code());
  }

  @Test
  void everyOptionWithValuesExists() {
    Set<String> known = new TreeSet<>();
    VerbOptions.all(new ProgramVerbs())
        .forEach((verb, choices) ->
            choices.stream()
                .flatMap(choice -> choice.names().stream())
                .forEach(name -> {
                  known.add(name);
                  known.add(verb.word + " " + name);
                }));
    for (String key : VerbOptions.keys()) {
      assertTrue(known.contains(key), key);
    }
  }

  private static boolean installed(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String output(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  /** What bash offers for the last of the words. */
  private static List<String> offered(String... words) throws Exception {
    StringBuilder line = new StringBuilder();
    for (String word : words) {
      line.append(" '").append(word).append('\'');
    }
    String script =
        "source '%s'; COMP_WORDS=(%s); COMP_CWORD=%d; _slab; printf '%%s\\n' \"${COMPREPLY[@]}\""
            .formatted(file("bash"), line, words.length - 1);
    return output("bash", "--norc", "-c", script).lines().filter(word -> !word.isEmpty()).toList();
  }

  @Test
  void bashCompletesVerbsOptionsAndValues() throws Exception {
    assumeTrue(installed("bash"), "bash is not installed");
    assertEquals(List.of("describe", "delete", "demo"), offered("slab", "de"));
    assertEquals(List.of("create", "list", "describe", "delete"), offered("slab", "namespace", ""));
    assertEquals(List.of("--top-k"), offered("slab", "query", "books", "--to"));
    assertEquals(List.of("--filter"), offered("slab", "query", "books", "--id", "x", "--filt"));
    assertEquals(List.of("json"), offered("slab", "query", "books", "-o", "js"));
    assertEquals(List.of("json"), offered("slab", "query", "books", "--output", "=", "js"));
    assertEquals(
        List.of("cosine", "euclidean", "dotproduct"), offered("slab", "create", "x", "-m", ""));
    assertEquals(List.of("quick"), offered("slab", "verify", "x", "--level", "q"));
    assertEquals(List.of("L0", "L1", "L2"), offered("slab", "compact", "x", "--level", "L"));
    assertEquals(List.of("--no-include-values"), offered("slab", "fetch", "x", "--no-include-v"));
    assertEquals(List.of("--on-error"), offered("slab", "upsert", "x", "--on-"));
    assertTrue(offered("slab", "namespace", "create", "x", "--").contains("--name"));
    assertEquals(List.of("exit-codes"), offered("slab", "help", "exit"));
    assertEquals(List.of("bash", "fish", "zsh"), offered("slab", "completion", ""));
  }

  @Test
  void bashCompletesFilesWhereNothingElseIsKnown() throws Exception {
    assumeTrue(installed("bash"), "bash is not installed");
    assertEquals(List.of(), offered("slab", "query", "bo"));
    assertEquals(List.of(), offered("slab", "query", "books", "--queries", "-"));
    String registered =
        output("bash", "--norc", "-c", "source '" + file("bash") + "'; complete -p");
    assertEquals("complete -o default -F _slab slab\n", registered);
  }

  @Test
  void fishUnderstandsItsFile() throws Exception {
    assumeTrue(installed("fish"), "fish is not installed: the syntax of slab.fish is not checked");
    output("fish", "--no-execute", file("fish").toString());
    String offers =
        output(
            "fish",
            "--no-config",
            "-c",
            "source " + file("fish") + "; complete -C 'slab verify x --level q'");
    assertTrue(offers.startsWith("quick"), offers);
  }

  @Test
  void zshUnderstandsItsFile() throws Exception {
    if (!installed("zsh")) {
      System.out.println("zsh is not installed: slab.zsh is not checked");
    }
    assumeTrue(installed("zsh"), "zsh is not installed");
    output("zsh", "-f", "-n", file("zsh").toString());
    String script =
        "autoload -U compinit; compinit -D -u; source '%s'; print -r -- $_comps[slab]; whence -w _slab"
            .formatted(file("zsh"));
    assertEquals("_slab\n_slab: function\n", output("zsh", "-f", "-c", script));
  }

  @Test
  void wordsOfAnIndexAreOfferedAndNeverAnError(@TempDir Path folder) throws IOException {
    Path index = folder.resolve("i");
    shell.ok("create", index, "-d", "1");
    shell
        .input("{\"id\":\"a\",\"values\":[1],\"metadata\":{\"genre\":\"x\",\"two words\":1}}\n")
        .ok("ingest", index, "-", "-q", "-n", "poems");
    shell.ok("ingest", index, "-", "-q");
    assertEquals("__default__\npoems\n", shell.ok("__complete", "namespaces", index));
    assertEquals("genre\n", shell.ok("__complete", "fields", index));
    assertEquals("a\n", shell.ok("__complete", "ids", index, "a"));
    assertEquals("", shell.ok("__complete", "fields", folder.resolve("nothing")));
    assertEquals("", shell.ok("__complete"));
  }
}
