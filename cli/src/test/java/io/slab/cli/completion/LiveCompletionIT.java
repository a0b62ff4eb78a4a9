package io.slab.cli.completion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slab.cli.Shell;
import io.slab.cli.TerminalScreen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Words of an index in real shells. What they call is a script that answers as {@code slab} would,
 * and {@code slab} itself is asked the same questions in this process.
 */
class LiveCompletionIT {
  @TempDir Path folder;
  private final Shell shell = new Shell();
  private Path index;

  @BeforeEach
  void make() throws IOException {
    index = folder.resolve("i");
    shell.ok("create", index, "-d", 1);
    StringBuilder records = new StringBuilder();
    for (String id : List.of("book-dune", "book-emma", "film-alien")) {
      records.append(
          "{\"id\":\"" + id + "\",\"values\":[1],\"metadata\":{\"genre\":\"x\",\"year\":1}}\n");
    }
    shell.input(records.toString()).ok("ingest", index, "-");
    Path stub = folder.resolve("slab");
    Files.writeString(
        stub,
        """
        #!/bin/sh
        case "$2" in
          members) for w in id score metadata.genre metadata.year; do echo "$w"; done ;;
          ids) for w in book-dune book-emma; do echo "$w"; done ;;
          fields) echo genre; echo year ;;
          namespaces) echo poems ;;
          checkpoints) echo monday; echo morning ;;
          filter)
            case "${4#\\'}" in
              '{"genre":'*) echo '{"genre":"a poem"}' ;;
              *) echo '{"genre":'; echo '{"year":' ;;
            esac ;;
        esac
        """);
    assertTrue(stub.toFile().setExecutable(true));
    Files.writeString(folder.resolve("a-file"), "");
  }

  @Test
  void whatIsAskedIsAnswered() {
    assertEquals("book-dune\nbook-emma\n", shell.ok("__complete", "ids", index, "book-"));
    assertEquals(
        "film-alien,book-emma\n", shell.ok("__complete", "ids", index, "film-alien,book-e"));
    assertEquals("genre\nyear\n", shell.ok("__complete", "fields", index, ""));
    shell.ok("checkpoint", "create", index, "monday");
    assertEquals("monday\n", shell.ok("__complete", "checkpoints", index, "m"));
    assertEquals("id,metadata.year\n", shell.ok("__complete", "members", index, "id,metadata.y"));
    String filters = "{\"genre\":\n{\"year\":\n";
    for (String begun : List.of("", "{", "{\"", "'{")) {
      assertEquals(filters, shell.ok("__complete", "filter", index, begun));
    }
    assertEquals(
        "{\"year\":1,\"genre\":\"x\"}\n",
        shell.ok("__complete", "filter", index, "{\"year\":1,\"genre\":\""));
    // A name that is alone comes with what can follow, or a shell would close the quotation mark.
    assertEquals(
        "{\"genre\":\n{\"genre\":\"x\"}\n{\"genre\":{\"$\n",
        shell.ok("__complete", "filter", index, "{\"g"));
    assertEquals(
        "{\"year\":{\"$in\":\n{\"year\":{\"$in\":1}}\n{\"year\":{\"$in\":\"\n",
        shell.ok("__complete", "filter", index, "{\"year\":{\"$i"));
    assertEquals(
        "metadata\nmetadata.genre\nmetadata.year\n",
        shell.ok("__complete", "members", index, "meta"));
  }

  @Test
  void nothingThatAShellWouldRunIsOffered() {
    assertEquals("", shell.ok("__complete", "ids", index, "$(touch x),book-e"));
    assertEquals("", shell.ok("__complete", "members", index, "`id`,i"));
    shell
        .input("{\"id\":\"c\\u009b1m\",\"values\":[1]}\n{\"id\":\"a,b\",\"values\":[1]}\n")
        .ok("ingest", index, "-");
    assertEquals("", shell.ok("__complete", "id", index, "c"));
    // A comma is a part of one id, and ends one of a list.
    assertEquals("a,b\n", shell.ok("__complete", "id", index, "a,"));
    assertEquals("", shell.ok("__complete", "ids", index, "a"));
  }

