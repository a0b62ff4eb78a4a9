package io.slab.cli.shell;

import io.slab.cli.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A shell on an index with some records. */
abstract class ReplFixture {
  @TempDir Path folder;
  final Shell shell = new Shell();
  Path index;

  @BeforeEach
  void make() throws IOException {
    index = folder.resolve("i");
    shell.ok("create", index, "-d", "2", "--metric", "euclidean");
    Path records = folder.resolve("r.jsonl");
    Files.writeString(
        records,
        """
        {"id":"a1","values":[0,0],"metadata":{"genre":"poetry","year":1922,"tags":["war","sea"]}}
        {"id":"a2","values":[1,0],"metadata":{"genre":"prose","year":1930,"good":true}}
        {"id":"b1","values":[0,5],"metadata":{"genre":"poem \\"x\\"","year":1950}}
        """);
    shell.ok("ingest", index, records, "--flush", "-q");
    shell.ok("ingest", index, "-", "-q", "-n", "other");
  }

  Shell.Result commands(String... lines) {
    Object[] words = new Object[2 + 2 * lines.length];
    words[0] = "shell";
    words[1] = index;
    for (int i = 0; i < lines.length; i++) {
      words[2 + 2 * i] = "-c";
      words[3 + 2 * i] = lines[i];
    }
    return shell.run(words);
  }
}
