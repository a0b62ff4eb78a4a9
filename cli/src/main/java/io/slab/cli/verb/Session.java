package io.slab.cli.verb;

import io.slab.cli.input.TextInput;
import io.slab.cli.output.Output;
import io.slab.cli.output.OutputFormat;
import io.slab.cli.output.PhaseProgress;
import io.slab.cli.output.Progress;
import io.slab.cli.output.Style;
import io.slab.cli.output.Terminal;
import io.slab.cli.usage.UsageException;
import io.slab.error.CancellationToken;
import io.slab.error.ShellWord;
import io.slab.output.OutputPlace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** One run of one verb: where it prints, what it may ask, how it shows progress. */
public final class Session {
  private static final int DEFAULT_CHART = 80;
  private static final int NARROWEST_CHART = 40;
  private static final int WIDEST_CHART = 120;

  private final Console console;
  private final Verbs verbs;
  private final Output output;
  private final Progress.Mode progress;
  private final Style outStyle;
  private final TextInput input;
  private final List<String> fields;
  private final int width;

  Session(Console console, Verbs verbs, OutputOptions options) {
    this.console = console;
    this.verbs = verbs;
    fields = List.copyOf(options.fields);
    boolean terminal = console.terminal().stdout() && !toFile(options.out);
    Path file = toFile(options.out) ? options.out : null;
    OutputFormat format = OutputFormat.of(options.json ? "json" : options.output, file, terminal);
    outStyle = Terminal.style(options.color, terminal, console.env());
    int natural = terminal ? console.terminal().width() : 0;
    width = options.width == null ? natural : options.width;
    if (file != null) {
      // Before any work: a result that cannot be written is no use afterwards.
      OutputPlace.of(file).requireFile();
    }
    output =
        new Output(
            new Output.Options(format, options.fields, file, outStyle, width),
            console.stdout(),
            console.watcher(),
            console.cancellation());
    if (terminal) {
      output.toTerminal();
    }
    progress =
        options.quiet
            ? Progress.Mode.NONE
            : Progress.Mode.parse(options.progress, console.terminal().stderr());
    input = new TextInput(console.stdin());
  }

  private static boolean toFile(Path out) {
    return out != null && !out.toString().equals("-");
  }

  public Console console() {
    return console;
  }

  /** The verbs of this program, for a verb that lists them or runs others. */
  public Verbs verbs() {
    return verbs;
  }

  public Output output() {
    return output;
  }

  /** Option values that may stand in a file or on stdin. */
  public TextInput input() {
    return input;
  }

  /** Says whether the command shall end; what takes long carries it. */
  public CancellationToken cancellation() {
    return console.cancellation();
  }

  /** What {@code --fields} asked for; empty for everything. */
  public List<String> fields() {
    return fields;
  }

  public Style outStyle() {
    return outStyle;
  }

  /** Columns that a chart for people may take: as wide as the lines of tables, within reason. */
  public int chartWidth() {
    return width == 0 ? DEFAULT_CHART : Math.clamp(width, NARROWEST_CHART, WIDEST_CHART);
  }

  /** One line of talk. */
  public void say(String line) {
    console.say(line);
  }

  /** A warning: on stderr, and among the {@code warnings} of the JSON forms. */
  public void warn(String text) {
    if (output.addWarning(text)) {
      console.warn(text);
    }
  }

  /**
   * Looks something up for people when the work is done. A fault of it is no failure of that work:
   * the rest of the result counts, and the exit code is that of the work.
   *
   * @param what "what to do next", for the line that says what is missing
   * @param otherwise what stands for the answer then
   */
  public <T> T afterwards(String what, Supplier<T> lookUp, T otherwise) {
    try {
      return lookUp.get();
    } catch (RuntimeException e) {
      say(what + " is left out: " + e.getMessage());
      return otherwise;
    }
  }

  /** The same, for something that is only put in order. */
  public void afterwards(String what, Runnable work) {
    afterwards(
        what,
        () -> {
          work.run();
          return null;
        },
        null);
  }

  public Progress progress(String what) {
    return new Progress(progress, console.stderr(), what, () -> System.nanoTime() / 1_000_000);
  }

  /** The same for work in phases, which hears of them where it asks whether to go on. */
  public PhaseProgress phases(String what) {
    return new PhaseProgress(progress(what), cancellation());
  }

  /** Asks yes or no; a plain return means yes. */
  public void confirm(String question, ConsentOptions consent) {
    if (consent.yes) {
      return;
    }
    requireTerminal(
        question, "pass --yes to go ahead, or --dry-run to see what would happen", consent);
    console.ask(question + " [y/N] ");
    String answer = readLine();
    if (!answer.equalsIgnoreCase("y") && !answer.equalsIgnoreCase("yes")) {
      throw new Declined();
    }
  }

  /**
   * Asks for the name of what is about to be destroyed; a plain return means it was given.
   *
   * @param given what {@code --confirm} said, or null
   */
  public void confirmByName(String question, String name, String given, ConsentOptions consent) {
    if (given != null) {
      if (!given.equals(name)) {
        throw new UsageException("--confirm '" + given + "' is not '" + name + "'", null);
      }
      return;
    }
    String hint = "pass --confirm " + ShellWord.of(name) + " to go ahead";
    requireTerminal(
        question, consent.yes ? hint + "; --yes is not enough for this" : hint, consent);
    console.ask(question + " Type its name (" + name + ") to go ahead: ");
    if (!readLine().equals(name)) {
      throw new Declined();
    }
  }

  private void requireTerminal(String question, String hint, ConsentOptions consent) {
    if (consent.noInput || !console.terminal().stdin()) {
      throw new UsageException("this needs a confirmation: " + question, hint);
    }
  }

  private String readLine() {
    try {
      String line =
          new BufferedReader(new InputStreamReader(console.stdin(), StandardCharsets.UTF_8))
              .readLine();
      return line == null ? "" : line.trim();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The user said no: nothing was done. */
  public static final class Declined extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
