package io.slab.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.serve.TestServer.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The endpoints over REST, each once as it should be and with what it must refuse. */
class ServeRestIT {
  private static final String TWO =
      """
      {"vectors":[{"id":"a","values":[1,0,0,0],"metadata":{"g":"x","y":1999,"tags":["p","q"],"ok":true}},
       {"id":"b c#/%","values":[0,1,0,0],"metadata":{"g":"y"}}],"namespace":"__default__"}\
      """;

  @TempDir Path root;

  @Test
  void writesAreReadAtOnceAndAfterARestart() {
    int port;
    String lsn;
    try (TestServer test = new TestServer(root)) {
      port = test.create("books", 4, "cosine");
      Answer upsert = test.call("POST", port, "/vectors/upsert", TWO);
      assertEquals(200, upsert.status(), upsert.http().body());
      assertEquals(2, upsert.at("/upsertedCount").intValue());
      lsn = upsert.header("x-pinecone-lsn-committed");
      assertNotNull(lsn);
      check(test, port, lsn);
    }
    try (TestServer test = new TestServer(root)) {
      Answer list = test.control("GET", "/indexes", null);
      assertEquals("books", list.at("/indexes/0/name").stringValue());
      int again = java.net.URI.create(list.at("/indexes/0/host").stringValue()).getPort();
      check(test, again, lsn);
    }
  }

  private static void check(TestServer test, int port, String lsn) {
    Answer query =
        test.call(
            "POST",
            port,
            "/query",
            "{\"topK\":2,\"vector\":[1,0.5,0,0],\"includeMetadata\":true,\"includeValues\":true,\"filter\":{\"g\":{\"$in\":[\"x\",\"y\"]}}}");
    assertEquals(200, query.status(), query.http().body());
    assertEquals("a", query.at("/matches/0/id").stringValue());
    assertEquals(1999, query.at("/matches/0/metadata/y").intValue());
    assertEquals(4, query.at("/matches/0/values").size());
    assertTrue(Long.parseLong(query.header("x-pinecone-lsn-reconciled")) >= Long.parseLong(lsn));
    assertNotNull(query.header("x-pinecone-request-id"));
    Answer fetch = test.call("GET", port, "/vectors/fetch?ids=a&ids=b+c%23%2F%25&ids=zz", null);
    assertEquals(2, fetch.at("/vectors").size());
    Answer list = test.call("GET", port, "//vectors/list?limit=1", null);
    assertEquals("a", list.at("/vectors/0/id").stringValue());
    String next = list.at("/pagination/next").stringValue();
    Answer rest = test.call("GET", port, "/vectors/list?limit=1&paginationToken=" + next, null);
    assertEquals("b c#/%", rest.at("/vectors/0/id").stringValue());
    assertFalse(rest.json().has("pagination"));
    Answer stats = test.call("POST", port, "/describe_index_stats", "{}");
    assertEquals(2, stats.at("/totalVectorCount").intValue());
    assertEquals(2, stats.json().get("namespaces").get("").get("vectorCount").intValue());
    Answer names = test.call("GET", port, "/namespaces", null);
    assertEquals("__default__", names.at("/namespaces/0/name").stringValue());
    Answer strings =
        test.call("GET", port, "/namespaces", null, "X-Pinecone-Api-Version", "2026-07");
    assertEquals("2", strings.at("/namespaces/0/record_count").stringValue());
  }

