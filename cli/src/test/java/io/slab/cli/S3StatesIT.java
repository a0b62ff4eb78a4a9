package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.s3.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints, earlier states, restore and backups on S3. */
class S3StatesIT {
  @TempDir Path folder;

  private Shell shell() {
    Shell shell = new Shell();
    S3Server.environment(S3Server.endpoint()).forEach(shell::with);
    return shell;
  }

  private void ingest(String index, int from, int to) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = from; i < to; i++) {
      lines.add("{\"id\":\"r%d\",\"values\":[1,%d]}".formatted(i, i));
    }
    Path file = Files.writeString(folder.resolve("in.jsonl"), String.join("\n", lines) + "\n");
    shell().ok("ingest", index, file);
  }

  private String ids(String index, String... more) {
    List<Object> words = new ArrayList<>(List.of("list", index, "--all"));
    words.addAll(List.of(more));
    return String.join("", shell().ok(words.toArray()).lines().skip(1).toList());
  }

  @Test
  void aStateIsKeptReadRestoredAndBackedUp() throws IOException {
    String index = S3Server.newPlace().toString();
    shell().ok("create", index, "--dimension", 2);
    ingest(index, 0, 3);
    shell().ok("checkpoint", "create", index, "good", "--expires", "1d");
    ingest(index, 2, 5);
    shell().ok("compact", index, "--full");
    shell().ok("gc", index, "--min-age", "0", "--yes");
    assertEquals("r0r1r2", ids(index, "--as-of", "good"));
    String found = shell().ok("query", index, "--id", "r1", "--as-of", "good", "--json");
    assertTrue(found.contains("\"r2\""), found);

    String backup = S3Server.newPlace().toString();
    shell().ok("copy", index, backup, "--as-of", "good");
    assertEquals("r0r1r2", ids(backup));
    Shell.Result deleted =
        shell().run("delete", index, "--all-vectors", "--confirm", "__default__");
    Matcher command = Pattern.compile("slab (restore .*)").matcher(deleted.err());
    assertTrue(command.find(), deleted.err());
    shell().ok((Object[]) (command.group(1) + " --yes").split(" "));
    assertEquals("r0r1r2r3r4", ids(index));
    shell().ok("restore", index, "good", "--yes");
    assertEquals("r0r1r2", ids(index));
    assertTrue(shell().ok("log", index, "--json").contains("\"operation\":\"restore\""));
  }
}
