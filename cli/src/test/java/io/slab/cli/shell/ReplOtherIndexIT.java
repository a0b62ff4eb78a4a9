package io.slab.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cli.Main;
import io.slab.cli.Shell;
import io.slab.cli.usage.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A shell whose index goes away, is made anew, or is changed for another one. */
class ReplOtherIndexIT extends ReplFixture {
  @Test
  void anotherIndexCanBeOpened() {
    Path second = folder.resolve("j");
    Shell.Result result =
        shell.run(
            "shell",
            "-c",
            "stats",
            "-c",
            "create " + second + " -d 3",
            "-c",
            ".open " + second,
            "-c",
            "describe --fields dimension");
    assertTrue(result.err().contains("TARGET is missing"), result.err());
    assertTrue(result.out().endsWith("dimension\t3\n"), result.out());
  }

  /** Lines that are read one by one, with something that happens before one of them. */
  private static final class Interrupted extends InputStream {
    private final Iterator<String> lines;
    private final Map<String, Runnable> before;
    private byte[] line = new byte[0];
    private int at;

    Interrupted(List<String> lines, Map<String, Runnable> before) {
      this.lines = lines.iterator();
      this.before = before;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] to, int from, int most) {
      if (at == line.length) {
        if (!lines.hasNext()) {
          return -1;
        }
        String next = lines.next();
        before.getOrDefault(next, () -> {}).run();
        line = (next + "\n").getBytes(StandardCharsets.UTF_8);
        at = 0;
      }
      int count = Math.min(most, line.length - at);
      System.arraycopy(line, at, to, from, count);
      at += count;
      return count;
    }
  }

  private Shell.Result interrupted(Map<String, Runnable> before, String... lines) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            new String[] {"shell", index.toString()},
            new Interrupted(List.of(lines), before),
            out,
            err,
            Map.of("SLAB_PROGRESS", "none"));
    return new Shell.Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anIndexThatWentAwayUnderTheShellIsMissed() throws IOException {
    Path exported = folder.resolve("exported.jsonl");
    Path kept = folder.resolve("kept");
    for (String verb :
        List.of(
            "query -v [0,0]",
            "stats",
            "list",
            "fetch --ids a1",
            "export --out " + exported,
            "namespace list",
            "describe",
            "compact --dry-run",
            "gc --dry-run",
            "explain -v [0,0]")) {
      Files.writeString(exported, "yesterday's\n");
      Shell.Result result =
          interrupted(Map.of(verb, () -> move(index, kept)), "query -v [0,0] -k 1", verb);
      assertEquals(ExitCode.NOT_FOUND.code(), result.code(), verb + ": " + result);
      assertEquals("rank\tid\tscore\n1\ta1\t0\n", result.out(), verb);
      assertTrue(result.err().contains("there is no index at"), verb + ": " + result.err());
      assertEquals("yesterday's\n", Files.readString(exported));
      move(kept, index);
    }
  }

  @Test
  void anIndexThatTheShellItselfMakesAnewIsUsed() {
    Shell.Result result =
        commands(
            "query -v [0,0] -k 1",
            "drop --now --confirm i",
            "create -d 2 --metric euclidean -q",
            "query -v [0,0] --fail-empty");
    assertEquals(ExitCode.NOT_FOUND.code(), result.code(), result.toString());
    assertTrue(result.err().contains("nothing matches"), result.err());
  }

  @Test
  void anotherIndexAtTheSamePlaceIsNotTakenForTheOldOne() throws IOException {
    Path kept = folder.resolve("kept");
    Runnable replace =
        () -> {
          move(index, kept);
          shell.ok("create", index, "-d", "2", "--metric", "euclidean");
          shell.input("{\"id\":\"new\",\"values\":[0,0]}\n").ok("ingest", index, "-", "-q");
        };
    Shell.Result result =
        interrupted(
            Map.of("query -v [0,0] -k 2", replace),
            "query -v [0,0] -k 1",
            "query -v [0,0] -k 2",
            "stats",
            ".refresh",
            "query -v [0,0] -k 3");
    assertTrue(result.out().startsWith("rank\tid\tscore\n1\ta1\t0\nrank"), result.toString());
    assertTrue(result.out().endsWith("\n1\tnew\t0\n"), result.toString());
    assertTrue(result.err().contains("another one is there now"), result.err());
    assertTrue(result.err().contains(".refresh"), result.err());
  }

  /** The verbs that also work on a dropped index open it anew; they must not open another one. */
  @Test
  void neitherIsAnotherIndexCollectedOrDropped() throws IOException {
    Path kept = folder.resolve("kept");
    Runnable replace =
        () -> {
          move(index, kept);
          shell.ok("create", index, "-d", "2", "--name", "i", "--metric", "euclidean");
        };
    Shell.Result result =
        interrupted(
            Map.of("gc --min-age 0 --yes", replace),
            "query -v [0,0] -k 1",
            "gc --min-age 0 --yes",
            "drop --confirm i");
    assertEquals(2, result.err().split("another one is there now", -1).length - 1, result.err());
    assertEquals(0, shell.run("describe", index).code());
  }
}
