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
import java.util.concurrent.atomic.AtomicBoolean;
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
class SlabCommitIT {
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

  /** Their rows have 200 ids in common, of which each is there once. */
  @Test
  void twoJobsAppendAtOnceBesideAWriter() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(3)) {
      Future<Integer> writer = threads.submit(() -> writeUntil(done));
      List<Future<?>> jobs = new ArrayList<>();
      for (int job = 0; job < 2; job++) {
        int from = 200 * job;
        jobs.add(threads.submit(() -> write(Written.rows(from, from + 400), "append")));
      }
      for (var job : jobs) {
        job.get();
      }
      done.set(true);
      assertEquals(600 + writer.get(), Written.records(place, "").size());
    }
    assertEquals(List.of(), Sessions.problems(place));
  }

  /** Flushes too, each of which takes a manifest; some of its ids are those of rows. */
  private int writeUntil(AtomicBoolean done) {
    int own = 0;
    try (Index index = Index.open(place)) {
      while (!done.get()) {
        index.namespace().upsert(VectorRecord.of("own" + own++, 1, 2, 3, 4));
        index.namespace().upsert(VectorRecord.of("r" + own % 600, 1, 2, 3, 4));
        if (own % 5 == 0) {
          index.namespace().flush();
        }
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return own;
  }

  /**
   * What was written after the job began is later than its rows, also for ids that the job does not
   * have.
   */
  @Test
  void whatIsWrittenWhileAJobRunsWins() {
    write(Written.rows(0, 10), "append");
    try (Index index = Index.open(place)) {
      SlabBatchWrite write = batch(index, Map.of("path", place.toString()));
      var factory = write.createBatchWriterFactory(() -> 1);
      var message = commit(factory, Written.rows(5, 15));
      Namespace namespace = index.namespace();
      namespace.upsert(VectorRecord.of("r7", 9, 9, 9, 9));
      namespace.delete(List.of("r8", "r14"));
      namespace.flush();
      namespace.deleteByFilter("{\"n\":12}");
      write.commit(new WriterCommitMessage[] {message});
      assertEquals(15 - 3, Written.records(place, "").size());
      assertEquals(9, namespace.fetch(List.of("r7")).get("r7").values()[0]);
    }
    assertEquals(List.of(), Sessions.problems(place));
  }

  @Test
  void aJobThatCannotBeCommittedSaysSoAndEnds() {
    write(Written.rows(0, 10), "append");
    try (Index index = Index.open(place)) {
      SlabBatchWrite write = batch(index, Map.of("path", place.toString()));
      var factory = write.createBatchWriterFactory(() -> 1);
      var message = commit(factory, Written.rows(5, 15));
      index.namespace().deleteAll();
      WriterCommitMessage[] messages = {message};
      assertThrows(ConflictException.class, () -> write.commit(messages));
      write.abort(messages);
      assertEquals(0, Written.records(place, "").size());
      List<String> operations = Written.operations(place);
      assertEquals(operations.get(3).replace("begin-", ""), operations.getLast());
    }
  }

  private static SlabBatchWrite batch(Index index, Map<String, String> options) {
    RowSchema schema = RowSchema.of(Written.rows(0, 1).schema(), index.describe());
    SlabOptions of = SlabOptions.of(new CaseInsensitiveStringMap(options));
    return new SlabBatchWrite(of, schema, false, "query");
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
      assertEquals(7, slabFiles(), "one says that an append began");
      index.namespace().collectGarbage(Duration.ZERO);
      index.namespace().collectGarbage(Duration.ZERO);
      assertEquals(5, slabFiles());
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
