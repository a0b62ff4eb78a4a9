package io.slab.cli.verb;

import io.slab.cli.input.ShellQuotes;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.Nearest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How the end of a failed command is told. */
public final class FailureReport {
  private FailureReport() {}

  /** Says what went wrong; returns the exit code. */
  public static int show(Throwable thrown, List<String> words, Console console) {
    Failure failure = thrown instanceof ParameterException e ? usage(e) : Failure.of(thrown);
    console.fail(failure, wantsJson(words, console));
    if (words.contains("--debug")) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      console.tell(trace.toString());
    }
    return failure.exit().code();
  }

  /**
   * Whether errors are wanted as JSON too, judged without a parser since parsing may be what
   * failed.
   */
  private static boolean wantsJson(List<String> words, Console console) {
    String format = console.env().getOrDefault("SLAB_OUTPUT", "");
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("-j") || word.equals("--json")) {
        return true;
      }
      if ((word.equals("-o") || word.equals("--output")) && i + 1 < words.size()) {
        format = words.get(i + 1);
      } else if (word.startsWith("--output=")) {
        format = word.substring("--output=".length());
      } else if (word.startsWith("-o") && !word.startsWith("--")) {
        format = word.substring(2).replaceFirst("^=", "");
      }
    }
    String lower = format.toLowerCase(Locale.ROOT);
    return lower.equals("json") || lower.equals("ndjson") || lower.equals("jsonl");
  }

  private static Failure usage(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String message = e.getMessage();
    String hint = "see `slab " + command.getCommandName() + " --help`";
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().getFirst();
      boolean option = word.startsWith("-");
      message = (option ? "unknown option " : "unexpected argument ") + "'" + word + "'";
      String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
      String nearest =
          option ? Nearest.of(name, command.getCommandSpec().optionsMap().keySet()) : null;
      if (nearest != null) {
        hint = "did you mean " + nearest + "? " + hint;
      }
      if (ShellQuotes.isPiece(word)) {
        hint = "a value with blanks needs quotes, as in --vector '[0.1, 0.2]'; " + hint;
      }
    }
    return new Failure(ExitCode.USAGE, "usage", message, null, -1, hint);
  }
}
