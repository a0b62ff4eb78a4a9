package io.slab.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.IndexOptions;
import io.slab.export.ParquetWriter;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.serve.TestServer.Answer;
import io.slab.serve.jobs.JobFolder;
import io.slab.serve.jobs.Kind;
import io.slab.serve.json.Bodies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bulk imports: what is read, from where, and what becomes of it. */
class ImportsIT {
  @TempDir Path folder;
  private Path root;
  private Path imports;

  @BeforeEach
  void folders() throws IOException {
    root = Files.createDirectory(folder.resolve("indexes"));
    imports = Files.createDirectory(folder.resolve("imports"));
  }

  /** A file of records from one number to another; every tenth of them has another dimension. */
  private static void write(Path file, int from, int to, boolean bad) throws IOException {
    Files.createDirectories(file.getParent());
    try (ParquetWriter writer = new ParquetWriter(file, VectorType.DENSE)) {
      for (int i = from; i < to; i++) {
        float[] values = bad && i % 10 == 0 ? new float[] {1, i, 3} : new float[] {1, i};
        writer.write(new VectorRecord("r" + i, values, null, Metadata.EMPTY));
      }
      writer.finish();
    }
  }

  /** A file of so many records of so many dimensions. */
  static void write(Path file, int records, int dimension) throws IOException {
    Files.createDirectories(file.getParent());
    try (ParquetWriter writer = new ParquetWriter(file, VectorType.DENSE)) {
      for (int i = 0; i < records; i++) {
        float[] values = new float[dimension];
        values[0] = i + 1;
        writer.write(new VectorRecord("p" + i, values, null, Metadata.EMPTY));
      }
      writer.finish();
    }
  }

  private TestServer server(Path... roots) {
    ServeOptions options = ServeOptions.of(root.toString()).anywhere();
    List<String> names = List.of(roots).stream().map(Path::toString).toList();
    return new TestServer(options.withImportRoots(names).withSilence(Duration.ofMillis(300)));
  }

  private static Answer start(TestServer test, int port, Object uri, String mode) {
    return test.call(
        "POST",
        port,
        "/bulk/imports",
        "{\"uri\":\"%s\",\"errorMode\":{\"onError\":\"%s\"}}".formatted(uri, mode));
  }

  private static Answer ended(TestServer test, int port, Answer started) {
    assertEquals(200, started.status(), started.http().body());
    String id = started.at("/id").stringValue();
    return BackupsIT.await(test, port, "/bulk/imports/" + id, "Completed", "Failed", "Cancelled");
  }

  @Test
  void foldersAreNamespacesAndJobsStayOverARestart() throws IOException {
    write(imports.resolve("in/__default__/0.parquet"), 0, 5, false);
    write(imports.resolve("in/ns-a/0.parquet"), 0, 3, false);
    write(imports.resolve("in/ns-a/1.parquet"), 3, 7, false);
    String id;
    try (TestServer test = server(imports)) {
      int port = test.create("books", 2, "cosine");
      Answer done = ended(test, port, start(test, port, imports.resolve("in"), "abort"));
      assertEquals("Completed", done.at("/status").stringValue(), done.http().body());
      assertEquals(12, done.at("/recordsImported").intValue());
      assertEquals(100, done.at("/percentComplete").intValue());
      id = done.at("/id").stringValue();
      Answer stats = test.call("GET", port, "/describe_index_stats", null);
      assertEquals(7, stats.at("/namespaces/ns-a/vectorCount").intValue(), stats.http().body());
      assertEquals(12, stats.at("/totalVectorCount").intValue());
      int other = test.create("other", 2, "cosine");
      assertEquals(0, test.call("GET", other, "/bulk/imports", null).at("/data").size());
      assertEquals(404, test.call("GET", other, "/bulk/imports/" + id, null).status());
      Answer uri = ended(test, other, start(test, other, imports.resolve("in").toUri(), "abort"));
      assertEquals("Completed", uri.at("/status").stringValue(), uri.http().body());
    }
    try (TestServer test = server(imports)) {
      int port = TestServer.port(test.control("GET", "/indexes/books", null));
      Answer list = test.call("GET", port, "/bulk/imports", null);
      assertEquals(id, list.at("/data/0/id").stringValue(), list.http().body());
      assertEquals(12, list.at("/data/0/recordsImported").intValue());
      assertEquals(200, test.call("DELETE", port, "/bulk/imports/" + id, null).status());
    }
  }

