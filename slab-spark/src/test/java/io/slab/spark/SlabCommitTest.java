package io.slab.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.Namespace;
import io.slab.error.ConflictException;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts that run twice, jobs beside each other, and writes of others in between. */
class SlabCommitTest {
  @TempDir Path folder;
  private Path place;

  @BeforeEach
  void create() {
    place = folder.resolve("index");
    Index.create(place, IndexSettings.dense(4, Metric.COSINE)).close();
  }

  private void write(Dataset<Row> rows, String mode) {
    rows.write().format("slab").mode(mode).save(place.toString());
  }

  @Test
  void ofTwoJobsThatFillOneNamespaceOneWins() throws Exception {
    try (var threads = Executors.newFixedThreadPool(2)) {
      List<Future<Boolean>> jobs = new ArrayList<>();
      for (int job = 0; job < 2; job++) {
        int from = 1000 * job;
        jobs.add(threads.submit(() -> wins(Written.rows(from, from + 400))));
      }
      int won = 0;
      for (var job : jobs) {
        won += job.get() ? 1 : 0;
      }
      assertEquals(1, won);
    }
    assertEquals(400, Written.records(place, "").size());
    assertEquals(List.of(), Sessions.problems(place));
  }

  private boolean wins(Dataset<Row> rows) {
    try {
      write(rows, "append");
      return true;
    } catch (ConflictException e) {
      return false;
    }
  }

  /** A task that is repeated, or runs twice, built its slabs twice: those of one attempt count. */
  @Test
  void slabsOfAnAttemptThatFailedAreNamedByNothing() throws Exception {
    Dataset<Row> rows = Written.rows(0, 200).orderBy("id");
    try (Index index = Index.open(place)) {
      SlabOptions options =
          SlabOptions.of(
              new CaseInsensitiveStringMap(
                  Map.of("path", place.toString(), "rows-per-slab", "50")));
      RowSchema schema = RowSchema.of(rows.schema(), index.describe());
      SlabBatchWrite write = new SlabBatchWrite(options, schema, false, "query");
      var factory = write.createBatchWriterFactory(() -> 1);
      var internal = rows.queryExecution().executedPlan().executeCollect();
      try (var failing = factory.createWriter(0, 1)) {
        for (int i = 0; i < 120; i++) {
          failing.write(internal[i]);
        }
        failing.abort();
      }
      try (var done = factory.createWriter(0, 2)) {
        for (var row : internal) {
          done.write(row);
        }
        write.commit(new WriterCommitMessage[] {done.commit()});
      }
      assertEquals(200, Written.records(place, "").size());
      assertEquals(6, slabFiles());
      index.namespace().collectGarbage(Duration.ZERO);
      index.namespace().collectGarbage(Duration.ZERO);
      assertEquals(4, slabFiles());
    }
    assertEquals(200, Written.records(place, "").size());
  }

  private long slabFiles() throws Exception {
    try (Stream<Path> files =
        Files.list(place.resolve("ns").resolve(Namespace.DEFAULT).resolve("slabs"))) {
      return files.count();
    }
  }

  @Test
  void whatWasWrittenMeanwhileIsNotOverwritten() {
    write(Written.rows(0, 5), "append");
    try (Index index = Index.open(place)) {
      SlabOptions options =
          SlabOptions.of(new CaseInsensitiveStringMap(Map.of("path", place.toString())));
      RowSchema schema = RowSchema.of(Written.rows(0, 1).schema(), index.describe());
      SlabBatchWrite write = new SlabBatchWrite(options, schema, true, "query");
      var factory = write.createBatchWriterFactory(() -> 1);
      var message = commit(factory, Written.rows(90, 95));
      index.namespace().upsert(VectorRecord.of("later", 1, 2, 3, 4));
      assertThrows(
          ConflictException.class, () -> write.commit(new WriterCommitMessage[] {message}));
    }
    assertEquals(6, Written.records(place, "").size());
  }

  private static WriterCommitMessage commit(DataWriterFactory factory, Dataset<Row> rows) {
    try (var writer = factory.createWriter(0, 1)) {
      for (var row : rows.orderBy("id").queryExecution().executedPlan().executeCollect()) {
        writer.write(row);
      }
      return writer.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
