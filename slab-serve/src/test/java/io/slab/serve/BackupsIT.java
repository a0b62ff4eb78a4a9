package io.slab.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.IndexOptions;
import io.slab.serve.TestServer.Answer;
import io.slab.serve.backup.Backups;
import io.slab.serve.jobs.JobFolder;
import io.slab.serve.jobs.JobRunner;
import io.slab.serve.jobs.Kind;
import io.slab.serve.json.Bodies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Backups, collections and restore jobs, those among them whose server was killed. */
class BackupsIT {
  private static final String A =
      "{\"vectors\":[{\"id\":\"a\",\"values\":[1,0],\"metadata\":{\"g\":\"x\"}}],\"namespace\":\"%s\"}";

  @TempDir Path root;

  private static void upsert(TestServer test, int port, String namespace) {
    assertEquals(200, test.call("POST", port, "/vectors/upsert", A.formatted(namespace)).status());
  }

  static Answer await(TestServer test, int port, String path, String... ends) {
    for (int i = 0; i < 1_000; i++) {
      Answer answer = test.call("GET", port, path, null);
      if (answer.status() != 200 || List.of(ends).contains(answer.at("/status").asString())) {
        return answer;
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new AssertionError(test.call("GET", port, path, null).http().body());
  }

  private static Answer await(TestServer test, String path, String... ends) {
    return await(test, test.server.port(), path, ends);
  }

  @Test
  void aBackupOutlivesItsIndexAndBecomesOneOfTheSameName() {
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", 2, "cosine");
      test.control("PATCH", "/indexes/books", "{\"tags\":{\"t\":\"1\"}}");
      upsert(test, port, "n1");
      upsert(test, port, "");
      Answer made =
          test.control("POST", "/indexes/books/backups", "{\"name\":\"bk\",\"description\":\"d\"}");
      assertEquals(201, made.status(), made.http().body());
      String id = made.at("/backup_id").stringValue();
      // It has what was there when it was asked for, and nothing that came later.
      test.call("POST", port, "/vectors/delete", "{\"deleteAll\":true,\"namespace\":\"n1\"}");
      Answer ready = await(test, "/backups/" + id, "Ready");
      assertEquals(2, ready.at("/record_count").intValue(), ready.http().body());
      assertEquals(2, ready.at("/namespace_count").intValue());
      assertTrue(ready.at("/size_bytes").intValue() > 0);
      assertEquals("1", ready.at("/tags/t").stringValue());
      assertEquals("bk", ready.at("/name").stringValue());
      assertEquals(1, test.control("GET", "/indexes/books/backups", null).at("/data").size());
      assertEquals(409, restore(test, id, "{\"name\":\"books\"}").status());
      assertEquals(202, test.control("DELETE", "/indexes/books", null).status());
      assertEquals(404, test.control("GET", "/indexes/books/backups", null).status());
      Answer kept = test.control("GET", "/indexes/books/backups?include_deleted=true", null);
      assertEquals(id, kept.at("/data/0/backup_id").stringValue());
      Answer begun = restore(test, id, "{\"name\":\"books\",\"tags\":{\"u\":\"2\"}}");
      assertEquals(202, begun.status(), begun.http().body());
      Answer soon = test.control("GET", "/indexes/books", null);
      assertEquals(2, soon.at("/dimension").intValue(), soon.http().body());
      String job = "/restore-jobs/" + begun.at("/restore_job_id").stringValue();
      Answer done = await(test, job, "Completed", "Failed");
      assertEquals("Completed", done.at("/status").stringValue(), done.http().body());
      assertEquals(100, done.at("/percent_complete").intValue());
      Answer index = test.control("GET", "/indexes/books", null);
      assertEquals("{\"u\":\"2\"}", index.at("/tags").toString());
      assertTrue(index.at("/status/ready").booleanValue());
      int again = TestServer.port(index);
      Answer stats = test.call("GET", again, "/describe_index_stats", null);
      assertEquals(2, stats.at("/totalVectorCount").intValue(), stats.http().body());
      upsert(test, again, "n2");
      assertEquals(1, test.control("GET", "/restore-jobs", null).at("/data").size());
      assertEquals(202, test.control("DELETE", "/backups/" + id, null).status());
      assertEquals(404, test.control("GET", "/backups/" + id, null).status());
      assertEquals(0, test.control("GET", "/backups", null).at("/data").size());
    }
    try (Index restored = Index.open(root.resolve("books"))) {
      assertEquals("books", restored.describe().name());
      assertEquals(3, restored.namespaces().size());
    }
    try (JobFolder folder = new JobFolder(root.toString(), IndexOptions.defaults())) {
      for (String copy : folder.copies()) {
        String place = JobFolder.copy(root.toString(), copy);
        assertFalse(Index.exists(place, IndexOptions.defaults()), copy);
      }
    }
  }

  private static Answer restore(TestServer test, String id, String body) {
    return test.control("POST", "/backups/" + id + "/create-index", body);
  }

  @Test
  void anIndexIsMadeOfACollection() {
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", 2, "cosine");
      Answer empty = test.control("POST", "/collections", "{\"name\":\"e\",\"source\":\"books\"}");
      assertEquals(201, empty.status(), empty.http().body());
      upsert(test, port, "n1");
      String wanted = "{\"name\":\"books\",\"source\":\"books\"}";
      assertEquals(201, test.control("POST", "/collections", wanted).status());
      assertEquals(409, test.control("POST", "/collections", wanted).status());
      Answer ready = await(test, "/collections/books", "Ready");
      assertEquals(1, ready.at("/vector_count").intValue(), ready.http().body());
      assertEquals("us-east-1-aws", ready.at("/environment").stringValue());
      assertEquals(0, await(test, "/collections/e", "Ready").at("/vector_count").intValue());
      assertEquals(2, test.control("GET", "/collections", null).at("/collections").size());
      assertEquals(400, of(test, "other", 3).status());
      Answer made = of(test, "other", 2);
      assertEquals(201, made.status(), made.http().body());
      int other = TestServer.port(made);
      for (int i = 0; i < 500 && !ready(test, "other"); i++) {
        sleep();
      }
      Answer stats = test.call("GET", other, "/describe_index_stats", null);
      assertEquals(1, stats.at("/totalVectorCount").intValue(), stats.http().body());
      assertEquals(0, test.control("GET", "/restore-jobs", null).at("/data").size());
      assertEquals(202, test.control("DELETE", "/collections/books", null).status());
      assertEquals(404, test.control("GET", "/collections/books", null).status());
      assertEquals(201, test.control("POST", "/collections", wanted).status());
      await(test, "/collections/books", "Ready");
    }
  }