  @Test
  void errorsEndAnImportOrAreCounted() throws IOException {
    write(imports.resolve("in/n/0.parquet"), 1, 25, true);
    try (TestServer test = server(imports)) {
      int port = test.create("books", 2, "cosine");
      Answer failed = ended(test, port, start(test, port, imports.resolve("in"), "abort"));
      assertEquals("Failed", failed.at("/status").stringValue());
      assertTrue(failed.at("/error").stringValue().contains("r10"), failed.http().body());
      assertEquals(9, failed.at("/recordsImported").intValue());
      Answer done = ended(test, port, start(test, port, imports.resolve("in"), "continue"));
      assertEquals("Completed", done.at("/status").stringValue(), done.http().body());
      assertEquals(22, done.at("/recordsImported").intValue());
      assertEquals(2, done.at("/validationResult/importErrors").intValue());
      Files.writeString(Files.createDirectories(imports.resolve("l")).resolve("a.jsonl"), "{}\n");
      Answer lines = ended(test, port, start(test, port, imports.resolve("l"), "abort"));
      assertEquals("Failed", lines.at("/status").stringValue(), lines.http().body());
      assertEquals(400, start(test, port, imports.resolve("in"), "perhaps").status());
    }
  }

  @Test
  void onlyWhatTheOperatorNamedIsRead() throws IOException {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    write(outside.resolve("n/0.parquet"), 0, 3, false);
    write(imports.resolve("in/n/0.parquet"), 0, 3, false);
    Files.createSymbolicLink(imports.resolve("link"), outside);
    Files.createSymbolicLink(imports.resolve("in/m"), outside.resolve("n"));
    Files.createSymbolicLink(outside.resolve("back"), imports.resolve("in/n"));
    Path beside = Files.createDirectory(folder.resolve("imports-beside"));
    try (TestServer test = server()) {
      int port = test.create("books", 2, "cosine");
      Answer off = start(test, port, imports, "abort");
      assertEquals(403, off.status());
      assertTrue(off.at("/message").stringValue().contains("--import-root"), off.http().body());
    }
    try (TestServer test = server(imports)) {
      int port = TestServer.port(test.control("GET", "/indexes/books", null));
      for (Object refused :
          List.of(
              outside,
              outside.resolve("none"),
              imports.resolve("link"),
              imports + "/../outside",
              beside,
              "file://" + outside,
              "/etc/passwd",
              "s3://bucket/prefix")) {
        assertEquals(403, start(test, port, refused, "abort").status(), refused.toString());
      }
      for (Object bad : List.of("", "in", "file:x", "x\\u0000y", imports.resolve("none"))) {
        assertEquals(400, start(test, port, bad, "abort").status(), bad.toString());
      }
      // A link in the folder that leads out of it.
      Answer led = ended(test, port, start(test, port, imports.resolve("in"), "continue"));
      assertEquals("Failed", led.at("/status").stringValue(), led.http().body());
      assertTrue(led.at("/error").stringValue().contains("leads out"), led.http().body());
      Answer back = ended(test, port, start(test, port, outside.resolve("back"), "abort"));
      assertEquals("Completed", back.at("/status").stringValue(), back.http().body());
    }
  }

  @Test
  void prefixesOfS3AreComparedByTheirParts() {
    ServeOptions options = ServeOptions.of(root.toString()).anywhere();
    try (TestServer test = new TestServer(options.withImportRoots(List.of("s3://b/in")))) {
      int port = test.create("books", 2, "cosine");
      for (String refused : List.of("s3://b/inside", "s3://b", "s3://c/in", imports.toString())) {
        assertEquals(403, start(test, port, refused, "abort").status(), refused);
      }
      for (String bad : List.of("s3://b/in/../x", "s3://b//in", "s3://")) {
        assertEquals(400, start(test, port, bad, "abort").status(), bad);
      }
    }
  }

  @Test
  void anImportWhoseServerIsGoneFailsAndOneThatRunsIsCancelled() throws Exception {
    write(imports.resolve("in/n/0.parquet"), 0, 30_000, false);
    String gone = UUID.randomUUID().toString();
    try (TestServer test = server(imports)) {
      int port = test.create("books", 2, "cosine");
      Answer started = start(test, port, imports.resolve("in"), "abort");
      String id = started.at("/id").stringValue();
      assertEquals(200, test.call("DELETE", port, "/bulk/imports/" + id, null).status());
      Answer end = ended(test, port, started);
      assertEquals("Cancelled", end.at("/status").stringValue(), end.http().body());
      try (JobFolder jobs = new JobFolder(root.toString(), IndexOptions.defaults())) {
        long created = test.server.catalog().get("books").spec().createdMillis();
        jobs.begin(
            Kind.IMPORT,
            gone,
            Bodies.object()
                .put("index", "books")
                .put("index_created", Long.toString(created))
                .put("uri", "/x")
                .put("created_at", JobFolder.now()));
      }
      assertEquals(
          "Pending",
          test.call("GET", port, "/bulk/imports/" + gone, null).at("/status").asString());
    }
    try (TestServer test = server(imports)) {
      int port = TestServer.port(test.control("GET", "/indexes/books", null));
      Answer failed = BackupsIT.await(test, port, "/bulk/imports/" + gone, "Failed");
      assertTrue(failed.at("/error").stringValue().contains("the server ended"));
    }
  }
}
