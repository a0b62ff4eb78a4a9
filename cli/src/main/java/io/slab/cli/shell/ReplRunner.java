package io.slab.cli.shell;

import io.slab.cli.command.OpenIndexes;
import io.slab.cli.output.Sink;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Console;
import io.slab.cli.verb.Verbs;
import io.slab.error.Cancellation;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the commands of an interactive shell, each in a thread of its own, so that Ctrl-C can end
 * one of them and not the shell. Used by one thread; {@link #interrupt} comes from any.
 */
final class ReplRunner {
  private static final List<String> NO_SHELL = List.of("shell", "repl");

  private final Verbs verbs;
  private final Console around;
  private final ReplState state;
  private final OpenIndexes open;
  private volatile Running running;

  /** A command and the switch that ends it. */
  private record Running(Thread thread, Cancellation cancellation) {}

  ReplRunner(Verbs verbs, Console around, ReplState state, OpenIndexes open) {
    this.verbs = verbs;
    this.around = around;
    this.state = state;
    this.open = open;
  }

  /** Runs one command line; returns its exit code. */
  int run(List<String> words) {
    if (NO_SHELL.contains(words.getFirst())) {
      throw new UsageException("this is a shell already", "use .open TARGET for another index");
    }
    if (words.getFirst().equals("serve") || words.getFirst().equals("mcp")) {
      throw new UsageException("a server has no place in the shell", "start it beside it");
    }
    List<String> line = new ArrayList<>(words);
    if (state.profile && words.getFirst().equals("query") && !words.contains("--profile-query")) {
      line.add("--profile-query");
    }
    List<String> before = List.copyOf(state.last);
    state.last.clear();
    long start = System.nanoTime();
    PagedOutput paged = PagedOutput.of(state, around);
    int code = inThread(line, paged);
    long micros = (System.nanoTime() - start) / 1000;
    if (paged != null) {
      end(paged);
    }
    if (state.last.isEmpty()) {
      state.last.addAll(before);
    }
    if (state.timer) {
      around.tell("time: " + micros / 1000 + "." + digits(micros % 1000) + " ms\n");
    }
    return code;
  }

  private static String digits(long thousandths) {
    String text = Long.toString(thousandths);
    return "0".repeat(3 - text.length()) + text;
  }

  private void end(PagedOutput paged) {
    try {
      String problem = paged.end();
      if (problem != null) {
        state.pager = false;
        around.warn(problem + "; results come without one from now on");
      }
    } catch (IOException e) {
      throw Sink.failure("the output", e);
    }
  }

  private Console console(PagedOutput paged, Cancellation cancellation) {
    OutputStream out = state.output == null ? around.stdout() : state.output;
    Console console =
        new Console(
            around.stdin(),
            paged == null ? out : paged,
            paged == null ? around.errors() : paged.talk(),
            state.environment(around.env()),
            cancellation);
    console.watch(row -> state.saw(row.get("id")));
    return console;
  }

  private int inThread(List<String> words, PagedOutput paged) {
    Cancellation cancellation = new Cancellation();
    Console console = console(paged, cancellation);
    int[] code = new int[1];
    Thread thread =
        Thread.ofPlatform()
            .name("slab-command")
            .unstarted(() -> open.share(() -> code[0] = verbs.run(words, console)));
    running = new Running(thread, cancellation);
    thread.start();
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        // A user who wants the shell to end wants its command to end first.
        cancellation.cancel();
      }
    }
    running = null;
    return cancellation.isCancelled() && code[0] == 0 ? ExitCode.INTERRUPTED.code() : code[0];
  }

  /**
   * Asks the running command to end: at the next place where nothing is half done. Asked again, it
   * is woken from all that it waits for as well.
   *
   * @return false when no command runs
   */
  boolean interrupt() {
    Running command = running;
    if (command == null) {
      return false;
    }
    if (command.cancellation().isCancelled()) {
      command.thread().interrupt();
    }
    command.cancellation().cancel();
    return true;
  }
}
