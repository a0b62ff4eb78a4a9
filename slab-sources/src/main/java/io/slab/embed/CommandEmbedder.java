package io.slab.embed;

import io.slab.error.CancellationToken;
import io.slab.error.StoreException;
import io.slab.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Asks a program that runs beside. It is started once. For each batch it gets one line of JSON,
 * {@code {"texts": ["...", ...], "kind": "document", "model": "..."}}, and prints one line with the
 * vectors of these texts in any of the {@link VectorForms}, such as {@code [[0.1, ...], ...]}. It
 * ends when its input ends. One thread only.
 */
public final class CommandEmbedder implements Embedder {
  private static final int MOST_CHARS = 1 << 28;
  private static final int STDERR_CHARS = 2000;
  private static final int QUOTED = 120;

  /** The program closed its output. */
  private static final String END = "";

  private final String command;
  private final String model;
  private final Duration timeout;
  private final CancellationToken cancellation;
  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(16);
  private final StringBuffer complaints = new StringBuffer();
  private Process process;
  private Thread stderr;
  private boolean ended;

  /**
   * @param command as a shell takes it
   * @param timeout for one answer
   */
  public CommandEmbedder(
      String command, String model, Duration timeout, CancellationToken cancellation) {
    this.command = command;
    this.model = model;
    this.timeout = timeout;
    this.cancellation = cancellation;
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public String place() {
    return "the command " + ServerWords.plain(command);
  }

  @Override
  public Embeddings embed(List<String> texts, Kind kind) {
    start();
    byte[] request =
        Json.bytes(out -> {
          out.writeStartObject();
          out.writeName("texts");
          out.writeStartArray();
          texts.forEach(out::writeString);
          out.writeEndArray();
          out.writeStringProperty("kind", kind.label());
          out.writeStringProperty("model", model);
          out.writeEndObject();
        });
    try {
      OutputStream in = process.getOutputStream();
      in.write(request);
      in.write('\n');
      in.flush();
    } catch (IOException e) {
      throw failed("ended before it took the texts", e);
    }
    String line = answer();
    try {
      return VectorForms.read("the answer of " + place(), line);
    } catch (RuntimeException e) {
      String shown = ServerWords.plain(line);
      String cut = shown.length() <= QUOTED ? shown : shown.substring(0, QUOTED) + "...";
      throw failed("printed what is no vectors: \"" + cut + "\"", e);
    }
  }

  private void start() {
    if (process != null) {
      return;
    }
    boolean windows =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
    List<String> words =
        windows ? List.of("cmd", "/c", command) : List.of("/bin/sh", "-c", command);
    try {
      process = new ProcessBuilder(words).start();
    } catch (IOException e) {
      throw StoreException.refused(
          StoreException.Kind.FAILED,
          "cannot start " + place() + ": " + e.getMessage(),
          "see --embed-command",
          e);
    }
    Thread.ofPlatform().daemon().name("slab-embed-out").start(this::readLines);
    stderr = Thread.ofPlatform().daemon().name("slab-embed-err").start(this::readComplaints);
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
      // Nobody does; the thread ends with the program.
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
        int over = complaints.length() - STDERR_CHARS;
        if (over > 0) {
          complaints.delete(0, over);
        }
      }
    } catch (IOException e) {
      complaints.append(e.getMessage());
    }
  }

  private String answer() {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      try {
        String line = lines.poll(50, TimeUnit.MILLISECONDS);
        ended |= line != null && line.equals(END);
        if (ended) {
          throw failed("ended without an answer", null);
        }
        if (line != null) {
          return line;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw RateLimit.interrupted();
      }
      cancellation.check();
      if (System.nanoTime() > deadline) {
        throw StoreException.refused(
            StoreException.Kind.TEMPORARY,
            place() + " did not answer within " + timeout.toMillis() + " ms" + said(),
            "it must print each line at once (flush); --embed-timeout gives it longer",
            null);
      }
    }
  }

  private StoreException failed(String what, Throwable cause) {
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
        place() + " " + what + code + said(),
        "it gets lines like {\"texts\": [\"...\"]} and prints lines like [[0.1, 0.2]]",
        cause);
  }

  /** The end of what the program said on stderr. */
  private String said() {
    String text = complaints.toString().strip();
    String last = ServerWords.plain(text.substring(text.lastIndexOf('\n') + 1));
    return last.isEmpty() ? "" : "; it says: \"" + last + "\"";
  }

  @Override
  public void close() {
    if (process == null) {
      return;
    }
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      complaints.append(e.getMessage());
    }
    try {
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        end();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end();
    }
  }

  /** The shell between may have left the program itself behind. */
  private void end() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
