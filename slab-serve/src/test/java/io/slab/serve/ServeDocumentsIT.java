package io.slab.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.serve.TestServer.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documents API of 2026-07. */
class ServeDocumentsIT {
  @TempDir Path root;
  private TestServer test;
  private int port;

  @BeforeEach
  void start() {
    test = new TestServer(root);
    Answer made =
        test.control(
            "POST",
            "/indexes",
            """
            {"name":"docs","deployment":{"deployment_type":"managed","cloud":"aws","region":"r"},
             "schema":{"fields":{"emb":{"type":"dense_vector","dimension":2,"metric":"dotproduct"},
                                 "words":{"type":"sparse_vector"}}}}\
            """,
            "x-pinecone-api-version",
            "2026-07");
    assertEquals(201, made.status(), made.http().body());
    assertEquals(2, made.at("/schema/fields/emb/dimension").intValue());
    port = TestServer.port(made);
    Answer upsert =
        call(
            "upsert",
            """
            {"documents":[{"_id":"a","emb":[1,0],"title":"A","year":1999,"tags":["x","y"]},
                          {"_id":"b","emb":[0,1],"words":{"indices":[7,3],"values":[1,2]},"title":"B","year":2001},
                          {"_id":"c","emb":[1,1],"title":"C","year":2002}]}\
            """);
    assertEquals(3, upsert.at("/upserted_count").intValue(), upsert.http().body());
  }

  @AfterEach
  void end() {
    test.close();
  }

  private Answer call(String verb, String body) {
    return test.call("POST", port, "/namespaces/n/documents/" + verb, body);
  }

  @Test
  void documentsAreFoundByEachOfTheirVectors() {
    Answer dense =
        call(
            "search",
            "{\"score_by\":[{\"type\":\"dense_vector\",\"fields\":[\"emb\"],\"values\":[2,0]}],\"top_k\":2,\"include_fields\":[\"title\"],\"filter\":{\"year\":{\"$lt\":2001}}}");
    assertEquals("a", dense.at("/matches/0/_id").stringValue(), dense.http().body());
    assertEquals(2, dense.at("/matches/0/_score").intValue());
    assertEquals("A", dense.at("/matches/0/title").stringValue());
    assertFalse(dense.json().get("matches").get(0).has("year"));
    Answer sparse =
        call(
            "search",
            "{\"score_by\":[{\"type\":\"sparse_vector\",\"field\":\"words\",\"sparse_values\":{\"indices\":[3],\"values\":[5]}}],\"top_k\":1}");
    assertEquals("b", sparse.at("/matches/0/_id").stringValue(), sparse.http().body());
    assertEquals(10, sparse.at("/matches/0/_score").intValue());
    assertEquals(2, sparse.json().get("matches").get(0).size());
    Answer text =
        call(
            "search",
            "{\"score_by\":[{\"type\":\"text\",\"fields\":[\"title\"],\"query\":\"A\"}],\"top_k\":1}");
    assertEquals(400, text.status());
    assertTrue(text.at("/error/message").stringValue().contains("no field of the type"));
  }

  @Test
  void documentsAreFetchedListedChangedAndDeleted() {
    Answer fetched = call("fetch", "{\"ids\":[\"b\",\"zz\"]}");
    assertEquals(2001, fetched.at("/documents/b/year").intValue(), fetched.http().body());
    assertEquals(2, fetched.at("/documents/b/emb").size());
    assertEquals(3, fetched.at("/documents/b/words/indices/0").intValue());
    Answer page = call("fetch", "{\"filter\":{\"year\":{\"$gt\":2000}},\"limit\":1}");
    assertEquals(1, page.at("/documents").size());
    assertTrue(page.json().has("pagination"));
    assertEquals(3, call("list", "{}").at("/documents").size());
    Answer updated =
        call(
            "update",
            "{\"documents\":[{\"_id\":\"a\",\"title\":\"AA\",\"_remove_fields\":[\"year\"]},{\"_id\":\"zz\",\"title\":\"Z\"}]}");
    assertEquals("{}", updated.http().body());
    Answer a = call("fetch", "{\"ids\":[\"a\",\"zz\"]}");
    assertEquals("AA", a.at("/documents/a/title").stringValue());
    assertFalse(a.json().get("documents").get("a").has("year"));
    assertFalse(a.json().get("documents").has("zz"));
    Answer many =
        call(
            "update",
            "{\"filter\":{\"year\":{\"$gt\":2000}},\"set_fields\":{\"new\":true},\"remove_fields\":[\"title\"]}");
    assertEquals(2, many.at("/matched_records").intValue(), many.http().body());
    assertFalse(call("fetch", "{\"ids\":[\"c\"]}").json().get("documents").get("c").has("title"));
    Answer deleted = call("delete", "{\"filter\":{\"new\":true}}");
    assertEquals(2, deleted.at("/matched_records").intValue());
    assertEquals(1, call("list", "{}").at("/documents").size());
    assertEquals(400, call("delete", "{\"filter\":{}}").status());
  }

  @Test
  void anIndexIsAskedByTheApiThatItWasMadeWith() {
    Answer vectors = test.call("POST", port, "/query", "{\"topK\":1,\"vector\":[1,0]}");
    assertEquals(400, vectors.status());
    assertTrue(vectors.at("/message").stringValue().contains("documents API"));
    int other = test.create("vectors", 2, "cosine");
    Answer documents = test.call("POST", other, "/namespaces/n/documents/list", "{}");
    assertEquals(400, documents.status());
    assertTrue(documents.at("/error/message").stringValue().contains("vectors API"));
  }
}