  private static Answer of(TestServer test, String name, int dimension) {
    return test.control(
        "POST",
        "/indexes",
        "{\"name\":\"%s\",\"dimension\":%d,\"spec\":{\"pod\":{\"environment\":\"e\",\"pod_type\":\"p1.x1\",\"source_collection\":\"books\"}}}"
            .formatted(name, dimension));
  }

  private static boolean ready(TestServer test, String name) {
    return test.control("GET", "/indexes/" + name, null).at("/status/ready").booleanValue();
  }

  private static void sleep() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a server writes before it begins to copy, and nothing after: it was killed then. */
  private String killed(boolean checkpoint) {
    String id = UUID.randomUUID().toString();
    try (Index index = Index.open(root.resolve("books"));
        JobFolder folder = new JobFolder(root.toString(), IndexOptions.defaults())) {
      if (checkpoint) {
        index.createCheckpoint("backup-" + id, Duration.ofDays(1));
      }
      ObjectNode about = Bodies.object();
      about.put("source", "books").put("copy", id).put("namespaces", 1).put("dimension", 2);
      about.put("metric", "cosine").put("vector_type", "dense");
      about.put("source_created", Long.toString(index.describe().created().toEpochMilli()));
      about.put("created_at", JobFolder.now());
      folder.begin(Kind.BACKUP, id, about);
    }
    return id;
  }

