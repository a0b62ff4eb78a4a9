package io.slab.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.filter.FilterParser;
import io.slab.index.SlabIndex;
import io.slab.model.Environment;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.query.SnapshotSource;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.store.Traffic;
import io.slab.testkit.DistantStore;
import io.slab.vector.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many dependent rounds things take: a number that does not depend on the latency. */
class RoundsIT {
  @TempDir Path folder;

  private final Random random = new Random(11);
  private final float[][] centres = RemoteIndex.centres(random);

  private interface Work {
    void run(SlabIndex index, Snapshot snapshot);
  }

  private Traffic.Counts cost(CacheFolder cache, Work work) {
    CachingStore store =
        new CachingStore(
            new DistantStore(new LocalStore(folder.resolve("data")), 1, 0),
            cache,
            CachingStore.DEFAULT_PARALLEL);
    Traffic.Counts before = store.traffic().counts();
    Environment environment = new Environment(() -> 1_000L, new SplittableRandom(1));
    try (store;
        SlabIndex index = SlabIndex.open(store, environment, "");
        Snapshot snapshot = index.snapshot("")) {
      work.run(index, snapshot);
    }
    return store.traffic().counts().since(before);
  }

  private QueryResult query(SlabIndex index, Snapshot snapshot, String filter, double recall) {
    VectorRecord like = RemoteIndex.record(new Random(5), VectorType.DENSE, centres, 0);
    try (QueryEngine engine = new QueryEngine(index.spec(), 2, Workload.ONE_SHOT)) {
      return engine.query(
          SnapshotSource.of(snapshot),
          new QueryRequest(
              like.values(),
              null,
              filter == null ? null : FilterParser.parse(filter),
              5,
              false,
              false,
              recall));
    }
  }

  private static void assertAtMost(int rounds, Traffic.Counts counts) {
    assertTrue(counts.rounds() <= rounds, () -> "more than " + rounds + " rounds: " + counts);
  }

  @Test
  void roundsOfAnIndexWithLogDeletionsAndTwoSlabs() {
    RemoteIndex.build(folder.resolve("data"), Metric.EUCLIDEAN, VectorType.DENSE, random, centres);
    CacheFolder cache = new CacheFolder(folder.resolve("cache"), CacheFolder.DEFAULT_SIZE);
    // Listings and index.json; manifest; log and hot tails; ids that the log replaces.
    assertAtMost(5, cost(CacheFolder.none(), (index, snapshot) -> {}));
    Work near = (index, snapshot) -> query(index, snapshot, null, 0.9);
    // The same, cells, lists, rows, and what the estimates did not foresee.
    assertAtMost(9, cost(cache, near));
    Traffic.Counts warm = cost(cache, near);
    assertEquals(1, warm.rounds(), () -> "index.json and what is not there: " + warm);
    // index.json, and the next number of the settings, manifests and log.
    assertEquals(4, warm.requests());
    assertEquals(0, warm.lists());
    Work filtered = (index, snapshot) -> query(index, snapshot, "{\"lot\":{\"$lt\":700}}", 0.9);
    assertAtMost(12, cost(CacheFolder.none(), filtered));
    Work exact = (index, snapshot) -> query(index, snapshot, null, 1);
    assertAtMost(9, cost(CacheFolder.none(), exact));
    Work fetch =
        (index, snapshot) -> {
          List<String> ids = List.of("r000001", "r002000", "r004000", "r007999", "r000500");
          snapshot.findAhead(ids);
          ids.forEach(snapshot::find);
        };
    assertAtMost(8, cost(CacheFolder.none(), fetch));
  }
}
