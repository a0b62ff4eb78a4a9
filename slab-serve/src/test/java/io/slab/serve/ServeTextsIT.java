package io.slab.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.embed.Embedder;
import io.slab.embed.Embeddings;
import io.slab.error.CancellationToken;
import io.slab.serve.TestServer.Answer;
import io.slab.serve.data.SharedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts over REST: full-text fields of the documents API, and records of a model. */
class ServeTextsIT {
  private static final String[] NEWEST = {"x-pinecone-api-version", "2026-07"};

  @TempDir Path root;

  /** Counts three words; one thread has it at a time. */
  private static final class Words implements Embedder {
    static final AtomicInteger OPEN = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();

    Words() {
      OPEN.incrementAndGet();
    }

    @Override
    public String model() {
      return "three-words";
    }

    @Override
    public String place() {
      return "this test";
    }

    @Override
    public Embeddings embed(List<String> texts, Kind kind, CancellationToken cancellation) {
      assertEquals(1, inside.incrementAndGet());
      List<float[]> vectors = new ArrayList<>();
      for (String text : texts) {
        assertTrue(text.startsWith(kind == Kind.QUERY ? "q:" : "d:"), text);
        float[] vector = {0, 0, 0, 0.1f};
        String[] words = {"sea", "desert", "city"};
        for (int i = 0; i < words.length; i++) {
          vector[i] = text.contains(words[i]) ? 1 : 0;
        }
        vectors.add(vector);
      }
      inside.decrementAndGet();
      return new Embeddings(vectors, -1);
    }

    @Override
    public void close() {
      OPEN.decrementAndGet();
    }
  }

  private static Answer made(TestServer test, String name, String fields) {
    String body =
        "{\"name\":\"%s\",\"deployment\":{\"deployment_type\":\"managed\",\"cloud\":\"aws\",\"region\":\"r\"},\"schema\":{\"fields\":{%s}}}"
            .formatted(name, fields);
    return test.control("POST", "/indexes", body, NEWEST);
  }

  private static Answer documents(TestServer test, int port, String verb, String body) {
    return test.call("POST", port, "/namespaces/n/documents/" + verb, body);
  }

  private static Answer words(TestServer test, int port, String query, String more) {
    String body =
        "{\"score_by\":[{\"type\":\"text\",\"fields\":[\"story\"],\"query\":\"%s\"}],\"top_k\":5,\"include_fields\":[\"story\"]%s}";
    return documents(test, port, "search", body.formatted(query, more));
  }

  private static final String STORIES =
      """
      {"documents":[{"_id":"a",%s"story":"ships sail on the sea","year":1},
                    {"_id":"b",%s"story":"a ship in the desert","year":2},
                    {"_id":"c",%s"story":"the city sleeps","year":3}]}\
      """;

  @Test
  void documentsAreFoundByTheirWords() {
    try (TestServer test = new TestServer(root)) {
      String plain = "\"story\":{\"type\":\"string\",\"full_text_search\":{}}";
      Answer only = made(test, "words", plain);
      assertEquals(201, only.status(), only.http().body());
      assertEquals(
          "{\"language\":\"en\",\"stemming\":false,\"stop_words\":false}",
          only.at("/schema/fields/story/full_text_search").toString());
      int port = TestServer.port(only);
      Answer upsert = documents(test, port, "upsert", STORIES.formatted("", "", ""));
      assertEquals(200, upsert.status(), upsert.http().body());
      Answer found = words(test, port, "ship", "");
      assertEquals(1, found.at("/matches").size(), found.http().body());
      assertEquals("b", found.at("/matches/0/_id").stringValue());
      assertEquals("a ship in the desert", found.at("/matches/0/story").stringValue());
      assertTrue(found.at("/matches/0/_score").floatValue() > 0);
      assertEquals(2, found.at("/matches/0").size() - 1, found.http().body());
      assertEquals(0, words(test, port, "ship", ",\"filter\":{\"year\":1}").at("/matches").size());
      // A changed text has its new words and none of the old.
      String change = "{\"documents\":[{\"_id\":\"b\",\"story\":\"camels\"}]}";
      assertEquals(200, documents(test, port, "update", change).status());
      assertEquals(0, words(test, port, "ship", "").at("/matches").size());
      assertEquals("b", words(test, port, "camels", "").at("/matches/0/_id").stringValue());
      assertEquals(400, words(test, port, " ", "").status());
      String string = "{\"score_by\":[{\"type\":\"query_string\",\"query\":\"a\"}],\"top_k\":1}";
      assertEquals(400, documents(test, port, "search", string).status());
    }
  }

  @Test
  void wordsStandBesideADenseField() {
    try (TestServer test = new TestServer(root)) {
      for (String metric : List.of("cosine", "dotproduct")) {
        String fields =
            "\"emb\":{\"type\":\"dense_vector\",\"dimension\":2,\"metric\":\"%s\"},\"story\":{\"type\":\"string\",\"full_text_search\":{\"stemming\":true}}"
                .formatted(metric);
        Answer index = made(test, metric, fields);
        assertEquals(201, index.status(), index.http().body());
        int port = TestServer.port(index);
        String body = STORIES.formatted("\"emb\":[1,0],", "\"emb\":[0,1],", "\"emb\":[0.5,0.5],");
        Answer upsert = documents(test, port, "upsert", body);
        assertEquals(200, upsert.status(), upsert.http().body());
        Answer found = words(test, port, "the ship", "");
        assertEquals(2, found.at("/matches").size(), found.http().body());
        String dense =
            "{\"score_by\":[{\"type\":\"dense_vector\",\"fields\":[\"emb\"],\"values\":[0,1]}],\"top_k\":1,\"include_fields\":[\"*\"]}";
        Answer nearest = documents(test, port, "search", dense);
        assertEquals("b", nearest.at("/matches/0/_id").stringValue(), nearest.http().body());
        assertEquals(2, nearest.at("/matches/0/emb").size());
        assertEquals(5, nearest.at("/matches/0").size(), nearest.http().body());
        Answer stop = words(test, port, "the", "");
        assertTrue(stop.status() == 400 || stop.at("/matches").isEmpty(), stop.http().body());
      }
    }
  }

