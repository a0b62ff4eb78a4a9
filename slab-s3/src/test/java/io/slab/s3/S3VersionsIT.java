package io.slab.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.slab.error.StoreException;
import io.slab.store.OldVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Old versions of a bucket, from a server that answers as S3 does. */
class S3VersionsIT {
  private static final String ROW =
      "<%1$s><Key>p/ns/x/slabs/%2$s</Key><VersionId>%3$s</VersionId><IsLatest>%4$s</IsLatest>"
          + "<LastModified>2026-11-30T00:00:00.000Z</LastModified>%5$s</%1$s>";

  private final List<String> requests = new ArrayList<>();
  private HttpServer server;
  private int status = 200;
  private String first = "";
  private String second = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    requests.add(
        exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath() + "?" + query);
    byte[] body = new byte[0];
    int code = exchange.getRequestMethod().equals("DELETE") ? 204 : status;
    if (code == 200) {
      body = (query.contains("key-marker") ? second : first).getBytes(StandardCharsets.UTF_8);
    } else if (code != 204) {
      String name = code == 501 ? "NotImplemented" : "AccessDenied";
      body =
          ("<Error><Code>" + name + "</Code><Message>no</Message></Error>")
              .getBytes(StandardCharsets.UTF_8);
    }
    exchange.getResponseHeaders().add("Content-Type", "application/xml");
    exchange.sendResponseHeaders(code, code == 204 ? -1 : body.length);
    if (code != 204) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private static String version(String file, String id, boolean latest) {
    return ROW.formatted("Version", file, id, latest, "<Size>7</Size>");
  }

  private static String mark(String file, String id, boolean latest) {
    return ROW.formatted("DeleteMarker", file, id, latest, "");
  }

  private static String page(String rows, boolean more) {
    return "<?xml version=\"1.0\"?><ListVersionsResult><Name>bucket</Name><IsTruncated>"
        + more
        + "</IsTruncated>"
        + (more ? "<NextKeyMarker>p/ns/x/slabs/b</NextKeyMarker>" : "")
        + rows
        + "</ListVersionsResult>";
  }

  private S3Store store() {
    return S3Store.open(
        new S3Address("bucket", "p/"),
        new S3Settings(
            null,
            "us-east-1",
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            true,
            false,
            Duration.ofSeconds(2),
            4,
            Map.of("AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "b")));
  }

  @Test
  void whatWasDeletedIsFoundOverPagesAndTheMarksGoLast() {
    first = page(mark("a", "m1", true) + version("a", "v1", false), true);
    second = page(version("b", "v2", true) + version("b", "v3", false), false);
    try (S3Store store = store()) {
      List<OldVersion> old = store.oldVersions("ns/x/slabs/");
      assertEquals(
          List.of(
              new OldVersion("ns/x/slabs/a", "v1", 7),
              new OldVersion("ns/x/slabs/b", "v3", 7),
              new OldVersion("ns/x/slabs/a", "m1", 0)),
          old);
      requests.clear();
      old.forEach(store::deleteVersion);
    }
    assertEquals(
        List.of(
            "DELETE /bucket/p/ns/x/slabs/a?versionId=v1",
            "DELETE /bucket/p/ns/x/slabs/b?versionId=v3",
            "DELETE /bucket/p/ns/x/slabs/a?versionId=m1"),
        requests);
  }

  @Test
  void aServerWithoutVersionsHasNone() {
    status = 501;
    try (S3Store store = store()) {
      assertEquals(List.of(), store.oldVersions("ns/x/slabs/"));
    }
  }

  @Test
  void aListingThatIsRefusedOrBreaksOffIsNone() {
    status = 403;
    try (S3Store store = store()) {
      assertThrows(StoreException.class, () -> store.oldVersions("ns/x/slabs/"));
    }
    status = 200;
    first = page("", true).replaceAll("<NextKeyMarker>.*</NextKeyMarker>", "");
    try (S3Store store = store()) {
      assertThrows(StoreException.class, () -> store.oldVersions("ns/x/slabs/"));
    }
  }
}
