package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.testkit.index.FakePinecone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code slab pull}, against a server that answers as Pinecone's does. */
class PullVerbTest {
  @TempDir Path folder;
  private FakePinecone cloud;
  private Shell shell;

  @BeforeEach
  void start() throws IOException {
    cloud = new FakePinecone();
    for (int i = 0; i < 20; i++) {
      cloud.put("", "r" + i, "\"values\":[1.0,0.%d],\"metadata\":{\"n\":%d}".formatted(i, i));
    }
    cloud.put("other", "one", "\"values\":[0.5,0.25]");
    shell =
        new Shell()
            .with("PINECONE_API_KEY", FakePinecone.KEY)
            .with("PINECONE_CONTROLLER_HOST", cloud.host());
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  @Test
  void anExportThatMigrates() {
    Path export = folder.resolve("export");
    JsonNode report = Json.parse("the report", shell.ok("pull", "books", export, "--json"));
    assertEquals(21, report.get("written").intValue());
    assertTrue(report.get("whole").booleanValue());
    assertEquals("cosine", report.get("metric").stringValue());
    Path index = folder.resolve("here");
    shell.ok("migrate-from-pod-export", export, index, "--verify");
    String record = shell.ok("fetch", index, "--ids", "r7", "--json");
    assertTrue(record.contains("\"values\":[1,0.7]"), record);
  }

  @Test
  void straightIntoAnIndexWithItsProof() {
    Path index = folder.resolve("here");
    Shell.Result result =
        shell.run("pull", "books", folder.resolve("export"), index, "--json", "--rate", "1000");
    assertEquals(0, result.code(), result.err());
    JsonNode report = Json.parse("the report", result.out());
    assertEquals(21, report.get("report").get("totals").get("written").intValue());
    assertEquals(0, shell.run("verify", index).code());
    assertTrue(shell.ok("list", index, "--namespace", "other").contains("one"));
  }

  @Test
  void fewerRecordsThanTheServerCountsAreAnExitCode() throws IOException {
    Path ids = Files.writeString(folder.resolve("ids.txt"), "r1\nr2\nnever\n");
    Shell.Result result =
        shell.run(
            "pull", cloud.host(), folder.resolve("export"), "--ids", ids, "-n", "__default__");
    assertEquals(8, result.code(), result.err());
    assertTrue(
        result.err().contains("1 id of namespace __default__ had no record, such as never"),
        result.err());
    assertTrue(result.err().contains("2 records read, and Pinecone counts 20"), result.err());
  }

  @Test
  void withoutAKeyNothingIsAsked() {
    Shell.Result result = new Shell().run("pull", "books", folder.resolve("export"));
    assertEquals(2, result.code());
    assertTrue(result.err().contains("PINECONE_API_KEY"), result.err());
    result = shell.with("PINECONE_API_KEY", "wrong").run("pull", "books", folder.resolve("export"));
    assertEquals(10, result.code());
    assertTrue(result.err().contains("Invalid API key"), result.err());
    assertFalse(result.err().contains("wrong"), result.err());
  }

  @Test
  void aKeyWithTheEndOfALineIsTakenWithoutItAndNoOtherIsSaid() {
    shell.with("PINECONE_API_KEY", FakePinecone.KEY + "\r\n");
    shell.ok("pull", "books", folder.resolve("export"), "-q");
    shell.with("PINECONE_API_KEY", "secret\nword");
    Shell.Result result = shell.run("pull", "books", folder.resolve("other"));
    assertEquals(2, result.code());
    assertFalse(result.err().contains("secret"), result.err());
    assertEquals(2, shell.run("pull", "books", folder.resolve("x"), "--rate", "NaN").code());
  }

  @Test
  void anExportThatIsThereGoesOnIntoTheIndex() throws IOException {
    Path export = folder.resolve("export");
    Path index = folder.resolve("here");
    shell.ok("pull", "books", export, "-q");
    Shell.Result result = shell.run("pull", "books", export, index);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.err().contains("going on from it"), result.err());
    assertTrue(shell.ok("fetch", index, "--ids", "r7").contains("r7"));
    Path other = Files.createDirectory(folder.resolve("other"));
    result = shell.run("pull", "books", other, index);
    assertTrue(result.code() != 0 && result.err().contains("--verify"), result.err());
  }
}
