package io.slab.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.IndexOptions;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.serve.TestServer.Answer;
import io.slab.serve.jobs.AliveJob;
import io.slab.serve.jobs.JobFolder;
import io.slab.serve.jobs.Kind;
import io.slab.serve.json.Bodies;
import io.slab.store.ObjectStore;
import io.slab.store.Stores;
import io.slab.testkit.s3.S3Server;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Jobs of two servers over one prefix on S3. */
class SharedJobsIT {
  private static final Duration SILENCE = Duration.ofMillis(400);

  private String root;
  private IndexOptions reading;

  @BeforeAll
  static void keys() {
    // Keys are never options: without a variable of the environment the client looks here.
    Map<String, String> environment = S3Server.environment(S3Server.endpoint());
    System.setProperty("aws.accessKeyId", environment.get("AWS_ACCESS_KEY_ID"));
    System.setProperty("aws.secretAccessKey", environment.get("AWS_SECRET_ACCESS_KEY"));
  }

  @AfterAll
  static void noKeys() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @BeforeEach
  void place() {
    root = S3Server.newPlace().toString();
    reading =
        IndexOptions.defaults()
            .withStore(Map.of("endpoint", S3Server.endpoint().toString(), "region", "us-east-1"));
  }

  private TestServer server() {
    return server(SILENCE);
  }

  private TestServer server(Duration silence) {
    return new TestServer(
        ServeOptions.of(root)
            .withReading(reading)
            .anywhere()
            .withFreshness(Duration.ofMillis(1))
            .withSilence(silence));
  }

  private JobFolder folder() {
    return new JobFolder(root, reading);
  }

