package io.slab.cli.shell;

import io.slab.cli.verb.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jline.reader.EndOfFileException;
import org.jline.reader.History;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.Widget;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The terminal of an interactive shell. The one class through which jline is reached. */
final class ReplTerminal implements AutoCloseable {
  private static final String LEAVE = "Ctrl-C ends a command; Ctrl-D or .exit leaves";

  /** Characters at once that no hand types: more of them may come, with pauses. */
  private static final int A_PASTE = 64;

  private final Terminal terminal;
  private final LineReader reader;

  ReplTerminal(Map<String, String> env, ReplState state, ReplCompletion completion)
      throws IOException {
    terminal = TerminalBuilder.builder().system(true).dumb(true).build();
    Path history = history(env);
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("slab")
            .parser(new ReplParser())
            .completer(new ReplCompleter(completion))
            .highlighter(new ReplHighlighter(env))
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "%P   > ")
            .option(LineReader.Option.HISTORY_IGNORE_DUPS, true)
            .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.AUTO_FRESH_LINE, true)
            .option(LineReader.Option.CASE_INSENSITIVE, false);
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    reader = builder.build();
    takeAtOnce((LineReaderImpl) reader);
  }

  /**
   * Has all that waits to be read put into the line at once. A terminal without bracketed paste
   * sends a pasted text as keys, and after each key the whole line would be painted.
   */
  private static void takeAtOnce(LineReaderImpl reader) {
    Widget one = reader.getBuiltinWidgets().get(LineReader.SELF_INSERT);
    reader
        .getWidgets()
        .put(
            LineReader.SELF_INSERT,
            () -> {
              if (!one.apply()) {
                return false;
              }
              StringBuilder more = new StringBuilder();
              while (isText(reader.peekCharacter(more.length() < A_PASTE ? 1 : 20))) {
                more.appendCodePoint(reader.readCharacter());
              }
              reader.getBuffer().write(more);
              return true;
            });
  }

  /** Whether a character stands for itself, and is no key that does something. */
  private static boolean isText(int character) {
    return character >= ' ' && !Character.isISOControl(character);
  }

  /** How large the terminal is now. */
  ReplScreen screen() {
    Size size = terminal.getSize();
    return new ReplScreen(size.getColumns(), size.getRows());
  }

  /** Where lines are remembered; null when there is no place for it. */
  private static Path history(Map<String, String> env) {
    String home = env.getOrDefault("HOME", "");
    String base = env.getOrDefault("XDG_STATE_HOME", "");
    if (base.isEmpty() && home.isEmpty()) {
      return null;
    }
    Path folder = base.isEmpty() ? Path.of(home, ".local", "state", "slab") : Path.of(base, "slab");
    try {
      Files.createDirectories(folder);
      return folder.resolve("history");
    } catch (IOException e) {
      // A home that cannot be written to: this session is remembered and no other.
      return null;
    }
  }

  /** The same console with the input of this terminal. */
  Console console(Console console) {
    return new Console(terminal.input(), console.stdout(), console.errors(), console.env());
  }

  /** What Ctrl-C does while a command runs. */
  void onInterrupt(Runnable action) {
    terminal.handle(Terminal.Signal.INT, signal -> action.run());
  }

  /** The next line, or null when the user is done. */
  String read(Supplier<String> prompt) {
    while (true) {
      try {
        return reader.readLine(prompt.get());
      } catch (UserInterruptException e) {
        if (e.getPartialLine().isBlank()) {
          terminal.writer().println(LEAVE);
          terminal.flush();
        }
      } catch (EndOfFileException e) {
        return null;
      }
    }
  }

  /** The newest lines, oldest first. */
  List<String> history(int count) {
    List<String> lines = new ArrayList<>();
    for (History.Entry entry : reader.getHistory()) {
      lines.add(entry.line());
    }
    return lines.subList(Math.max(0, lines.size() - Math.max(0, count)), lines.size());
  }

  @Override
  public void close() throws IOException {
    reader.getHistory().save();
    terminal.close();
  }
}
