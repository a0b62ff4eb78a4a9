package io.slab.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A small index of books, part of it in a slab and part in the log, and a shell to ask it. */
abstract class BooksFixture {
  private static final String RECORDS =
      """
      {"id":"a","values":[1,0],"metadata":{"genre":"poetry","year":1922,"tags":["war","love"],"good":true}}
      {"id":"b","values":[0,1],"metadata":{"genre":"novel","year":1984}}
      {"id":"c","values":[1,1],"metadata":{"genre":"poetry"}}
      {"id":"d","values":[-1,0]}
      """;

  @TempDir Path folder;
  Shell shell;
  String index;

  @BeforeEach
  void fill() {
    shell = new Shell().input(RECORDS);
    index = folder.resolve("books").toString();
    shell.ok("create", index, "--dimension", 2);
    shell.ok("ingest", index, "-", "--flush");
    shell.input(
        "{\"id\":\"e\",\"values\":[0.5,0.25],\"metadata\":{\"genre\":\"poetry\",\"year\":2001}}\n");
    shell.ok("ingest", index, "-");
    shell.input("");
  }

  /** The file of the one slab. */
  Path slab() throws IOException {
    try (var files = Files.walk(Path.of(index))) {
      return files.filter(file -> file.toString().endsWith(".slab")).findFirst().orElseThrow();
    }
  }
}