  private static long ended(TestServer test, String kind) {
    String page = test.control("GET", "/metrics", null).http().body();
    return page.lines()
        .filter(line -> line.startsWith("slab_jobs_ended_total{kind=\"" + kind + "\""))
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private String made() {
    try (TestServer test = server()) {
      int port = test.create("books", 2, "cosine");
      String record = "{\"vectors\":[{\"id\":\"a\",\"values\":[1,0]}],\"namespace\":\"n\"}";
      assertEquals(200, test.call("POST", port, "/vectors/upsert", record).status());
    }
    try (Index books = Index.open(Index.child(root, "books"), reading)) {
      return Long.toString(books.describe().created().toEpochMilli());
    }
  }

  private ObjectNode copy(String id, String created) {
    ObjectNode about = Bodies.object();
    about.put("source", "books").put("source_created", created).put("copy", id);
    about.put("namespaces", 1).put("dimension", 2).put("metric", "cosine");
    return about.put("vector_type", "dense").put("created_at", JobFolder.now());
  }

  @Test
  void aJobOfADeadServerIsDoneByOneOfTheOthersOnce() {
    String created = made();
    String backup = UUID.randomUUID().toString();
    String load = UUID.randomUUID().toString();
    try (JobFolder folder = folder();
        Index books = Index.open(Index.child(root, "books"), reading)) {
      books.createCheckpoint("backup-" + backup, Duration.ofDays(1));
      folder.begin(Kind.BACKUP, backup, copy(backup, created));
      ObjectNode about = Bodies.object().put("index", "books").put("index_created", created);
      folder.begin(Kind.IMPORT, load, about.put("uri", "x").put("created_at", JobFolder.now()));
      assertTrue(AliveJob.sign(folder, Kind.IMPORT, load, 1, 0.25, 123));
    }
    try (TestServer one = server();
        TestServer two = server()) {
      Answer ready =
          BackupsIT.await(two, two.server.port(), "/backups/" + backup, "Ready", "Failed");
      assertEquals("Ready", ready.at("/status").stringValue(), ready.http().body());
      assertEquals(1, ready.at("/record_count").intValue());
      int port = TestServer.port(one.control("GET", "/indexes/books", null));
      Answer failed = BackupsIT.await(one, port, "/bulk/imports/" + load, "Failed", "Completed");
      assertEquals(123, failed.at("/recordsImported").intValue(), failed.http().body());
      assertTrue(failed.at("/error").stringValue().contains("123 records"));
      // A restore begun on one of them is told of by both, and can be asked at both in the end.
      String wanted = "{\"name\":\"again\"}";
      Answer begun = one.control("POST", "/backups/" + backup + "/create-index", wanted);
      assertEquals(202, begun.status(), begun.http().body());
      assertEquals(200, two.control("GET", "/indexes/again", null).status());
      String job = "/restore-jobs/" + begun.at("/restore_job_id").stringValue();
      BackupsIT.await(two, two.server.port(), job, "Completed", "Failed");
      int again = TestServer.port(two.control("GET", "/indexes/again", null));
      Answer fetched = two.call("GET", again, "/vectors/fetch?ids=a&namespace=n", null);
      assertTrue(fetched.at("/vectors").has("a"), fetched.http().body());
      assertEquals(1, ended(one, "backup") + ended(two, "backup"));
      assertEquals(1, ended(one, "import") + ended(two, "import"));
      assertEquals(1, ended(one, "restore") + ended(two, "restore"));
    }
  }

  @Test
  void whatAnotherServerIsAtIsShown() {
    String created = made();
    String load = UUID.randomUUID().toString();
    String job = UUID.randomUUID().toString();
    try (TestServer test = server(Duration.ofMinutes(1));
        JobFolder folder = folder()) {
      ObjectNode about = Bodies.object().put("index", "books").put("index_created", created);
      folder.begin(Kind.IMPORT, load, about.put("uri", "x").put("created_at", JobFolder.now()));
      int port = TestServer.port(test.control("GET", "/indexes/books", null));
      Answer pending = test.call("GET", port, "/bulk/imports/" + load, null);
      assertEquals("Pending", pending.at("/status").stringValue(), pending.http().body());
      assertTrue(AliveJob.sign(folder, Kind.IMPORT, load, 1, 0.5, 77));
      Answer half = test.call("GET", port, "/bulk/imports/" + load, null);
      assertEquals("InProgress", half.at("/status").stringValue());
      assertEquals(50, half.at("/percentComplete").intValue());
      assertEquals(77, half.at("/recordsImported").intValue());
      ObjectNode restore = copy(UUID.randomUUID().toString(), created);
      folder.begin(Kind.RESTORE, job, restore.put("target", "soon").put("backup", "b"));
      folder.claim("soon", Bodies.object().put("job", job));
      assertTrue(AliveJob.sign(folder, Kind.RESTORE, job, 1, 0.2, 0));
      // One that says nothing, and one of a metric that is none, hide no index.
      folder.begin(Kind.RESTORE, UUID.randomUUID().toString(), Bodies.object());
      ObjectNode unknown = copy(UUID.randomUUID().toString(), created).put("metric", "taxicab");
      folder.begin(Kind.RESTORE, UUID.randomUUID().toString(), unknown.put("target", "odd"));
      Answer soon = test.control("GET", "/indexes/soon", null);
      assertEquals("Initializing", soon.at("/status/state").asString(), soon.http().body());
      assertEquals(2, test.control("GET", "/indexes", null).at("/indexes").size());
      Answer percent = test.control("GET", "/restore-jobs/" + job, null);
      assertEquals(20, percent.at("/percent_complete").intValue(), percent.http().body());
      String same =
          "{\"name\":\"soon\",\"dimension\":2,\"spec\":{\"serverless\":{\"cloud\":\"a\",\"region\":\"r\"}}}";
      assertEquals(409, test.control("POST", "/indexes", same).status());
    }
  }

  @Test
  void ofADeletedIndexNothingStays() {
    made();
    try (JobFolder folder = folder()) {
      try (TestServer test = server()) {
        int port = TestServer.port(test.control("GET", "/indexes/books", null));
        Answer written =
            test.call(
                "POST", port, "/vectors/upsert", "{\"vectors\":[{\"id\":\"b\",\"values\":[1,0]}]}");
        assertEquals(200, written.status());
        assertEquals(202, test.control("DELETE", "/indexes/books", null).status());
        try (ObjectStore store = Stores.open(Index.child(root, "books"), reading.store())) {
          // What another server wrote that did not know yet.
          assertTrue(store.create("ns/n/wal/late.wal", new byte[] {1}));
          test.server.catalog().claims().sweep(Duration.ofMinutes(1));
          assertFalse(store.list("ns/n/wal/", null).isEmpty(), "they are young");
          test.server.catalog().claims().sweep(Duration.ZERO);
          assertEquals("[]", store.list("ns/n/wal/", null).toString());
        }
        assertTrue(folder.removed().isEmpty());
        assertTrue(folder.claims().isEmpty());
        test.create("books", 2, "cosine");
      }
    }
  }

  @Test
  void whatAnotherServerWritesIsThereAtOnceWhereItsLsnIsNamed() {
    made();
    try (TestServer one = server();
        TestServer two = server()) {
      int first = TestServer.port(one.control("GET", "/indexes/books", null));
      int second = TestServer.port(two.control("GET", "/indexes/books", null));
      for (int i = 0; i < 10; i++) {
        String record = "{\"vectors\":[{\"id\":\"r%d\",\"values\":[1,0]}],\"namespace\":\"n\"}";
        Answer written = one.call("POST", first, "/vectors/upsert", record.formatted(i));
        Answer read =
            two.call(
                "GET",
                second,
                "/vectors/fetch?namespace=n&ids=r" + i,
                null,
                "x-slab-min-lsn",
                written.header("x-pinecone-lsn-committed"));
        assertTrue(read.at("/vectors").has("r" + i), read.http().body());
      }
    }
    try (Index books = Index.open(Index.child(root, "books"), reading)) {
      VectorRecord more = new VectorRecord("z", new float[] {1, 1}, null, Metadata.EMPTY);
      books.namespace("n").upsert(more);
      assertEquals(12, books.namespace("n").stats().records());
    }
  }
}
