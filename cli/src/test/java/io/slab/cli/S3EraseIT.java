package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.s3.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code slab erase} on S3: a server without versions is no trouble, and the cache is emptied. */
class S3EraseIT {
  private static final String WORD = "mznxbcvlaksjdhfgqp";

  @TempDir Path folder;

  private boolean cached(Path cache) throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (Files.isRegularFile(file)
            && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(WORD)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void onlyTheHourOfNumberedObjectsIsWaitedFor() throws IOException {
    Shell shell = new Shell();
    S3Server.environment(S3Server.endpoint()).forEach(shell::with);
    String index = S3Server.newPlace().toString();
    Path cache = folder.resolve("cache");
    shell.ok("create", index, "--dimension", 2);
    shell
        .input(
            "{\"id\":\"a\",\"values\":[1,2],\"metadata\":{\"t\":\""
                + WORD
                + "\"}}\n{\"id\":\"b\",\"values\":[2,2]}\n")
        .ok("ingest", index, "-", "--flush", "--cache-dir", cache);
    shell.ok("query", index, "--vector", "[1,2]", "--include-metadata", "--cache-dir", cache);
    assertTrue(cached(cache));
    Shell.Result erased =
        shell.run(
            "erase",
            index,
            "--ids",
            "a",
            "--min-age",
            "0",
            "--yes",
            "--json",
            "--cache-dir",
            cache);
    assertEquals(8, erased.code(), erased.err());
    assertTrue(erased.out().contains("\"records\":1"), erased.out());
    assertFalse(erased.out().contains("/slabs/"), erased.out());
    assertFalse(erased.out().contains("\"cause\""), erased.out());
    assertFalse(cached(cache));
    assertEquals("b", String.join("", shell.ok("list", index, "--all").lines().skip(1).toList()));
  }
}
