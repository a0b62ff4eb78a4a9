package io.slab.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.serve.TestServer.Answer;
import io.slab.testkit.Seeds;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bodies and requests that no client sends: never an error of ours, and the next one is answered.
 */
class HostileRequestsIT {
  private static final String GOOD =
      "{\"topK\":2,\"vector\":[1,0,0.5e0,-1],\"filter\":{\"a\":{\"$in\":[1,2]}},\"includeMetadata\":true}";

  @TempDir Path root;

  @Test
  void badBodiesAreTheClientsFault() {
    List<String> bodies =
        List.of(
            "",
            "null",
            "[]",
            "{",
            "{}x",
            "{\"topK\":NaN}",
            "{\"topK\":1e400,\"vector\":[1,1,1,1]}",
            "{\"topK\":1,\"vector\":[1e400,1,1,1]}",
            "{\"topK\":1,\"vector\":[null,1,1,1]}",
            "{\"topK\":1,\"vector\":\"1,1,1,1\"}",
            "{\"topK\":99999999999999999999,\"vector\":[1,1,1,1]}",
            "{\"topK\":-1,\"vector\":[1,1,1,1]}",
            "{\"topK\":1,\"vector\":[0,0,0,0]}",
            "{\"topK\":1,\"vector\":[1,1,1,1],\"filter\":[]}",
            "{\"topK\":1,\"vector\":[1,1,1,1],\"filter\":{\"$or\":7}}",
            "{\"topK\":1,\"vector\":[1,1,1,1],\"sparseVector\":{\"indices\":[-1],\"values\":[1]}}",
            "{\"topK\":1,\"vector\":[1,1,1,1],\"id\":\"a\"}",
            "{\"topK\":1,\"filter\":" + "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000) + "}",
            "[".repeat(100_000));
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", 4, "cosine");
      for (String body : bodies) {
        Answer answer = test.call("POST", port, "/query", body);
        assertEquals(400, answer.status(), body.length() > 99 ? body.substring(0, 99) : body);
        assertEquals(3, answer.at("/code").intValue());
      }
      assertEquals(200, test.call("POST", port, "/query", GOOD).status());
    }
  }

  /** A page in the user's own browser reaches a server without keys, too. */
  @Test
  void pagesInBrowsersAreRefusedWithoutKeys() {
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", 4, "cosine");
      String[] page = {"Origin", "https://evil.example"};
      assertEquals(403, test.control("GET", "/indexes", null, page).status());
      assertEquals(403, test.control("DELETE", "/indexes/books", null, page).status());
      assertEquals(403, test.call("POST", port, "/query", GOOD, page).status());
      assertEquals(200, test.call("POST", port, "/query", GOOD).status());
    }
  }

  /** A thousand ids in a path are a fetch like any other. */
  @Test
  void longPathsAreRead() {
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", 4, "cosine");
      String ids = "&ids=6a2d5c1e-0000-4000-8000-000000000000".repeat(1_000).substring(1);
      assertEquals(200, test.call("GET", port, "/vectors/fetch?" + ids, null).status());
      assertEquals(400, test.call("GET", port, "/vectors/%00/../fetch", null).status());
    }
  }

  @Test
  void damagedBodiesNeverFailInside() {
    Random random = new Random(Seeds.of(HostileRequestsIT.class));
    String upsert =
        "{\"vectors\":[{\"id\":\"a\",\"values\":[1,2,3,4],\"metadata\":{\"x\":[\"y\"],\"n\":1}}],\"namespace\":\"n\"}";
    List<String> paths = List.of("/query", "/vectors/upsert", "/vectors/update", "/vectors/delete");
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", 4, "cosine");
      for (int round = 0; round < 400; round++) {
        StringBuilder body = new StringBuilder(round % 2 == 0 ? GOOD : upsert);
        for (int change = 0; change <= random.nextInt(3); change++) {
          int at = random.nextInt(body.length());
          body.replace(at, at + 1, String.valueOf((char) (' ' + random.nextInt(95))));
        }
        if (random.nextInt(4) == 0) {
          body.setLength(random.nextInt(body.length()));
        }
        String path = paths.get(random.nextInt(paths.size()));
        int status = test.call("POST", port, path, body.toString()).status();
        assertTrue(status < 500, path + " " + status + " " + body);
      }
    }
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() {
    ServeOptions options = ServeOptions.of(root.toString()).anywhere();
    try (TestServer test = new TestServer(options)) {
      int port = test.create("books", 4, "cosine");
      String large = "{\"x\":\"" + "y".repeat(21 << 20) + "\"}";
      int status = 413;
      try {
        status = test.call("POST", port, "/query", large).status();
      } catch (java.io.UncheckedIOException e) {
        // The server closed the connection before all of it was sent, as it may.
        status = 413;
      }
      assertEquals(413, status);
      assertEquals(200, test.call("POST", port, "/query", GOOD).status());
    }
  }

  @Test
  void whatIsNoHttpDoesNoHarm() throws Exception {
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", 4, "cosine");
      for (String text :
          List.of(
              "GET\r\n\r\n",
              "\0\1\2\3\4\5",
              "POST /query HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
              "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
              "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
              "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\0\0\0\4".repeat(50))) {
        String answer = raw(port, text);
        assertTrue(!answer.startsWith("HTTP/1.1 5"), answer);
      }
      assertEquals(200, test.call("POST", port, "/query", GOOD).status());
    }
  }

  private static String raw(int port, String text) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(300);
      OutputStream out = socket.getOutputStream();
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      InputStream in = socket.getInputStream();
      byte[] first = new byte[100];
      int count = in.read(first);
      return new String(first, 0, Math.max(0, count), StandardCharsets.ISO_8859_1);
    } catch (java.io.IOException e) {
      return ""; // Closed, or kept waiting for the rest: both are fine.
    }
  }
}
