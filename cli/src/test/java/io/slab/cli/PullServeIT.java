package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.serve.ServeOptions;
import io.slab.serve.SlabServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code slab pull} from {@code slab serve}: the real list, fetch and stats, over all namespaces.
 */
class PullServeIT {
  @TempDir Path folder;

  private static void put(Shell shell, Path index, String namespace, int records) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < records; i++) {
      lines.append(
          "{\"id\":\"%s/%d ü&?\",\"values\":[%d.5,-0.1,1e-3],\"metadata\":{\"n\":%d,\"t\":[\"a\",\"ß\"],\"ok\":%b}}%n"
              .formatted(namespace, i, i, i, i % 2 == 0));
    }
    shell.input(lines.toString()).ok("ingest", index, "-", "-n", namespace);
  }

  @Test
  void everythingComesOverAndIsProved() {
    Shell shell = new Shell();
    Path root = folder.resolve("root");
    Path source = root.resolve("books");
    shell.ok("create", source, "-d", 3, "-m", "euclidean");
    // More than one page of a list, and of what a fetch takes.
    put(shell, source, "__default__", 257);
    put(shell, source, "films", 100);
    put(shell, source, "songs", 1);
    shell.ok("flush", source, "-n", "films");
    Path here = folder.resolve("here");
    try (SlabServer server = SlabServer.start(ServeOptions.of(root.toString()).anywhere())) {
      Shell pulling =
          new Shell()
              .with("PINECONE_API_KEY", "any")
              .with("PINECONE_CONTROLLER_HOST", "http://127.0.0.1:" + server.port());
      Path export = folder.resolve("export");
      Shell.Result pulled = pulling.run("pull", "books", export, here, "--json", "--rate", "1000");
      assertEquals(0, pulled.code(), pulled.err());
      JsonNode report = Json.parse("the report", pulled.out()).get("report");
      assertEquals(358, report.get("totals").get("written").intValue(), pulled.out());
      // A whole export is not written over.
      Shell.Result again = pulling.run("pull", "books", export, "--json", "--rate", "1000");
      assertEquals(4, again.code(), again.err());
    }
    for (String namespace : new String[] {"__default__", "films", "songs"}) {
      for (Path index : new Path[] {source, here}) {
        shell.ok("flush", index, "-n", namespace);
      }
      String[] records = new String[2];
      for (int i = 0; i < 2; i++) {
        Path index = i == 0 ? source : here;
        Path file = folder.resolve(namespace + i + ".jsonl");
        shell.ok("export", index, "-n", namespace, "--sort", "id", "--out", file);
        records[i] = read(file);
      }
      assertEquals(records[0], records[1], namespace);
    }
    shell.ok("verify", here);
  }

  private static String read(Path file) {
    try {
      return java.nio.file.Files.readString(file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
