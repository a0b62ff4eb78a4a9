package io.slab.cli.shell;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slab.cli.Processes;
import io.slab.cli.Shell;
import io.slab.cli.TerminalScreen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The interactive shell in a real terminal, which tmux is: keys go in, a screen comes out. */
class ReplTerminalIT {
  @TempDir Path folder;
  private TerminalScreen terminal;

  @AfterEach
  void stop() throws Exception {
    if (terminal != null) {
      terminal.close();
    }
  }

  private void start(Path index) throws Exception {
    List<String> command = Processes.slab("shell", index.toString());
    command.add(1, "--enable-native-access=ALL-UNNAMED");
    StringBuilder line =
        new StringBuilder(
            "exec env SLAB_TTY=012 XDG_STATE_HOME='" + folder + "' TERM=screen PAGER='wc -l'");
    command.forEach(word -> line.append(" '").append(word).append('\''));
    Path script = folder.resolve("start.sh");
    Files.writeString(script, line + "\n");
    terminal = new TerminalScreen("sh '" + script + "'; echo \"left with $?\"; sleep 1000");
    await("i 2>");
  }

  private void type(String text) throws Exception {
    terminal.type(text);
  }

  private void key(String name) throws Exception {
    terminal.key(name);
  }

  private String screen() throws Exception {
    return terminal.text();
  }

  private void await(String text) throws Exception {
    terminal.await(text);
  }

  private Path index() throws IOException {
    Shell shell = new Shell();
    Path index = folder.resolve("i");
    shell.ok("create", index, "-d", "2", "--metric", "euclidean");
    StringBuilder records = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      records.append(
          "{\"id\":\"r%04d\",\"values\":[%d,1],\"metadata\":{\"genre\":\"%s\"}}\n"
              .formatted(i, i, i % 2 == 0 ? "poetry" : "prose"));
    }
    shell.input(records.toString()).ok("ingest", index, "-", "--flush", "-q");
    StringBuilder queries = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      queries.append("{\"id\":\"q").append(i).append("\",\"vector\":[").append(i).append(",2]}\n");
    }
    Files.writeString(folder.resolve("q.jsonl"), queries);
    return index;
  }

  @Test
  void completesCancelsRemembersAndLeaves() throws Exception {
    assumeTrue(TerminalScreen.installed(ReplTerminalIT.class), "tmux is not installed");
    start(index());
    assertTrue(screen().contains("2000 records, 2 dimensions, euclidean"), screen());
    wordsAreCompleted();
    longOutputIsPaged();
    linesGoOnWhileABraceIsOpen();
    aCommandIsCancelled();
    aQuestionIsAsked();
    linesAreRememberedAndTheShellEnds();
  }

  private void wordsAreCompleted() throws Exception {
    // Tab: a verb, an option, a field and a value from the bitmap dictionary, an id.
    type("que");
    key("Tab");
    await("> query");
    type("--filt");
    key("Tab");
    await("query --filter");
    type("{\"ge");
    key("Tab");
    await("{\"genre\":");
    type("\"pro");
    key("Tab");
    await("{\"genre\":\"prose\"");
    type("} --id r199");
    key("Tab");
    await("r1990   r1991");
    type("0 -k 1 --fields id");
    key("Enter");
    await("r1989\ni 2>");
  }

  private void longOutputIsPaged() throws Exception {
    // What is longer than the screen goes through the pager, while the user wants one.
    type("list -l 60");
    key("Enter");
    await("61\nmore:");
    type(".set pager off");
    key("Enter");
    type("list -l 60");
    key("Enter");
    await("r0058\nr0059");
  }

  private void linesGoOnWhileABraceIsOpen() throws Exception {
    // A line goes on while a brace is open; quotes around JSON are not needed.
    type("fetch --no-include-values --fields id --ids [\"r0007\",");
    key("Enter");
    await("   >");
    type("\"r0008\"]");
    key("Enter");
    await("r0008\ni 2>");
  }

  private void aCommandIsCancelled() throws Exception {
    // Ctrl-C ends the command and not the shell.
    type(
        "query --queries "
            + folder.resolve("q.jsonl")
            + " -k 1000 --exact -o ndjson --out "
            + folder.resolve("answers"));
    key("Enter");
    // On a busy machine the first key may come before the terminal is the command's.
    for (int i = 0; i < 40 && !screen().contains("\"interrupted\"}}"); i++) {
      Thread.sleep(700);
      key("C-c");
    }
    await("\"interrupted\"}}\ni 2>");
    assertFalse(Files.exists(folder.resolve("answers")));
    type(".show");
    key("Enter");
    await("kernels");

    // At the prompt it only says how to leave.
    key("C-c");
    await("Ctrl-D or .exit leaves");
  }

  private void aQuestionIsAsked() throws Exception {
    // A question is asked in the terminal, and the answer is read from it.
    type("delete --prefix r000");
    key("Enter");
    await("[y/N]");
    type("y");
    key("Enter");
    await("deleted 10 records");
  }

  private void linesAreRememberedAndTheShellEnds() throws Exception {
    // Arrow up finds the line; Ctrl-D leaves; lines are kept for the next session.
    key("Up");
    await("> delete --prefix r000");
    key("C-u");
    key("C-d");
    await("left with 0");
    String history = Files.readString(folder.resolve("slab").resolve("history"));
    assertTrue(history.contains("delete --prefix r000"), history);
  }
}
