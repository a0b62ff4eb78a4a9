package io.slab.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.serve.TestServer.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys, and who may be let in without. */
class KeysTest {
  private static final String QUERY = "{\"topK\":1,\"vector\":[1,1]}";

  @TempDir Path root;

  private static String hash(String key) throws Exception {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void keysSayWhoMayWhat() throws Exception {
    Path file = root.resolve("keys");
    Files.writeString(
        file,
        "# keys\nadmin:%s:rw\nreader:%s:ro\nother:%s:rw:shop\n"
            .formatted(hash("A"), hash("R"), hash("O")));
    ServeOptions options = ServeOptions.of(root.toString()).anywhere().withKeys(file);
    try (TestServer test = new TestServer(options)) {
      String spec = ",\"spec\":{\"serverless\":{\"cloud\":\"aws\",\"region\":\"r\"}}}";
      String create = "{\"name\":\"books\",\"dimension\":2,\"metric\":\"cosine\"" + spec;
      assertEquals(401, test.control("POST", "/indexes", create).status());
      assertEquals(401, test.control("POST", "/indexes", create, "Api-Key", "x").status());
      assertEquals(403, test.control("POST", "/indexes", create, "Api-Key", "R").status());
      Answer made = test.control("POST", "/indexes", create, "Authorization", "Bearer A");
      assertEquals(201, made.status(), made.http().body());
      int port = TestServer.port(made);
      String upsert = "{\"vectors\":[{\"id\":\"a\",\"values\":[1,2]}]}";
      assertEquals(
          403, test.call("POST", port, "/vectors/upsert", upsert, "Api-Key", "R").status());
      assertEquals(
          200, test.call("POST", port, "/vectors/upsert", upsert, "Api-Key", "A").status());
      assertEquals(200, test.call("POST", port, "/query", QUERY, "Api-Key", "R").status());
      assertEquals(403, test.call("POST", port, "/query", QUERY, "Api-Key", "O").status());
      assertEquals(401, test.control("GET", "/metrics", null).status());
      assertEquals(200, test.control("GET", "/readyz", null).status());
      Files.writeString(file, "next:%s:ro\n".formatted(hash("N")));
      Files.setLastModifiedTime(file, FileTime.fromMillis(5_000_000));
      Thread.sleep(1_100);
      assertEquals(200, test.call("POST", port, "/query", QUERY, "Api-Key", "N").status());
      assertEquals(401, test.call("POST", port, "/query", QUERY, "Api-Key", "A").status());
    }
  }

  @Test
  void withoutKeysOnlyThisMachineIsLetIn() {
    ServeOptions open = ServeOptions.of(root.toString()).anywhere().withHost("0.0.0.0");
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> SlabServer.start(open));
    assertTrue(e.hint().contains("--keys"), e.hint());
  }

  @Test
  void aReadOnlyServerChangesNothing() {
    int port;
    try (TestServer test = new TestServer(root)) {
      port = test.create("books", 2, "cosine");
      test.call("POST", port, "/vectors/upsert", "{\"vectors\":[{\"id\":\"a\",\"values\":[1,2]}]}");
    }
    ServeOptions options = ServeOptions.of(root.toString()).anywhere().asReadOnly();
    try (TestServer test = new TestServer(options)) {
      int now = TestServer.port(test.control("GET", "/indexes/books", null));
      Answer refused = test.call("POST", now, "/vectors/delete", "{\"deleteAll\":true}");
      assertEquals(403, refused.status());
      assertEquals("this server is read-only", refused.at("/message").stringValue());
      assertEquals(1, test.call("POST", now, "/query", QUERY).at("/matches").size());
    }
  }
}
