package io.slab.testkit.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the independent reader in {@code spec/reader}; tests that need it are skipped where it
 * cannot run.
 */
public final class PythonReader {
  /** What a run ended with. */
  public record Run(int status, String out, String err) {
    public List<String> lines() {
      return out.lines().toList();
    }
  }

  private static final long LIMIT_SECONDS = 300;

  private PythonReader() {}

  /** Skips the calling test, saying why, when python3 or a zstd decoder is missing. */
  public static void require() {
    String problem = missing();
    if (problem != null) {
      System.out.println("skipped: the independent reader cannot run: " + problem);
      abort(problem);
    }
  }

  private static String missing() {
    try {
      String check = "import sys; sys.path.insert(0, '.'); from slab_bytes import zstd_available; ";
      Run run = execute(List.of("python3", "-c", check + "sys.exit(0 if zstd_available() else 9)"));
      return switch (run.status) {
        case 0 -> null;
        case 9 -> "neither the zstd command nor Python 3.14 is here";
        default -> "python3 fails: " + run.err;
      };
    } catch (IOException e) {
      return "no python3";
    }
  }

  /** Runs {@code slab_reader.py} and returns what it ended with. */
  public static Run run(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("python3", "slab_reader.py"));
    command.addAll(arguments);
    return execute(command);
  }

  /** Runs {@code slab_reader.py}, which must succeed. */
  public static List<String> lines(String... arguments) throws IOException {
    Run run = run(List.of(arguments));
    assertEquals(0, run.status, () -> String.join(" ", arguments) + ": " + run.err);
    return run.lines();
  }

  /** Runs a command in the reader's folder. */
  public static Run execute(List<String> command) throws IOException {
    Path out = Files.createTempFile("reader", ".out");
    Path err = Files.createTempFile("reader", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.directory(SpecTables.folder().resolve("reader").toFile());
      builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      Process process = builder.start();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("over " + LIMIT_SECONDS + " s: " + command);
      }
      return new Run(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
