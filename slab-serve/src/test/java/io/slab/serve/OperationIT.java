package io.slab.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.RequestHeaders;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.slab.Index;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.serve.TestServer.Answer;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Status;
import io.slab.serve.gateway.Arriving;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What those who run a server can set, and what bounds it. */
class OperationIT {
  private static final String QUERY = "{\"topK\":1,\"vector\":[1,0]}";

  private static final EventExecutor EXECUTOR = ImmediateEventExecutor.INSTANCE;

  @TempDir Path root;

  private ServeOptions options() {
    return ServeOptions.of(root.toString()).anywhere();
  }

  private static String upsert(String id, String namespace) {
    return "{\"vectors\":[{\"id\":\"%s\",\"values\":[1,0]}],\"namespace\":\"%s\"}"
        .formatted(id, namespace);
  }

  /** The status of a request with any host. */
  private static int statusAs(int port, String host, String path) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      String request =
          "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return Integer.parseInt(answer.substring(9, 12));
    }
  }

  @Test
  void withoutKeysOnlyNamesOfThisMachineCount() throws Exception {
    try (TestServer test = new TestServer(options())) {
      int port = test.server.port();
      for (String own : List.of("localhost", "LOCALHOST:1", "127.0.0.1", "127.1.2.3:80", "[::1]")) {
        assertEquals(200, statusAs(port, own, "/indexes"), own);
      }
      assertEquals(200, statusAs(port, "a.localhost", "/metrics"));
      for (String other : List.of("evil.example", "127.0.0.1.evil.example", "10.0.0.1", "x:5080")) {
        assertEquals(403, statusAs(port, other, "/indexes"), other);
        assertEquals(403, statusAs(port, other, "/metrics"), other);
        assertEquals(200, statusAs(port, other, "/livez"), other);
      }
    }
    try (TestServer test = new TestServer(options().withInsecure(true))) {
      assertEquals(200, statusAs(test.server.port(), "any.example", "/indexes"));
    }
  }

  @Test
  void onlyPagesOfNamedOriginsMayAsk() {
    try (TestServer test = new TestServer(options())) {
      assertEquals(
          403, test.control("GET", "/indexes", null, "Origin", "https://a.example").status());
    }
    try (TestServer test =
        new TestServer(options().withCorsOrigins(List.of("https://a.example")))) {
      Answer asked =
          test.control(
              "OPTIONS",
              "/indexes",
              null,
              "Origin",
              "https://a.example",
              "Access-Control-Request-Method",
              "GET",
              "Access-Control-Request-Headers",
              "api-key");
      assertEquals("https://a.example", asked.header("access-control-allow-origin"));
      assertTrue(asked.header("access-control-allow-headers").contains("api-key"));
      Answer page = test.control("GET", "/indexes", null, "Origin", "https://a.example");
      assertEquals(200, page.status(), page.http().body());
      assertEquals("https://a.example", page.header("access-control-allow-origin"));
      Answer other = test.control("GET", "/indexes", null, "Origin", "https://b.example");
      assertEquals(403, other.status());
      assertEquals(null, other.header("access-control-allow-origin"));
    }
  }

  @Test
  void metricsHaveAPortOfTheirOwn() throws Exception {
    Path keys = Files.writeString(root.resolve("keys.txt"), "");
    try (TestServer test = new TestServer(options().withMetricsPort(0).withKeys(keys))) {
      int port = test.server.metricsPort();
      Answer page = test.call("GET", port, "/metrics", null);
      assertEquals(200, page.status());
      assertTrue(page.http().body().contains("slab_arriving_bytes 0"), page.http().body());
      assertEquals(200, test.call("GET", port, "/readyz", null).status());
      assertEquals(404, test.call("GET", port, "/indexes", null).status());
      assertEquals(404, test.control("GET", "/metrics", null).status());
      assertEquals(200, test.control("GET", "/readyz", null).status());
      assertEquals(401, test.control("GET", "/indexes", null).status());
      Files.writeString(
          keys, "k:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae:rw\n");
      test.server.reload();
      assertEquals(200, test.control("GET", "/indexes", null, "Api-Key", "foo").status());
    }
  }

  private static void write(Path index, String namespace, String... ids) {
    List<VectorRecord> records = new ArrayList<>();
    for (String id : ids) {
      records.add(new VectorRecord(id, new float[] {1, 0}, null, Metadata.EMPTY));
    }
    try (Index other = Index.open(index)) {
      other.namespace(namespace).upsert(records);
    }
  }

  @Test
  void aReadWaitsForWhatAnotherServerAcknowledged() throws Exception {
    ServeOptions options =
        options().withFreshness(Duration.ofHours(1)).withPatience(Duration.ofSeconds(20));
    try (TestServer test = new TestServer(options)) {
      int port = test.create("books", 2, "cosine");
      Answer first = test.call("POST", port, "/vectors/upsert", upsert("a", "n"));
      // The first LSN of the next log object: nothing that is there has it.
      long next = ((Long.parseLong(first.header("x-pinecone-lsn-committed")) >> 20) + 1) << 20;
      CompletableFuture<Answer> waiting =
          CompletableFuture.supplyAsync(() ->
              test.call(
                  "GET",
                  port,
                  "/vectors/fetch?ids=b&namespace=n",
                  null,
                  "x-slab-min-lsn",
                  Long.toString(next)));
      // Others are answered meanwhile.
      for (int i = 0; i < 20; i++) {
        assertEquals(200, test.call("POST", port, "/query", QUERY).status());
      }
      assertFalse(waiting.isDone(), () -> waiting.join().http().body() + next);
      write(root.resolve("books"), "n", "b");
      Answer answer = waiting.get();
      assertEquals(200, answer.status(), answer.http().body());
      assertTrue(answer.at("/vectors").has("b"), answer.http().body());
    }
    try (TestServer test = new TestServer(options().withPatience(Duration.ofMillis(50)))) {
      int port = TestServer.port(test.control("GET", "/indexes/books", null));
      Answer late =
          test.call(
              "GET",
              port,
              "/vectors/list?namespace=n",
              null,
              "x-slab-min-lsn",
              Long.toString(1L << 40));
      assertEquals(412, late.status(), late.http().body());
    }
  }

  /** With a freshness that is longer than a look at the storage takes, as it usually is. */
  @Test
  void whatOthersWriteIsSeenWithinTheFreshness() throws Exception {
    try (TestServer test = new TestServer(options().withFreshness(Duration.ofMillis(400)))) {
      int port = test.create("books", 2, "cosine");
      test.call("POST", port, "/vectors/upsert", upsert("a", "n"));
      for (int i = 0; i < 3; i++) {
        String path = "/vectors/fetch?namespace=n&ids=b" + i;
        assertFalse(test.call("GET", port, path, null).at("/vectors").has("b" + i));
        write(root.resolve("books"), "n", "b" + i);
        boolean seen = false;
        for (int look = 0; look < 500 && !seen; look++) {
          seen = test.call("GET", port, path, null).at("/vectors").has("b" + i);
          Thread.sleep(seen ? 0 : 10);
        }
        assertTrue(seen, "b" + i);
      }
    }
  }

  @Test
  void readsThatWaitForAnLsnTakeNoRoomFromOthers() throws Exception {
    int waiting = 1_200; // More than the queue of reads has room for.
    ServeOptions options = options().withPatience(Duration.ofSeconds(30));
    try (TestServer test = new TestServer(options)) {
      int port = test.create("books", 2, "cosine");
      Answer first = test.call("POST", port, "/vectors/upsert", upsert("a", "n"));
      long next = ((Long.parseLong(first.header("x-pinecone-lsn-committed")) >> 20) + 1) << 20;
      WebClient many = WebClient.of("h2c://127.0.0.1:" + port);
      RequestHeaders read =
          RequestHeaders.of(
              HttpMethod.GET, "/vectors/list?namespace=n", "x-slab-min-lsn", Long.toString(next));
      List<CompletableFuture<AggregatedHttpResponse>> reads = new ArrayList<>();
      for (int i = 0; i < waiting; i++) {
        reads.add(many.execute(read).aggregate());
        Thread.sleep(i % 100 == 99 ? 20 : 0);
      }
      String all = "slab_waiting{queue=\"away\"} ";
      for (int i = 0; i < 500 && !metrics(test).contains(all + waiting); i++) {
        Thread.sleep(10);
      }
      assertTrue(metrics(test).contains(all + waiting), metrics(test));
      for (int i = 0; i < 20; i++) {
        assertEquals(200, test.call("POST", port, "/query", QUERY).status());
      }
      assertEquals(200, test.call("POST", port, "/vectors/upsert", upsert("b", "n")).status());
      for (CompletableFuture<AggregatedHttpResponse> answer : reads) {
        assertEquals(200, answer.get().status().code(), () -> answer.join().contentUtf8());
      }
    }
  }

  private static String metrics(TestServer test) {
    return test.control("GET", "/metrics", null).http().body();
  }

  @Test
  void strictLimitsAreThoseOfTheService() {
    String thousand = "ids=x&".repeat(1_001);
    try (TestServer test = new TestServer(options())) {
      int port = test.create("books", 2, "cosine");
      assertEquals(200, test.call("POST", port, "/vectors/upsert", upsert("é", "")).status());
      assertEquals(200, test.call("GET", port, "/vectors/list?limit=101", null).status());
      assertEquals(200, test.call("GET", port, "/vectors/fetch?" + thousand, null).status());
      String large = "{\"x\":\"" + "y".repeat(2 << 20) + "\"," + QUERY.substring(1);
      assertEquals(200, test.call("POST", port, "/query", large).status());
    }
    try (TestServer test = new TestServer(options().withStrict(true))) {
      int port = TestServer.port(test.control("GET", "/indexes/books", null));
      Answer id = test.call("POST", port, "/vectors/upsert", upsert("é", ""));
      assertEquals(400, id.status());
      assertTrue(id.at("/message").stringValue().contains("ASCII"), id.http().body());
      assertEquals(400, test.call("GET", port, "/vectors/list?limit=101", null).status());
      assertEquals(400, test.call("GET", port, "/namespaces?limit=101", null).status());
      assertEquals(400, test.call("GET", port, "/vectors/fetch?" + thousand, null).status());
      assertEquals(200, test.call("POST", port, "/query", QUERY).status());
    }
  }

  @Test
  void namesThatNoClientMadeLeaveNothing() {
    try (TestServer test = new TestServer(options())) {
      int port = test.create("books", 2, "cosine");
      for (int i = 0; i < 20; i++) {
        String name = "no-" + i;
        String body = "{\"topK\":1,\"vector\":[1,0],\"namespace\":\"" + name + "\"}";
        assertEquals(200, test.call("POST", port, "/query", body).status());
        assertEquals(404, test.call("GET", port, "/namespaces/" + name, null).status());
        assertEquals(404, test.call("DELETE", port, "/namespaces/" + name, null).status());
        String update = "{\"id\":\"a\",\"values\":[1,1],\"namespace\":\"" + name + "\"}";
        assertEquals(200, test.call("POST", port, "/vectors/update", update).status());
        String delete = "{\"ids\":[\"a\"],\"namespace\":\"" + name + "\"}";
        assertEquals(200, test.call("POST", port, "/vectors/delete", delete).status());
      }
      assertEquals(0, test.server.catalog().get("books").open().size());
      test.call("POST", port, "/vectors/upsert", upsert("a", "real"));
      assertEquals(1, test.server.catalog().get("books").open().size());
    }
  }

  @Test
  void bodiesOnTheirWayAreBoundedTogether() throws Exception {
    Arriving arriving = new Arriving(100);
    HttpRequestWriter slow = HttpRequest.streaming(HttpMethod.POST, "/");
    assertTrue(slow.tryWrite(HttpData.ofAscii("x".repeat(60))));
    CompletableFuture<?> first = arriving.whole(slow, EXECUTOR);
    HttpRequest second =
        HttpRequest.of(
            HttpMethod.POST, "/", com.linecorp.armeria.common.MediaType.JSON, "y".repeat(60));
    for (int i = 0; i < 500 && arriving.bytes() == 0; i++) {
      Thread.sleep(10);
    }
    CompletionException refused =
        assertThrows(CompletionException.class, () -> arriving.whole(second, EXECUTOR).join());
    assertEquals(Status.BUSY, ((ApiException) refused.getCause()).status());
    assertEquals(60, arriving.bytes());
    slow.close();
    first.join();
    assertEquals(0, arriving.bytes());
  }

  @Test
  void buildersThatDisagreeCostTimeAndNeverData() throws Exception {
    ServeOptions quick =
        options().withFlushAfter(Duration.ofMillis(40)).withFreshness(Duration.ofMillis(5));
    int records = 0;
    try (TestServer one = new TestServer(quick.withPeers("127.0.0.1"));
        TestServer two = new TestServer(quick.withPeers("127.0.0.1:1"))) {
      int first = one.create("books", 2, "cosine");
      int second = TestServer.port(two.control("GET", "/indexes/books", null));
      for (int i = 0; i < 60; i++) {
        TestServer at = i % 2 == 0 ? one : two;
        int port = i % 2 == 0 ? first : second;
        Answer done = at.call("POST", port, "/vectors/upsert", upsert("r" + i, "n" + i % 3));
        assertEquals(200, done.status(), done.http().body());
        records++;
        Thread.sleep(10);
      }
      for (int i = 0; i < 500 && unflushed(3) > 0; i++) {
        Thread.sleep(10);
      }
      assertEquals(0, unflushed(3));
      Answer stats = one.call("GET", first, "/describe_index_stats", null);
      assertEquals(records, stats.at("/totalVectorCount").intValue(), stats.http().body());
    }
  }

  private long unflushed(int namespaces) {
    long sum = 0;
    try (Index index = Index.open(root.resolve("books"))) {
      for (int i = 0; i < namespaces; i++) {
        sum += index.namespace("n" + i).stats().unflushed();
      }
    }
    return sum;
  }

  @Test
  void namespacesThatNoClientAsksForAreBuiltToo() throws Exception {
    try (TestServer test = new TestServer(options().withBackground(false))) {
      test.create("books", 2, "cosine");
    }
    write(root.resolve("books"), "n0", "a", "b");
    assertEquals(2, unflushed(1));
    try (TestServer test = new TestServer(options().withFlushAfter(Duration.ofMillis(20)))) {
      for (int i = 0; i < 500 && unflushed(1) > 0; i++) {
        Thread.sleep(10);
      }
      assertEquals(0, unflushed(1));
      assertEquals(0, test.server.catalog().get("books").open().size());
    }
  }

  @Test
  void aServerThatComesOrGoesMovesItsOwnShareAlone() {
    Set<String> three = Set.of("10.0.0.1", "10.0.0.2", "10.0.0.3");
    Set<String> two = Set.of("10.0.0.1", "10.0.0.2");
    int[] counts = new int[4];
    for (int i = 0; i < 600; i++) {
      String before = Peers.builder(three, "books", "n" + i);
      String after = Peers.builder(two, "books", "n" + i);
      assertTrue(before.equals(after) || before.equals("10.0.0.3"), before + " " + after);
      counts[before.charAt(7) - '0']++;
    }
    for (int server = 1; server <= 3; server++) {
      assertTrue(counts[server] > 130, "server " + server + " builds " + counts[server]);
    }
    assertTrue(new Peers("127.0.0.1", 7).isOwn("books", "n"));
    assertTrue(new Peers("127.0.0.1:8", 7).isOwn("books", "n"), "alone where it is not named");
    Peers seven = new Peers("127.0.0.1:7,127.0.0.1:8", 7);
    Peers eight = new Peers("127.0.0.1:7,127.0.0.1:8", 8);
    for (int i = 0; i < 50; i++) {
      assertNotEquals(seven.isOwn("books", "n" + i), eight.isOwn("books", "n" + i));
    }
  }
}
