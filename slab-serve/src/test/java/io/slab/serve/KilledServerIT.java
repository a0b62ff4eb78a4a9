package io.slab.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.Namespace;
import io.slab.serve.TestServer.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed among upserts: what it acknowledged is there. */
class KilledServerIT {
  private static final int WRITERS = 8;
  private static final int WANTED = 1_000;

  @TempDir Path root;

  @Test
  void allThatWasAcknowledgedIsThereAfterAKill() throws Exception {
    Process process = ServerProcess.start(root);
    Set<String> acknowledged = new ConcurrentSkipListSet<>();
    try {
      int port = create(ServerProcess.port(process));
      flushOften();
      List<Thread> writers = new ArrayList<>();
      for (int w = 0; w < WRITERS; w++) {
        int writer = w;
        writers.add(Thread.ofVirtual().start(() -> write(port, writer, acknowledged)));
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (acknowledged.size() < WANTED && System.nanoTime() < end) {
        Thread.sleep(10);
      }
      process.destroyForcibly().waitFor();
      for (Thread writer : writers) {
        writer.join();
      }
    } finally {
      process.destroyForcibly();
    }
    assertTrue(acknowledged.size() > WRITERS, "acknowledged: " + acknowledged.size());
    try (Stream<Path> slabs = Files.list(root.resolve("books/ns/__default__/slabs"))) {
      assertTrue(slabs.findAny().isPresent(), "it flushed meanwhile");
    }
    try (TestServer test = new TestServer(root)) {
      int port = TestServer.port(test.control("GET", "/indexes/books", null));
      Set<String> there = list(test, port);
      assertTrue(there.containsAll(acknowledged), "lost some of " + acknowledged.size());
      // Beside these only what was on its way: one batch of each writer.
      assertTrue(there.size() <= acknowledged.size() + WRITERS, "too many: " + there.size());
    }
  }

  /** So that slabs are made beside the writes all the time. */
  private void flushOften() {
    try (Index books = Index.open(root.resolve("books"))) {
      books.createNamespace(Namespace.DEFAULT);
      books.namespace(Namespace.DEFAULT).configure(Map.of("memtableRecords", 100L));
    }
  }

  private static Set<String> list(TestServer test, int port) {
    Set<String> ids = new ConcurrentSkipListSet<>();
    String token = "";
    while (token != null) {
      Answer page =
          test.call("GET", port, "/vectors/list?limit=500&paginationToken=" + token, null);
      assertEquals(200, page.status(), page.http().body());
      page.at("/vectors").forEach(vector -> ids.add(vector.get("id").stringValue()));
      token = page.json().has("pagination") ? page.at("/pagination/next").stringValue() : null;
    }
    return ids;
  }

  private static int create(int control) throws Exception {
    String body =
        "{\"name\":\"books\",\"dimension\":4,\"metric\":\"cosine\",\"spec\":{\"serverless\":{\"cloud\":\"aws\",\"region\":\"r\"}}}";
    HttpResponse<String> made = post(control, "/indexes", body);
    String host = io.slab.serve.json.Bodies.tree(made.body()).get("host").stringValue();
    return URI.create(host).getPort();
  }

  private static HttpResponse<String> post(int port, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static void write(int port, int writer, Set<String> acknowledged) {
    for (int i = 0; ; i++) {
      String id = "w" + writer + "-" + i;
      String body =
          "{\"vectors\":[{\"id\":\"%s\",\"values\":[1,%d,%d,1]}]}".formatted(id, writer, i % 7);
      try {
        if (post(port, "/vectors/upsert", body).statusCode() == 200) {
          acknowledged.add(id);
        }
      } catch (Exception e) {
        return; // The server is gone.
      }
    }
  }
}