  @Test
  void whatATextIndexDoesNotDoIsRefused() {
    try (TestServer test = new TestServer(root)) {
      String text = "\"t\":{\"type\":\"string\",\"full_text_search\":{%s}}";
      for (String refused :
          List.of(
              text.formatted("\"language\":\"xx\""),
              text.formatted("\"stop_words\":true"),
              text.formatted("\"stemming\":true,\"stop_words\":false"),
              text.formatted("\"ngram\":{\"min_gram\":1,\"max_gram\":2}"),
              text.formatted("") + ",\"u\":{\"type\":\"string\",\"full_text_search\":{}}",
              text.formatted("") + ",\"s\":{\"type\":\"sparse_vector\"}",
              text.formatted("")
                  + ",\"_values\":{\"type\":\"dense_vector\",\"dimension\":2,\"metric\":\"cosine\"}",
              "\"t\":{\"type\":\"float\",\"full_text_search\":{}}",
              "\"t\":{\"type\":\"string\",\"full_text_search\":true},\"v\":{\"type\":\"dense_vector\",\"dimension\":2,\"metric\":\"cosine\"}")) {
        Answer answer = made(test, "no", refused);
        assertEquals(400, answer.status(), refused + " " + answer.http().body());
      }
    }
  }

  private ServeOptions withModel() {
    return ServeOptions.of(root.toString())
        .anywhere()
        .withTexts(new SharedModel("three-words", Words::new, "d:", "q:"));
  }

  private static String forModel(String name, String model) {
    return "{\"name\":\"%s\",\"cloud\":\"aws\",\"region\":\"r\",\"embed\":{\"model\":\"%s\",\"field_map\":{\"text\":\"chunk\"}}}"
        .formatted(name, model);
  }

  @Test
  void recordsHaveVectorsOfTheServersModel() {
    try (TestServer test = new TestServer(withModel())) {
      String path = "/indexes/create-for-model";
      assertEquals(400, test.control("POST", path, forModel("other", "another")).status());
      Answer made = test.control("POST", path, forModel("books", "three-words"));
      assertEquals(201, made.status(), made.http().body());
      assertEquals(4, made.at("/dimension").intValue());
      assertEquals("chunk", made.at("/embed/field_map/text").stringValue());
      Answer newest = test.control("GET", "/indexes/books", null, NEWEST);
      assertEquals("semantic_text", newest.at("/schema/fields/chunk/type").stringValue());
      int port = TestServer.port(made);
      String lines =
          """
          {"_id":"a","chunk":"a ship at sea","year":1}
          {"id":"b","chunk":"sand of the desert","year":2}

          {"_id":"c","chunk":"a city by the sea","year":3}
          """;
      Answer upsert = test.call("POST", port, "/records/namespaces/n/upsert", lines);
      assertEquals(201, upsert.status(), upsert.http().body());
      assertFalse(upsert.header("x-pinecone-lsn-committed").isEmpty());
      Answer found = search(test, port, "the desert", "");
      assertEquals("b", found.at("/result/hits/0/_id").stringValue(), found.http().body());
      assertEquals("sand of the desert", found.at("/result/hits/0/fields/chunk").stringValue());
      Answer filtered = search(test, port, "sea", ",\"filter\":{\"year\":{\"$gt\":1}}");
      assertEquals("c", filtered.at("/result/hits/0/_id").stringValue());
      for (String bad :
          List.of(
              "",
              "{\"_id\":\"x\"}",
              "{\"chunk\":\"sea\"}",
              "[1]",
              "{\"_id\":\"x\",\"chunk\":\" \"}")) {
        Answer refused = test.call("POST", port, "/records/namespaces/n/upsert", bad);
        assertEquals(400, refused.status(), bad + refused.http().body());
      }
      List<CompletableFuture<Answer>> together = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        together.add(CompletableFuture.supplyAsync(() -> search(test, port, "city", "")));
      }
      for (CompletableFuture<Answer> answer : together) {
        assertEquals("c", answer.join().at("/result/hits/0/_id").stringValue());
      }
      int vectors = test.create("vectors", 4, "cosine");
      Answer unknown = search(test, vectors, "sea", "");
      assertEquals(400, unknown.status());
      assertTrue(unknown.at("/error/message").stringValue().contains("create-for-model"));
    }
    assertEquals(0, Words.OPEN.get());
    try (Index books = Index.open(root.resolve("books"))) {
      assertEquals("three-words", books.embedding().orElseThrow().model());
      assertEquals("chunk", books.embedding().orElseThrow().textField());
    }
    try (TestServer without = new TestServer(root)) {
      int port = TestServer.port(without.control("GET", "/indexes/books", null));
      Answer refused = search(without, port, "sea", "");
      assertEquals(400, refused.status());
      assertTrue(refused.at("/error/message").stringValue().contains("--embed-url"));
    }
  }

  private static Answer search(TestServer test, int port, String text, String more) {
    String query = "{\"query\":{\"top_k\":1,\"inputs\":{\"text\":\"%s\"}%s}}".formatted(text, more);
    return test.call("POST", port, "/records/namespaces/n/search", query);
  }
}
