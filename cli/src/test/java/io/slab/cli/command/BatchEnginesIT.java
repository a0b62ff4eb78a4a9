package io.slab.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.error.CancellationToken;
import io.slab.index.SlabIndex;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.query.SnapshotSource;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.testkit.Seeds;
import io.slab.vector.Kernels;
import io.slab.vector.Workload;
import io.slab.writer.NamespaceWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch begins with plain loops, goes over to vector instructions, and answers the same. */
class BatchEnginesIT {
  private static final int DIMENSION = 64;
  private static final int ROWS = 8_000;

  @TempDir Path folder;

  private static float[] vector(Random random) {
    float[] values = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      values[i] = (i % 7 == 0 ? 3 * random.nextInt(3) : 0) + (float) random.nextGaussian();
    }
    return values;
  }

  private SlabIndex index(Random random) {
    IndexSpec spec = new IndexSpec("t", DIMENSION, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
    SlabIndex index = SlabIndex.create(new LocalStore(folder), spec, false, Environment.system());
    try (NamespaceWriter writer = index.writer("")) {
      for (int at = 0; at < ROWS; ) {
        List<WriteOp> batch = new ArrayList<>();
        for (; batch.size() < 1000; at++) {
          String id = String.format("r%06d", at);
          batch.add(
              new WriteOp.Upsert(
                  new VectorRecord(id, vector(random), null, Metadata.of(Map.of()))));
        }
        writer.append(batch);
      }
      writer.flush();
      index.compactor("").run(CompactionRequest.full(), () -> false, result -> {});
    }
    return index;
  }

  private static List<QueryRequest> requests(Random random, int count, double recall) {
    List<QueryRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(new QueryRequest(vector(random), null, null, 10, false, false, recall));
    }
    return requests;
  }

  @Test
  void theSameAnswersBeforeAndAfterTheChange() {
    assumeTrue(Kernels.vectorAvailable(), "skipped: this process has no vector module");
    long seed = Seeds.of("BatchEnginesIT.theSameAnswersBeforeAndAfterTheChange");
    Random random = new Random(seed);
    try (SlabIndex index = index(random);
        Snapshot snapshot = index.snapshot("");
        QueryEngine alone = new QueryEngine(index.spec(), 1, Workload.ONE_SHOT)) {
      assertTrue(
          snapshot.slabs().stream().noneMatch(s -> s.entry().algorithm().equals("exact")),
          "an index was built");
      List<QueryRequest> requests = requests(random, 64, 0.95);
      List<QueryResult> wanted = alone.batch(SnapshotSource.of(snapshot), requests);
      List<String> kernels = new ArrayList<>();
      try (BatchEngines engines = new BatchEngines(index, 2, 1)) {
        assertTrue(engines.mayChange());
        // Far more than compilers take, also on a busy machine.
        long end = System.nanoTime() + 180_000_000_000L;
        for (int more = 3; more > 0 && System.nanoTime() < end; ) {
          List<QueryResult> found = engines.answer(snapshot, "", requests, CancellationToken.NONE);
          kernels.add(found.getFirst().profile().kernel());
          for (int i = 0; i < found.size(); i++) {
            assertEquals(wanted.get(i).matches(), found.get(i).matches());
          }
          more -= engines.mayChange() ? 0 : 1;
        }
      }
      assertEquals("scalar", kernels.getFirst(), "plain loops answer first");
      assertEquals("vector", kernels.getLast(), "vector instructions answer in the end");
    }
  }

  @Test
  void scansTakeVectorInstructionsAtOnce() {
    assumeTrue(Kernels.vectorAvailable(), "skipped: this process has no vector module");
    Random random = new Random(3);
    try (SlabIndex index = index(random);
        Snapshot snapshot = index.snapshot("");
        BatchEngines engines = new BatchEngines(index, 1)) {
      List<QueryResult> found =
          engines.answer(snapshot, "", requests(random, 3, 1), CancellationToken.NONE);
      assertEquals("vector", found.getFirst().profile().kernel());
    }
  }

  /** A short batch is over before a compiler has paid for itself. */
  @Test
  void fewQueriesPrepareNothing() {
    assumeTrue(Kernels.vectorAvailable(), "skipped: this process has no vector module");
    Random random = new Random(5);
    try (SlabIndex index = index(random);
        Snapshot snapshot = index.snapshot("");
        BatchEngines engines = new BatchEngines(index, 1, Long.MAX_VALUE)) {
      engines.answer(snapshot, "", requests(random, 3, 0.95), CancellationToken.NONE);
      engines.answer(snapshot, "", requests(random, 3, 0.95), CancellationToken.NONE);
      assertTrue(
          Thread.getAllStackTraces().keySet().stream()
              .noneMatch(thread -> thread.getName().equals("slab-warm")));
    }
  }

  /** A caller that closes at once waits for one query at most, and leaves no thread behind. */
  @Test
  void itCanBeClosedWhileItWarms() {
    assumeTrue(Kernels.vectorAvailable(), "skipped: this process has no vector module");
    Random random = new Random(4);
    try (SlabIndex index = index(random);
        Snapshot snapshot = index.snapshot("")) {
      BatchEngines engines = new BatchEngines(index, 1, 0);
      engines.answer(snapshot, "", requests(random, 1, 0.95), CancellationToken.NONE);
      Thread.currentThread().interrupt();
      engines.close();
      assertTrue(Thread.interrupted(), "the interrupt is passed on");
      assertTrue(
          Thread.getAllStackTraces().keySet().stream()
              .noneMatch(thread -> thread.getName().equals("slab-warm")));
    }
  }
}
