package io.slab.cli.shell;

import io.slab.cli.command.OpenIndexes;
import io.slab.cli.input.LocalFile;
import io.slab.cli.output.Sink;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Console;
import io.slab.cli.verb.FailureReport;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.StorageOptions;
import io.slab.cli.verb.Verb;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slab shell}. */
@Command
public final class Repl extends Verb {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "TARGET",
      description = "directory of the index, or s3://bucket/prefix; default $SLAB_TARGET")
  String target;

  @Option(
      names = {"-c", "--command"},
      paramLabel = "LINE",
      description = "run this command and leave; may be given several times")
  List<String> commands = new ArrayList<>();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "run the commands of a file and leave")
  Path file;

  @Option(names = "--bail", description = "leave at the first error, with its exit code")
  boolean bail;

  private final ReplState state = new ReplState();
  private Session session;
  private OpenIndexes open;
  private ReplRunner runner;
  private ReplCommands dots;
  private ReplTerminal terminal;
  private boolean left;
  private Integer exitCode;

  @Override
  public String about() {
    return "Runs commands on one index that stays open between them: the verbs and options of the command line without"
        + " TARGET, and dot commands (.help). Reads lines from a terminal, with completion and history, or from a pipe.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "shell books",
        "shell books -c '.timer on' -c 'query --id book-dune' -c 'query --id book-dracula'",
        "shell books --file nightly.slab --bail");
  }

  /** Those of the command that ends a script. */
  @Override
  public List<ExitCode> exits() {
    return List.of(ExitCode.values());
  }

  @Override
  public ExitCode run(Session started) throws IOException {
    session = started;
    if (target != null) {
      StorageOptions.isRemote(target);
    }
    state.target = target;
    state.mode = outputFormat();
    state.bail = bail;
    boolean script = !commands.isEmpty() || file != null;
    boolean interactive = !script && session.console().terminal().stdin();
    try (OpenIndexes indexes = new OpenIndexes()) {
      open = indexes;
      dots = new ReplCommands(this, state, open);
      if (interactive) {
        interactive();
      } else {
        runner = runner(session.console());
        batch(script);
      }
      dots.endOutput();
    }
    return exit(exitCode != null ? exitCode : interactive ? 0 : state.code);
  }

  private ReplRunner runner(Console console) {
    return new ReplRunner(session.verbs(), console, state, open);
  }

  private void batch(boolean script) throws IOException {
    for (String command : commands) {
      if (left || (bail && state.code != 0)) {
        return;
      }
      state.code = line(command);
    }
    if (file != null && !left && !(bail && state.code != 0)) {
      state.code = script(LocalFile.text("--file", file));
    }
    if (!script) {
      state.code = lines(new InputStreamReader(session.console().stdin(), StandardCharsets.UTF_8));
    }
  }

  private void interactive() throws IOException {
    ReplCompletion completion = new ReplCompletion(session.verbs(), state, open);
    try (ReplTerminal opened = new ReplTerminal(session.console().env(), state, completion)) {
      terminal = opened;
      state.screen = opened::screen;
      runner = runner(opened.console(session.console()));
      opened.onInterrupt(() -> runner.interrupt());
      greet();
      Thread.ofPlatform()
          .daemon()
          .name("slab-warm")
          .priority(Thread.MIN_PRIORITY)
          .start(() -> {
            completion.options();
            if (state.target != null) {
              open.warm(state.target, state.namespace);
            }
          });
      while (!left) {
        String text = opened.read(() -> ReplPrompt.of(state, open));
        if (text == null) {
          return;
        }
        state.code = line(text);
      }
    }
  }

  /**
   * Runs lines as they come; returns the exit code of the last one, or of the first that failed.
   */
  private int lines(java.io.Reader reader) throws IOException {
    BufferedReader in = new BufferedReader(reader);
    StringBuilder pending = new StringBuilder();
    OpenLine open = new OpenLine();
    int code = 0;
    // Who left waits for no other line: a pipe may stay open for long.
    for (String text = in.readLine(); text != null; text = left ? null : in.readLine()) {
      String piece = pending.isEmpty() ? text : "\n" + text;
      pending.append(piece);
      open.add(piece);
      if (open.missing() != null) {
        continue;
      }
      code = echoed(pending.toString());
      pending.setLength(0);
      open = new OpenLine();
      if (state.bail && code != 0) {
        return code;
      }
    }
    return left ? state.code : pending.isEmpty() ? code : echoed(pending.toString());
  }

  private int echoed(String text) {
    if (state.echo && !text.isBlank()) {
      session.console().tell("> " + text + "\n");
    }
    return line(text);
  }

  /** Runs the lines of a script. */
  int script(String text) throws IOException {
    return lines(new java.io.StringReader(text));
  }

  /** Runs one line; returns its exit code, and that of the line before for nothing. */
  int line(String text) {
    ReplLine line = ReplLine.of(text);
    if (line.words().isEmpty()) {
      return state.code;
    }
    try {
      if (line.missing() != null) {
        throw new UsageException(
            "the line is not complete: " + line.missing() + " is missing", null);
      }
      List<String> words = state.expand(line.words());
      String first = words.getFirst();
      if (words.size() == 1 && (first.equals("exit") || first.equals("quit"))) {
        leave(null);
        return state.code;
      }
      if (first.startsWith(".")) {
        return dots.run(text.substring(line.first()), words);
      }
      if (first.equals("slab") && words.size() > 1) {
        words = words.subList(1, words.size());
      }
      int code = command(words);
      if (state.once) {
        dots.endOutput();
      }
      return code;
    } catch (Sink.BrokenPipe e) {
      left = true;
      return 0;
    } catch (Exception e) {
      return FailureReport.show(e, List.of(), session.console());
    }
  }

  /** Runs one command of the command line. */
  int command(List<String> words) {
    return runner.run(words);
  }

  /** A line of what a dot command has to say. */
  void print(String text) {
    Sink out = Sink.of(state.output == null ? session.console().stdout() : state.output);
    out.write(text + "\n");
    out.flush();
  }

  void history(String count) {
    if (terminal != null) {
      terminal.history(count == null ? 20 : number(count)).forEach(this::print);
    }
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new UsageException("'" + text + "' is no number", null);
    }
  }

  void leave(String code) {
    if (code != null) {
      exitCode = number(code);
    }
    left = true;
  }

  /** Says what is open, to people. */
  void greet() {
    if (terminal != null) {
      session.console().tell(ReplPrompt.banner(state, open));
    }
  }

  private static ExitCode exit(int code) {
    for (ExitCode exit : ExitCode.values()) {
      if (exit.code() == code) {
        return exit;
      }
    }
    return ExitCode.FAILED;
  }
}
