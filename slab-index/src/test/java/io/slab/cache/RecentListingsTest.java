package io.slab.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.index.SlabIndex;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.snapshot.Snapshot;
import io.slab.store.Listing;
import io.slab.store.ObjectStore;
import io.slab.testkit.DistantStore;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For how long, and of what, an earlier listing counts. */
class RecentListingsTest {
  private static final Environment ENVIRONMENT = Environment.system();
  private static final long HALF_HOUR = 1_800_000;

  private final AtomicLong clock = new AtomicLong(1_000_000_000L);
  private final MemoryStore memory = new MemoryStore(clock::get);

  @TempDir Path folder;

  @BeforeEach
  void fill() {
    IndexSpec spec = new IndexSpec("i", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
    SlabIndex.create(memory, spec, false, ENVIRONMENT).close();
    try (SlabIndex index = SlabIndex.open(memory, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      writer.append(
          List.of(
              new WriteOp.Upsert(new VectorRecord("a", new float[] {1, 2}, null, Metadata.EMPTY))));
    }
  }

  /** Listings that a command makes which reads everything. */
  private long command(ObjectStore far) {
    CachingStore store = new CachingStore(far, new CacheFolder(folder, 1 << 30), 4);
    try (store;
        SlabIndex index = SlabIndex.open(store, ENVIRONMENT, "");
        Snapshot snapshot = index.snapshot("")) {
      assertEquals(1, snapshot.count());
    }
    return store.traffic().counts().lists();
  }

  @Test
  void aListingCountsForHalfAnHourByTheStoresClock() {
    assertEquals(3, command(memory));
    assertEquals(0, command(memory));
    clock.addAndGet(HALF_HOUR - 1);
    assertEquals(0, command(memory));
    clock.addAndGet(1);
    assertEquals(3, command(memory), "what was proved meanwhile made it no younger");
    assertEquals(0, command(memory));
  }

  @Test
  void aClockThatGoesBackProvesNothing() {
    assertEquals(3, command(memory));
    clock.addAndGet(-1);
    assertEquals(3, command(memory));
  }

  @Test
  void aStoreWithoutTimesIsListed() {
    ObjectStore undated =
        new DistantStore(memory, 0, 0) {
          @Override
          public Listing listing(String name, String startAfter) {
            return new Listing(list(name, startAfter), Listing.UNDATED);
          }
        };
    assertEquals(3, command(undated));
    assertEquals(3, command(undated));
  }

  @Test
  void whatTheFolderKeepsOfAnotherIndexOrDamagedIsNothing() throws IOException {
    assertEquals(3, command(memory));
    byte[] index = memory.read("index.json", 1 << 20);
    memory.delete("index.json");
    // The same to every reader, and another file.
    String text = new String(index, java.nio.charset.StandardCharsets.UTF_8);
    memory.create("index.json", changed(text));
    assertEquals(3, command(memory));
    assertEquals(0, command(memory));
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length > 0) {
          bytes[bytes.length / 2] ^= 4;
          Files.write(file, bytes);
        }
      }
    }
    assertEquals(3, command(memory));
  }

  /** The name is another one, and the checksum right. */
  private static byte[] changed(String json) {
    MemoryStore other = new MemoryStore();
    IndexSpec spec = new IndexSpec("j", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
    SlabIndex.create(other, spec, false, ENVIRONMENT).close();
    assertEquals(true, json.contains("\"i\""));
    return other.read("index.json", 1 << 20);
  }
}