  @Test
  void updatesAndDeletesByIdAndByFilter() {
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", 4, "cosine");
      test.call("POST", port, "/vectors/upsert", TWO);
      Answer update =
          test.call(
              "POST", port, "/vectors/update", "{\"id\":\"a\",\"setMetadata\":{\"e\":\"E\"}}");
      assertEquals("{}", update.http().body());
      Answer dry =
          test.call(
              "POST",
              port,
              "/vectors/update",
              "{\"filter\":{\"g\":\"x\"},\"setMetadata\":{\"m\":1},\"dryRun\":true}");
      assertEquals(1, dry.at("/matchedRecords").intValue(), dry.http().body());
      test.call(
          "POST", port, "/vectors/update", "{\"filter\":{\"g\":\"x\"},\"setMetadata\":{\"m\":1}}");
      Answer found =
          test.call("POST", port, "/vectors/fetch_by_metadata", "{\"filter\":{\"m\":{\"$eq\":1}}}");
      assertEquals("E", found.at("/vectors/a/metadata/e").stringValue(), found.http().body());
      assertEquals(
          200, test.call("POST", port, "/vectors/delete", "{\"filter\":{\"g\":\"y\"}}").status());
      assertEquals(200, test.call("POST", port, "/vectors/delete", "{\"ids\":[\"zz\"]}").status());
      Answer left = test.call("GET", port, "/vectors/list", null);
      assertEquals(1, left.at("/vectors").size());
      assertEquals(
          200, test.call("POST", port, "/vectors/delete", "{\"deleteAll\":true}").status());
      Answer unknown =
          test.call("POST", port, "/vectors/delete", "{\"deleteAll\":true,\"namespace\":\"no\"}");
      assertEquals(404, unknown.status());
      assertEquals(5, unknown.at("/code").intValue());
    }
  }

  @Test
  void namespacesAreMadeDescribedAndDeleted() {
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", 2, "dotproduct");
      Answer made = test.call("POST", port, "/namespaces", "{\"name\":\"made\"}");
      assertEquals(200, made.status(), made.http().body());
      assertEquals(0, made.at("/record_count").intValue());
      assertEquals(409, test.call("POST", port, "/namespaces", "{\"name\":\"made\"}").status());
      assertEquals(200, test.call("GET", port, "/namespaces/made", null).status());
      assertEquals(404, test.call("GET", port, "/namespaces/n77", null).status());
      assertEquals(200, test.call("DELETE", port, "/namespaces/made", null).status());
      assertEquals(404, test.call("GET", port, "/namespaces/made", null).status());
      assertEquals(404, test.call("DELETE", port, "/namespaces/made", null).status());
    }
  }

  @Test
  void indexesAreConfiguredProtectedAndMadeAnew() {
    try (TestServer test = new TestServer(root)) {
      test.create("books", 4, "cosine");
      Answer patched =
          test.control(
              "PATCH",
              "/indexes/books",
              "{\"deletion_protection\":\"enabled\",\"tags\":{\"a\":\"\",\"c\":\"d\"}}");
      assertEquals(202, patched.status(), patched.http().body());
      assertEquals("d", patched.at("/tags/c").stringValue());
      Answer refused = test.control("DELETE", "/indexes/books", null);
      assertEquals(403, refused.status());
      assertTrue(refused.at("/error/message").stringValue().startsWith("Deletion protection is"));
      test.control("PATCH", "/indexes/books", "{\"deletion_protection\":\"disabled\"}");
      assertEquals(202, test.control("DELETE", "/indexes/books", null).status());
      assertEquals(404, test.control("GET", "/indexes/books", null).status());
      test.create("books", 8, "euclidean");
      Answer shown =
          test.control("GET", "/indexes/books", null, "x-pinecone-api-version", "2026-07");
      assertEquals(8, shown.at("/schema/fields/_values/dimension").intValue());
      assertEquals("managed", shown.at("/deployment/deployment_type").stringValue());
      assertFalse(shown.json().has("tags"));
    }
  }

  @Test
  void theHostIsWrittenAsTheClientNeedsIt() {
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", 4, "cosine");
      Answer java =
          test.control(
              "GET", "/indexes/books", null, "user-agent", "lang=java; pineconeClientVersion=v6");
      assertEquals("127.0.0.1:" + port, java.at("/host").stringValue());
      assertFalse(java.json().has("private_host"));
    }
  }

  @Test
  void whatCannotBeDoneIsRefusedWithASentence() {
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", 4, "cosine");
      String wrong = "{\"vectors\":[{\"id\":\"a\",\"values\":[1,2]}]}";
      Answer upsert = test.call("POST", port, "/vectors/upsert", wrong);
      assertEquals(400, upsert.status());
      assertEquals(3, upsert.at("/code").intValue());
      assertEquals("values", upsert.at("/details/0/field").stringValue());
      assertTrue(
          upsert
              .at("/message")
              .stringValue()
              .contains("does not match the dimension of the index"));
      assertEquals(400, test.call("POST", port, "/query", "{\"topK\":").status());
      assertEquals(400, test.call("POST", port, "/query", "{\"topK\":3}").status());
      assertEquals(404, test.call("POST", port, "/nowhere", "{}").status());
      Answer method = test.call("PUT", port, "/query", "{}");
      assertEquals(405, method.status());
      assertEquals("POST", method.header("allow"));
      assertEquals(404, test.control("POST", "/query", "{}").status());
      assertEquals(409, conflict(test).status());
      Answer name = test.control("POST", "/indexes", "{\"name\":\"No_Good\",\"spec\":{}}");
      assertTrue(name.at("/error/message").stringValue().contains("alphanumeric character"));
      Answer text =
          test.call("POST", port, "/records/namespaces/n/upsert", "{\"_id\":\"a\",\"text\":\"b\"}");
      assertEquals(400, text.status());
      assertEquals("INVALID_ARGUMENT", text.at("/error/code").stringValue());
    }
  }

  private static Answer conflict(TestServer test) {
    return test.control(
        "POST",
        "/indexes",
        "{\"name\":\"books\",\"dimension\":4,\"metric\":\"cosine\",\"spec\":{\"pod\":{\"environment\":\"e\",\"pod_type\":\"p1.x1\"}}}");
  }

  @Test
  void healthAndCounts() {
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", 4, "cosine");
      test.call("POST", port, "/vectors/upsert", TWO);
      assertEquals(200, test.control("GET", "/livez", null).status());
      assertEquals(200, test.control("GET", "/readyz", null).status());
      String metrics = test.control("GET", "/metrics", null).http().body();
      assertTrue(
          metrics.contains(
              "slab_requests_total{route=\"POST /vectors/upsert\",index=\"books\",code=\"200\"} 1"),
          metrics);
      assertTrue(metrics.endsWith("# EOF\n"));
    }
  }
}
