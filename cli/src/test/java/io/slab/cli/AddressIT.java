package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an address is, in every place of a command line where a folder or a file may stand. */
class AddressIT {
  private static final List<String> STRANGE =
      List.of("gs://b/x", "GS://b/x", "http://h/x", "file:///tmp/x", "abfss://c@a/x", "s4://b/x");

  /** S3, by any name: without a server to talk to it is no usage error. */
  private static final List<String> S3 =
      List.of("s3://b/x", "S3://b/x", "s3a://b/x", "S3A://b/x", "s3n://b/x");

  private static final String PLACE = "PLACE";

  @TempDir Path folder;

  private List<List<Object>> places() throws IOException {
    Path records = folder.resolve("r.jsonl");
    Files.writeString(records, "{\"id\":\"a\",\"values\":[1,2]}\n");
    Path index = folder.resolve("index");
    if (!Files.exists(index)) {
      new Shell().ok("create", index, "-d", 2);
    }
    return List.of(
        List.of("create", PLACE, "-d", 2, "--name", "x"),
        List.of("query", PLACE, "--vector", "[1,2]"),
        List.of("list", PLACE),
        List.of("stats", PLACE),
        List.of("ingest", PLACE, records),
        List.of("ingest", index, PLACE),
        List.of("flush", PLACE),
        List.of("compact", PLACE),
        List.of("gc", PLACE, "--dry-run"),
        List.of("verify", PLACE),
        List.of("inspect", PLACE),
        List.of("doctor", PLACE),
        List.of("export", PLACE),
        List.of("drop", PLACE, "--confirm", "x"),
        List.of("copy", index, PLACE),
        List.of("copy", PLACE, folder.resolve("copy")),
        List.of("migrate-from-pod-export", PLACE, folder.resolve("m"), "--metric", "cosine"),
        List.of("migrate-from-pod-export", records, PLACE, "--metric", "cosine"),
        List.of("namespace", "list", PLACE),
        List.of("shell", PLACE, "-c", "list"),
        List.of("shell", "-c", ".open " + PLACE, "--bail"));
  }

  private static Object[] words(List<Object> command, String place) {
    return command.stream()
        .map(word -> word instanceof String text ? text.replace(PLACE, place) : word)
        .toArray();
  }

  @Test
  void anotherAddressIsAUsageErrorAndNeverAFolder() throws IOException {
    for (List<Object> command : places()) {
      for (String place : STRANGE) {
        Shell.Result result = new Shell().run(words(command, place));
        assertEquals(2, result.code(), command + " " + place + "\n" + result.err());
        assertTrue(
            result.err().contains("no place that slab can work on"),
            command + " " + place + "\n" + result.err());
        assertFalse(Files.exists(Path.of(place)), place);
      }
    }
    assertEquals(2, new Shell().with("SLAB_TARGET", "gs://b/x").run("list").code());
  }

  @Test
  void theDemoRefusesItBeforeItSaysWhatItDoes() {
    for (String place : STRANGE) {
      Shell.Result result =
          new Shell().with("SLAB_HOME", System.getProperty("slab.root")).run("demo", place);
      assertEquals(2, result.code(), place + "\n" + result.err());
      assertEquals("", result.out(), place);
    }
  }

  @Test
  void aFileUrlSaysWhatToWrite() {
    Shell.Result result = new Shell().run("list", "file:///tmp/x");
    assertTrue(result.err().contains("write the path alone: /tmp/x"), result.err());
  }

  @Test
  void s3HasSeveralNames() throws IOException {
    int turn = 0;
    for (List<Object> command : places()) {
      if (command.contains(".open " + PLACE) || command.getFirst().equals("doctor")) {
        continue;
      }
      // Each command with one of the names in turn: a missing server takes a while to find out.
      String place = S3.get(turn++ % S3.size());
      Shell shell =
          new Shell()
              .with("AWS_ACCESS_KEY_ID", "a")
              .with("AWS_SECRET_ACCESS_KEY", "b")
              .with("AWS_REGION", "us-east-1")
              .with("HOME", folder.toString())
              .with("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
      Shell.Result result = shell.run(words(command, place));
      assertEquals(5, result.code(), command + " " + place + "\n" + result.err());
      assertTrue(result.err().contains("s3://b"), command + " " + place + "\n" + result.err());
      assertFalse(Files.exists(Path.of(place)), place);
    }
  }

  @Test
  void aFolderMayHaveAColonInItsName() throws IOException {
    Path odd = folder.resolve("gs:").resolve("index");
    Files.createDirectories(odd.getParent());
    new Shell().ok("create", odd, "-d", 2);
    new Shell().ok("list", odd);
  }
}
