package io.slab.cli;

import io.slab.cli.output.Sink;
import io.slab.output.UnfinishedFiles;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line: finds the verb, builds the options of that verb alone, runs it, maps what
 * happened to an exit code.
 */
public final class Main {
  private static volatile boolean finished;

  private Main() {}

  public static void main(String[] args) {
    if (Boolean.getBoolean("slab.vector")) {
      VectorModule.load();
    }
    Runtime.getRuntime().addShutdownHook(interruptHook());
    // The plain descriptors: System.out would swallow the error that says that the reader is gone.
    int code =
        run(
            args,
            new FileInputStream(FileDescriptor.in),
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            System.getenv());
    finished = true;
    if (System.getProperty("ZstdNativePath") != null) {
      // Everything is flushed and no temporary file waits for its deletion: an orderly exit would
      // only load the logging
      // framework, to ask whether anybody wants to know.
      Runtime.getRuntime().halt(code);
    }
    System.exit(code);
  }

  static Thread interruptHook() {
    return new Thread(Main::interrupted, "slab-interrupt");
  }

  /** A signal ends the process: Java exits with 128 + its number once this returns. */
  private static void interrupted() {
    if (!finished) {
      UnfinishedFiles.abandonAll();
      System.err.println(
          "slab: interrupted; what was acknowledged is safe, run the command again to go on");
    }
  }

  /**
   * Runs one command line in this process.
   *
   * @return the exit code
   */
  public static int run(
      String[] args,
      InputStream stdin,
      OutputStream stdout,
      OutputStream stderr,
      Map<String, String> env) {
    return run(Arrays.asList(args), new Console(stdin, stdout, stderr, env));
  }

  /** Runs one command line in the given surroundings. */
  static int run(List<String> words, Console console) {
    try {
      return new Dispatcher(console).run(words).code();
    } catch (Sink.BrokenPipe e) {
      return ExitCode.OK.code();
    } catch (Session.Declined e) {
      console.say("nothing was changed");
      return ExitCode.FAILED.code();
    } catch (Exception | OutOfMemoryError e) {
      return report(e, words, console);
    }
  }

  /** Says what went wrong; returns the exit code. */
  static int report(Throwable thrown, List<String> words, Console console) {
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
    }
    return new Failure(ExitCode.USAGE, "usage", message, null, -1, hint);
  }
}
