package io.slab.cli.verb;

import io.slab.cli.output.Cells;
import io.slab.cli.output.Doc;
import io.slab.cli.output.JsonText;
import io.slab.cli.output.Sink;
import io.slab.cli.output.Style;
import io.slab.cli.output.Terminal;
import io.slab.cli.usage.ExitCode;
import io.slab.error.CancellationToken;
import io.slab.error.StoreException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The world around one run: streams, environment, what kind of terminal there is. Talk goes to
 * {@link #say}.
 */
public final class Console {
  private final InputStream stdin;
  private final OutputStream stdout;
  private final OutputStream errors;
  private final Sink stderr;
  private final Map<String, String> env;
  private final Terminal terminal;
  private final CancellationToken cancellation;
  private Style errStyle;
  private boolean quiet;
  private Consumer<Doc> watcher = row -> {};

  public Console(
      InputStream stdin, OutputStream stdout, OutputStream stderr, Map<String, String> env) {
    this(stdin, stdout, stderr, env, CancellationToken.NONE);
  }

  /**
   * @param cancellation ends the command between two steps
   */
  public Console(
      InputStream stdin,
      OutputStream stdout,
      OutputStream stderr,
      Map<String, String> env,
      CancellationToken cancellation) {
    this.stdin = stdin;
    this.stdout = stdout;
    this.errors = stderr;
    this.stderr = Sink.of(stderr);
    this.env = env;
    this.cancellation = cancellation;
    this.terminal = Terminal.of(env);
    this.errStyle = Terminal.style("auto", terminal.stderr(), env);
  }

  public InputStream stdin() {
    return stdin;
  }

  public OutputStream stdout() {
    return stdout;
  }

  public Sink stderr() {
    return stderr;
  }

  /** Says whether the command shall end. */
  public CancellationToken cancellation() {
    return cancellation;
  }

  /** The stream behind {@link #stderr}. */
  public OutputStream errors() {
    return errors;
  }

  /** Has every row of a result shown to a listener besides being printed. */
  public void watch(Consumer<Doc> rows) {
    watcher = rows;
  }

  Consumer<Doc> watcher() {
    return watcher;
  }

  public Map<String, String> env() {
    return env;
  }

  public Terminal terminal() {
    return terminal;
  }

  void configure(String color, boolean beQuiet) {
    errStyle = Terminal.style(color, terminal.stderr(), env);
    quiet = beQuiet;
  }

  /** One line of talk on stderr; silent under {@code --quiet}. */
  public void say(String line) {
    if (!quiet) {
      tell(Cells.cleanLines(line) + "\n");
    }
  }

  /** A line that even {@code --quiet} does not silence. */
  public void warn(String line) {
    tell(errStyle.yellow("warning:") + " " + Cells.cleanLines(line) + "\n");
  }

  /** Prints a question without a line end. */
  void ask(String question) {
    tell(Cells.cleanLines(question));
  }

  /** An error block for what a command found, where its result says the rest. */
  public void problem(String message, String hint) {
    fail(new Failure(ExitCode.FAILED, "found", message, null, -1, hint), false);
  }

  /** Prints the error block; for programs one line of JSON instead. */
  void fail(Failure failure, boolean json) {
    if (json) {
      Doc line = new Doc().put("type", "error").put("error", failure.toDoc());
      tell(JsonText.of(line) + "\n");
      return;
    }
    StringBuilder text = new StringBuilder(errStyle.red("error:"));
    text.append(' ').append(Cells.cleanLines(failure.message())).append('\n');
    if (failure.hint() != null) {
      text.append("  hint: ").append(Cells.cleanLines(failure.hint())).append('\n');
    }
    tell(text.toString());
  }

  /** Talk that no terminal takes changes nothing about the work. */
  public void tell(String text) {
    try {
      stderr.write(text);
      stderr.flush();
    } catch (Sink.BrokenPipe | StoreException e) {
      // The exit code says what happened.
      return;
    }
  }
}
