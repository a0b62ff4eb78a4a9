package io.slab.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.format.SlabInput;
import io.slab.index.SlabIndex;
import io.slab.manifest.SnapshotPart;
import io.slab.manifest.SnapshotPartJson;
import io.slab.model.Environment;
import io.slab.model.Metric;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.namespace.PartRows;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.store.Traffic;
import io.slab.testkit.DistantStore;
import java.nio.file.Path;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of a snapshot that are read from afar: the same records, in few requests. */
class RemoteScanIT {
  @TempDir static Path folder;

  @BeforeAll
  static void build() {
    Random random = new Random(5);
    float[][] centres = RemoteIndex.centres(random);
    RemoteIndex.build(folder, Metric.DOTPRODUCT, VectorType.HYBRID, random, centres);
  }

  private SlabIndex open(CachingStore store) {
    return SlabIndex.open(store, new Environment(() -> 1_000L, new SplittableRandom(1)), "");
  }

  private CachingStore store() {
    return new CachingStore(
        new DistantStore(new LocalStore(folder), 0, 0),
        CacheFolder.none(),
        CachingStore.DEFAULT_PARALLEL);
  }

  @Test
  void partsAreFetchedManyRowsAtOnce() {
    CachingStore afar = store();
    try (SlabIndex near = open(store());
        SlabIndex index = open(afar);
        Snapshot snapshot = near.snapshot("")) {
      Traffic.Counts before = afar.traffic().counts();
      long rows = 0;
      for (SnapshotPart part : PartRows.of(snapshot)) {
        SnapshotPart sent = SnapshotPartJson.decode(SnapshotPartJson.encode(part));
        try (SlabInput.Cursor scan = index.parts("").open(sent)) {
          for (; scan.next(); rows++) {
            if (rows % 97 == 0) {
              assertSame(snapshot.find(Utf8.string(scan.id())), scan);
            }
            scan.values();
            scan.metadata();
            scan.sparse();
          }
        }
      }
      assertEquals(snapshot.count(), rows);
      Traffic.Counts counts = afar.traffic().counts().since(before);
      assertTrue(counts.requests() < rows / 50, () -> "too many requests: " + counts);
    }
  }

  private static void assertSame(VectorRecord record, SlabInput.Cursor row) {
    assertArrayEquals(record.values(), row.values());
    assertArrayEquals(record.sparse().indices(), row.sparse().indices());
    assertArrayEquals(record.sparse().weights(), row.sparse().weights());
    assertEquals(record.metadata(), row.metadata());
  }

  @Test
  void freshnessCostsListingsOnly() {
    CachingStore afar = store();
    try (SlabIndex index = open(afar);
        Snapshot snapshot = index.snapshot("")) {
      Traffic.Counts before = afar.traffic().counts();
      assertFalse(index.freshness("").changedSince(snapshot));
      Traffic.Counts counts = afar.traffic().counts().since(before);
      // Manifests and log; beside them index.json and the settings.
      assertTrue(counts.requests() <= 4 && counts.rounds() <= 2, counts::toString);
    }
  }
}