  @Test
  void theNextServerGoesOnWithWhatAKilledOneLeft() throws Exception {
    try (TestServer test = new TestServer(root)) {
      upsert(test, test.create("books", 2, "cosine"), "n1");
    }
    String good = killed(true);
    String bad = killed(false);
    ServeOptions options = ServeOptions.of(root.toString()).anywhere();
    try (TestServer test = new TestServer(options.withSilence(Duration.ofMillis(300)))) {
      assertEquals(
          "Initializing", test.control("GET", "/backups/" + good, null).at("/status").asString());
      assertEquals(400, restore(test, good, "{\"name\":\"r\"}").status());
      assertEquals(412, test.control("DELETE", "/indexes/books", null).status());
      Answer ready = await(test, "/backups/" + good, "Ready", "Failed");
      assertEquals("Ready", ready.at("/status").stringValue());
      assertEquals(1, ready.at("/record_count").intValue());
      Answer failed = await(test, "/backups/" + bad, "Ready", "Failed");
      assertEquals("Failed", failed.at("/status").stringValue());
      assertEquals(202, test.control("DELETE", "/backups/" + bad, null).status());
    }
    assertTrue(Files.isDirectory(root.resolve("_service/copies/" + good)));
  }

  @Test
  void aBackupThatIsDeletedWhileItIsMadeLeavesNoCheckpoint() {
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", 2, "cosine");
      for (int i = 0; i < 5; i++) {
        upsert(test, port, "n" + i);
      }
      // Two are made at once: of four some are deleted at work, and some before it.
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Answer made = test.control("POST", "/indexes/books/backups", "{}");
        ids.add(made.at("/backup_id").stringValue());
      }
      for (String id : ids.reversed()) {
        assertEquals(202, test.control("DELETE", "/backups/" + id, null).status());
      }
    }
    try (Index books = Index.open(root.resolve("books"))) {
      assertEquals(
          List.of(),
          books.namespace("n1").history().checkpoints(),
          "what was written is kept for a week");
      assertEquals(List.of(), books.namespace("n4").history().checkpoints());
    }
  }

  @Test
  void aDamagedDescriptionHidesNoOtherAndDeletesNoCopy() throws IOException {
    String copy;
    try (TestServer test = new TestServer(root)) {
      upsert(test, test.create("books", 2, "cosine"), "n1");
      for (String name : List.of("c1", "c2")) {
        String body = "{\"name\":\"%s\",\"source\":\"books\"}".formatted(name);
        assertEquals(201, test.control("POST", "/collections", body).status());
        await(test, "/collections/" + name, "Ready");
      }
      Path begun = root.resolve("_service/collections/c1/begun.json");
      copy = Bodies.tree(Files.readAllBytes(begun)).get("copy").stringValue();
      Files.delete(begun);
      Files.writeString(begun, "{\"source\":");
    }
    try (TestServer test = new TestServer(root)) {
      Answer list = test.control("GET", "/collections", null);
      assertEquals(1, list.at("/collections").size(), list.http().body());
      assertEquals("c2", list.at("/collections/0/name").stringValue());
    }
    try (JobFolder folder = new JobFolder(root.toString(), IndexOptions.defaults());
        JobRunner runner = new JobRunner(folder, Duration.ofMinutes(1))) {
      new Backups(null, folder, runner).resume();
    }
    assertTrue(
        Index.exists(JobFolder.copy(root.toString(), copy), IndexOptions.defaults()),
        "it is all that is left of the collection");
  }

  @Test
  void anIndexIsNotDeletedWhileAnotherServerMayStillRestoreIt() {
    try (TestServer test = new TestServer(root);
        JobFolder folder = new JobFolder(root.toString(), IndexOptions.defaults())) {
      test.create("books", 2, "cosine");
      // The copy was there, its server was killed before it said so.
      folder.begin(Kind.RESTORE, "job", Bodies.object().put("target", "books"));
      folder.claim("books", Bodies.object().put("job", "job"));
      assertEquals(412, test.control("DELETE", "/indexes/books", null).status());
      folder.end(Kind.RESTORE, "job", Bodies.object().put("status", "Completed"));
      assertEquals(202, test.control("DELETE", "/indexes/books", null).status());
    }
  }

  @Test
  void anIndexWhoseMakingWasCutShortIsFinished() {
    try (JobFolder folder = new JobFolder(root.toString(), IndexOptions.defaults());
        Index made =
            Index.create(
                root.resolve("docs"),
                io.slab.IndexSettings.dense(2, io.slab.model.Metric.COSINE))) {
      ObjectNode profile = Bodies.object();
      profile.putObject("fields").putObject("emb").put("type", "dense_vector");
      folder.claim("docs", Bodies.object().set("profile", profile));
      folder.claim("never", Bodies.object().set("profile", profile));
      assertEquals(2, made.describe().dimension());
    }
    ServeOptions options = ServeOptions.of(root.toString()).anywhere();
    try (TestServer test = new TestServer(options.withSilence(Duration.ofMillis(1)))) {
      for (int i = 0; i < 500 && test.server.claims() > 0; i++) {
        sleep();
      }
      Answer shown =
          test.control("GET", "/indexes/docs", null, "x-pinecone-api-version", "2026-07");
      assertTrue(shown.at("/schema/fields").has("emb"), shown.http().body());
      test.create("never", 2, "cosine");
    }
  }

  @Test
  void whatCannotBeIsRefused() {
    try (TestServer test = new TestServer(root)) {
      int port = test.create("books", 2, "cosine");
      String none = UUID.randomUUID().toString();
      for (String id : List.of(none, "x", "..", "%2e%2e%2fbooks", "a%00b", "B", "é", "%ff")) {
        for (String path : List.of("/backups/", "/restore-jobs/", "/collections/")) {
          check(test.control("GET", path + id, null), 400, 404);
        }
        check(test.control("DELETE", "/backups/" + id, null), 400, 404);
        check(test.control("DELETE", "/collections/" + id, null), 400, 404);
        check(restore(test, id, "{\"name\":\"n\"}"), 400, 404);
        check(test.call("GET", port, "/bulk/imports/" + id, null), 400, 404);
        check(test.call("DELETE", port, "/bulk/imports/" + id, null), 400, 404);
      }
      for (String body : List.of("[]", "{", "{\"name\":1}", "{\"name\":null,\"source\":[]}")) {
        check(test.control("POST", "/collections", body), 400, 400);
        check(test.call("POST", port, "/bulk/imports", body), 400, 400);
      }
      for (String body : List.of("[]", "{\"name\":1}", "{\"name\":\"" + "x".repeat(2000) + "\"}")) {
        check(test.control("POST", "/indexes/books/backups", body), 400, 400);
      }
      check(test.control("POST", "/indexes/no/backups", "{}"), 404, 404);
      check(
          test.control("POST", "/collections", "{\"name\":\"A_\",\"source\":\"books\"}"), 400, 400);
      check(test.control("POST", "/collections", "{\"name\":\"c\",\"source\":\"no\"}"), 404, 404);
      for (String page : List.of("limit=0", "limit=x", "limit=101", "paginationToken=zz")) {
        check(test.control("GET", "/backups?" + page, null), 400, 400);
        check(test.call("GET", port, "/bulk/imports?" + page, null), 400, 400);
      }
    }
  }

  private static void check(Answer answer, int least, int most) {
    assertTrue(
        answer.status() >= least && answer.status() <= most,
        answer.status() + " " + answer.http().body());
  }
}
