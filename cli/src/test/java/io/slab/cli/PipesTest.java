package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records through a named pipe, as {@code <(command)} of a shell gives them: read once. */
@Timeout(60)
class PipesTest {
  private static final String LIST =
      """
      [{"id":"a","values":[1,0]},
       {"id":"b","values":[0,1],"metadata":{"n":1}}]
      """;

  @TempDir Path folder;
  private final Shell shell = new Shell();

  private Path pipe(String name) throws IOException, InterruptedException {
    Path pipe = folder.resolve(name);
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    return pipe;
  }

  private Shell.Result run(Path pipe, Object... words) throws Exception {
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(() -> {
          try {
            Files.writeString(pipe, LIST);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    Shell.Result result = shell.run(words);
    writer.get();
    return result;
  }

  @Test
  void aListOfRecordsIsIngested() throws Exception {
    Path index = folder.resolve("index");
    shell.ok("create", index, "--dimension", "2", "--metric", "cosine");
    Path pipe = pipe("pipe");
    Shell.Result result = run(pipe, "ingest", index, pipe);
    assertEquals(0, result.code(), result.err());
    assertEquals(
        "a\nb\n", shell.ok("list", index, "--fields", "id", "-o", "tsv").replace("id\n", ""));
  }

  @Test
  void anExportIsMigratedOrToldToBeAFile() throws Exception {
    Path index = folder.resolve("index");
    Path pipe = pipe("pipe");
    Shell.Result blind = run(pipe, "migrate-from-pod-export", pipe, index, "--metric", "cosine");
    assertEquals(2, blind.code(), blind.err());
    assertTrue(blind.err().contains("can be read only once"), blind.err());
    Path again = pipe("again");
    Shell.Result told =
        run(again, "migrate-from-pod-export", again, index, "--metric", "cosine", "-d", "2");
    assertEquals(0, told.code(), told.err());
    assertTrue(shell.ok("fetch", index, "--ids", "b").contains("b"));
  }

  @Test
  void twoPipesThatAreWrittenOneAfterTheOtherAreRead() throws Exception {
    Path index = folder.resolve("index");
    shell.ok("create", index, "--dimension", "2", "--metric", "cosine");
    Path one = pipe("one");
    Path two = pipe("two");
    // More than a pipe holds, so that the first has to be read to its end.
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 4000; i++) {
      lines.append("{\"id\":\"l").append(i).append("\",\"values\":[1,0.5]}\n");
    }
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(() -> {
          try {
            Files.writeString(one, lines);
            Files.writeString(two, LIST);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    Shell.Result result = shell.run("ingest", index, one, two);
    assertEquals(0, result.code(), result.err());
    writer.get();
    assertTrue(result.err().contains("4002") || result.err().contains("4,002"), result.err());
  }

  @Test
  void aPipeIsNamedOnce() throws Exception {
    Path index = folder.resolve("index");
    shell.ok("create", index, "--dimension", "2", "--metric", "cosine");
    Path pipe = pipe("pipe");
    Shell.Result result = shell.run("ingest", index, pipe, folder.resolve("./pipe"));
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains("can be read once only"), result.err());
  }
}
