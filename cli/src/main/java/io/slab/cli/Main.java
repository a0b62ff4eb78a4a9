package io.slab.cli;

import io.slab.cli.output.Sink;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Console;
import io.slab.cli.verb.FailureReport;
import io.slab.cli.verb.Interruption;
import io.slab.cli.verb.Session;
import io.slab.output.UnfinishedFiles;
import io.slab.text.TextAnalyzers;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

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
      // only load the logging framework, to ask whether it has a listener for the end.
      Runtime.getRuntime().halt(code);
    }
    System.exit(code);
  }

  public static Thread interruptHook() {
    return new Thread(Main::interrupted, "slab-interrupt");
  }

  /** A signal ends the process: Java exits with 128 + its number once this returns. */
  private static void interrupted() {
    if (!finished && !Interruption.isExpected()) {
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
  public static int run(List<String> words, Console console) {
    String home = console.env().get("SLAB_HOME");
    if (home != null) {
      // Of Lucene nothing is on the class path; what needs it loads it.
      TextAnalyzers.lookInto(Path.of(home, "lib", "text"));
    }
    try {
      return new Dispatcher(console).run(words).code();
    } catch (Sink.BrokenPipe e) {
      return ExitCode.OK.code();
    } catch (Session.Declined e) {
      console.say("nothing was changed");
      return ExitCode.FAILED.code();
    } catch (Exception | OutOfMemoryError e) {
      return FailureReport.show(e, words, console);
    }
  }
}