  private String run(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(folder.toFile());
    builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  private static boolean installed(String program) {
    for (String folder : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    System.out.println(program + " is not installed: its completion is not tried");
    return false;
  }

  private static Path file(String name) {
    return Path.of(System.getProperty("slab.root"), "completion", "slab." + name);
  }

  private String bash(String... words) throws Exception {
    String line = "'" + String.join("' '", words) + "'";
    return run(
        "bash",
        "--norc",
        "-c",
        "source '%s'; COMP_WORDS=(%s); COMP_CWORD=%d; _slab; echo \"${COMPREPLY[@]}\""
            .formatted(file("bash"), line, words.length - 1));
  }

  @Test
  void bashOffersFieldsAndIds() throws Exception {
    assumeTrue(installed("bash"), "bash is not installed");
    assertEquals("metadata.genre metadata.year\n", bash("slab", "query", "i", "--fields", "meta"));
    assertEquals("book-dune book-emma\n", bash("slab", "fetch", "i", "--ids", "bo"));
    assertEquals("genre\n", bash("slab", "inspect", "i", "--color-by", "g"));
    assertEquals("\n", bash("slab", "query", "i", "--top-k", ""));
    assertEquals("year\n", bash("slab", "query", "i", "--group-by", "y"));
    assertEquals("genre\n", bash("slab", "update", "i", "--unset", "g"));
    assertEquals("monday morning\n", bash("slab", "query", "i", "--as-of", ""));
    assertEquals("year\n", bash("slab", "ingest", "i", "--text-field", "y"));
    assertEquals("monday morning\n", bash("slab", "restore", "i", "mo"));
    assertEquals("monday\n", bash("slab", "checkpoint", "show", "i", "mon"));
    assertEquals("\n", bash("slab", "restore", "i", "monday", ""));
    assertEquals("'{\"genre\": '{\"year\":\n", bash("slab", "query", "i", "--filter", ""));
    assertEquals("poems\n", bash("slab", "namespace", "list", "i", "--prefix", "p"));
  }

  /** A shell in a terminal, in which the stub is slab. */
  private TerminalScreen terminal(String program, String first) throws Exception {
    TerminalScreen terminal =
        new TerminalScreen(
            "cd '"
                + folder
                + "' && PATH='"
                + folder
                + "':$PATH HOME='"
                + folder
                + "' exec "
                + program);
    terminal.line(first + " source '" + file(program.replaceFirst(" .*", "")) + "'; echo re''ady");
    terminal.await("ready");
    terminal.line("clear");
    return terminal;
  }

  @Test
  void tabCompletesAFilterInRealTerminals() throws Exception {
    assumeTrue(TerminalScreen.installed(LiveCompletionIT.class), "tmux is not installed");
    if (installed("bash")) {
      try (TerminalScreen terminal = terminal("bash --norc", "PS1='$ ';")) {
        filter(terminal);
      }
    }
    if (installed("zsh")) {
      try (TerminalScreen terminal =
          terminal("zsh -f", "PS1='$ '; autoload -U compinit; compinit -D -u;")) {
        filter(terminal);
        tab(terminal, "slab query i --group-by=y", "--group-by=year");
        tab(terminal, "slab namespace list i --prefix=p", "--prefix=poems");
        tab(terminal, "slab query i --filter=", "--filter='{\"");
        tab(terminal, "slab query i -f '{\"genre\":\"a", "-f '{\"genre\":\"a poem\"}'");
      }
    }
    if (installed("fish")) {
      try (TerminalScreen terminal = terminal("fish --no-config", "")) {
        filter(terminal);
      }
    }
  }

  private static void filter(TerminalScreen terminal) throws Exception {
    for (String between : List.of(" ", "=")) {
      String option = "--filter" + between + "'{\"genre\":\"a";
      tab(terminal, "slab query i " + option, option + " poem\"}'");
    }
    tab(terminal, "slab restore i mon", "slab restore i monday");
  }

  /** Types the beginning of a line, and leaves none of it. */
  private static void tab(TerminalScreen terminal, String begun, String whole) throws Exception {
    terminal.type(begun);
    terminal.key("Tab");
    terminal.await(whole);
    terminal.key("C-u");
  }

  @Test
  void fishOffersFieldsAndIdsAndNoFilesForWords() throws Exception {
    assumeTrue(installed("fish"), "fish is not installed");
    String source = "source " + file("fish") + "; complete -C 'slab ";
    String fields = run("fish", "--no-config", "-c", source + "query i --fields meta'");
    assertTrue(fields.contains("metadata.genre") && fields.contains("metadata.year"), fields);
    String ids = run("fish", "--no-config", "-c", source + "fetch i --ids bo'");
    assertTrue(ids.contains("book-dune") && !ids.contains("a-file"), ids);
    assertTrue(run("fish", "--no-config", "-c", source + "query i --as-of m'").contains("monday"));
    String none = source + "query i --top-k a'";
    assertFalse(run("fish", "--no-config", "-c", none).contains("a-file"));
    String queries = run("fish", "--no-config", "-c", source + "query i --queries a'");
    assertTrue(queries.contains("a-file"), queries);
  }
}
