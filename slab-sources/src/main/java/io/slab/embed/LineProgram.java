package io.slab.embed;

import io.slab.error.CancellationToken;
import io.slab.error.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A program that gives a line for each line. One thread asks; two more read what it says. */
final class LineProgram implements AutoCloseable {
  private static final int MOST_CHARS = 1 << 28;
  private static final int MOST_COMPLAINTS = 2000;

  /** Milliseconds between two looks at the cancellation. */
  private static final long PAUSE = 50;

  /** Milliseconds that a program has to end after it was asked to. */
  private static final long GRACE = 1000;

  /** The program closed its output. */
  private static final String END = "";

  private final String place;
  private final Process process;
  private final Thread stderr;
  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(16);

  /** The end of what it says on stderr. */
  private final StringBuffer complaints = new StringBuffer();

  private LineProgram(String place, Process process) {
    this.place = place;
    this.process = process;
    Thread.ofPlatform().daemon().name("slab-embed-out").start(this::readLines);
    stderr = Thread.ofPlatform().daemon().name("slab-embed-err").start(this::readComplaints);
  }

  /**
   * Starts a program.
   *
   * @param command as a shell takes it
   * @param place what errors call it
   */
  static LineProgram start(String command, String place) {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    List<String> words =
        system.startsWith("windows")
            ? List.of("cmd", "/c", command)
            : List.of("/bin/sh", "-c", command);
    try {
      return new LineProgram(place, new ProcessBuilder(words).start());
    } catch (IOException e) {
      throw StoreException.refused(
          StoreException.Kind.FAILED,
          "cannot start " + place + ": " + e.getMessage(),
          "see --embed-command",
          e);
    }
  }

  private void readLines() {
    try {
      try (Reader in =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && line.length() < MOST_CHARS; c = in.read()) {
          if (c == '\n') {
            hand(line);
          } else {
            line.append((char) c);
          }
        }
        hand(line);
      } catch (IOException e) {
        complaints.append(e.getMessage());
      }
      lines.put(END);
    } catch (InterruptedException e) {
      // It is not interrupted; the thread ends with the program.
      Thread.currentThread().interrupt();
    }
  }

  private void hand(StringBuilder line) throws InterruptedException {
    String text = line.toString();
    line.setLength(0);
    if (!text.isBlank()) {
      lines.put(text);
    }
  }

  private void readComplaints() {
    char[] piece = new char[1024];
    try (Reader in = new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8)) {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        complaints.append(piece, 0, n);
        int over = complaints.length() - MOST_COMPLAINTS;
        if (over > 0) {
          complaints.delete(0, over);
        }
      }
    } catch (IOException e) {
      complaints.append(e.getMessage());
    }
  }

  /**
   * Hands a line over and waits for the next one.
   *
   * @throws StoreException when none comes, or there was one already
   */
  String ask(byte[] request, Duration timeout, CancellationToken cancellation) {
    String early = lines.peek();
    if (early != null && !early.equals(END)) {
      // Each later answer would be taken for that of the request after it.
      throw failed("printed more lines than it was asked for", null);
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    CompletableFuture<Void> written =
        CompletableFuture.runAsync(
            () -> write(request),
            task -> Thread.ofPlatform().daemon().name("slab-embed-in").start(task));
    try {
      while (System.nanoTime() <= deadline) {
        cancellation.check();
        if (!isDone(written)) {
          continue;
        }
        String line = lines.poll(PAUSE, TimeUnit.MILLISECONDS);
        if (line != null && line.equals(END)) {
          throw failed("ended without an answer", null);
        }
        if (line != null) {
          return line;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for the embedder");
    }
    throw StoreException.refused(
        StoreException.Kind.TEMPORARY,
        place
            + (written.isDone() ? " did not answer within " : " did not read the texts within ")
            + timeout.toMillis()
            + " ms"
            + said(),
        "it must print each line at once (flush); --embed-timeout gives it longer",
        null);
  }

  /** On a thread of its own: a program that does not read blocks who writes to it. */
  private void write(byte[] request) {
    try {
      OutputStream in = process.getOutputStream();
      in.write(request);
      in.write('\n');
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits a moment for the request to be written. */
  private boolean isDone(CompletableFuture<Void> written) throws InterruptedException {
    try {
      written.get(PAUSE, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw failed("ended before it took the texts", e.getCause());
    }
  }

  /** What to say of a program that does not do what it should. */
  StoreException failed(String what, Throwable cause) {
    String code = "";
    try {
      // What it says of its end comes a moment after its output ends.
      if (process.waitFor(500, TimeUnit.MILLISECONDS)) {
        code = " (exit status " + process.exitValue() + ")";
        stderr.join(500);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return StoreException.refused(
        StoreException.Kind.FAILED,
        place + " " + what + code + said(),
        "it gets lines like {\"texts\": [\"...\"]} and prints lines like [[0.1, 0.2]]",
        cause);
  }

  private String said() {
    String text = complaints.toString().strip();
    String last = ServerWords.plain(text.substring(text.lastIndexOf('\n') + 1));
    return last.isEmpty() ? "" : "; it says: \"" + last + "\"";
  }

  /** Lets it end by itself, for a moment. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        end();
      }
    } catch (IOException e) {
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end();
    }
  }

  /**
   * Ends it, and by force where it does not end within {@value #GRACE} ms; the shell between may
   * have left the program itself behind.
   */
  void end() {
    // Not the process's own method: it closes the stream that another thread may be writing to.
    List<ProcessHandle> all = alive();
    all.forEach(ProcessHandle::destroy);
    if (!haveEnded(all)) {
      // The shell first: it would start its next command otherwise.
      all = Stream.concat(alive().stream(), all.stream()).distinct().toList();
      all.forEach(ProcessHandle::destroyForcibly);
      haveEnded(all);
    }
  }

  private List<ProcessHandle> alive() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  private static boolean haveEnded(List<ProcessHandle> all) {
    CompletableFuture<?>[] ends =
        all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(ends).get(GRACE, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
