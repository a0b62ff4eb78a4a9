package io.slab.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cache.CacheFolder;
import io.slab.cache.CachingStore;
import io.slab.check.CheckLevel;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.gc.GcRequest;
import io.slab.index.SlabIndex;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.MemoryStore;
import io.slab.verify.Checker;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Readers of a backup prove that nothing came since they listed it; copies skip numbers. */
class WarmCopyTest {
  private static final Environment ENVIRONMENT = Environment.system();

  private final AtomicLong clock = new AtomicLong(1_000_000_000L);
  private final MemoryStore from = new MemoryStore(clock::get);
  private final MemoryStore to = new MemoryStore(clock::get);
  private int written;

  private void flush(int times) {
    try (SlabIndex index = SlabIndex.open(from, ENVIRONMENT);
        NamespaceWriter writer = index.writer("")) {
      for (int i = 0; i < times; i++) {
        float[] values = {written, 1};
        writer.append(
            List.of(
                new WriteOp.Upsert(
                    new VectorRecord("r" + written++, values, null, Metadata.EMPTY))));
        writer.flush();
      }
    }
  }

  private static long count(SlabIndex index) {
    try (Snapshot snapshot = index.snapshot("")) {
      return snapshot.count();
    }
  }

  private void copy() {
    new IndexCopy(from, to).run(new CopyRequest(null, 1, false, false), (name, done, all) -> {});
  }

  private static int settings(ObjectStore store) {
    return store.list("config/", null).size();
  }

  @Test
  void aReaderOfABackupSeesWhatALaterCopyBrings() {
    IndexSpec spec = new IndexSpec("i", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
    SlabIndex.create(from, spec, false, ENVIRONMENT).close();
    flush(1);
    copy();
    try (CachingStore store = new CachingStore(to, CacheFolder.none(), 4);
        SlabIndex backup = SlabIndex.open(store, ENVIRONMENT)) {
      assertEquals(1, count(backup));
      for (int night = 1; night < 4; night++) {
        flush(5);
        // The source's log begins late: not all of it can be copied.
        clock.addAndGet(3 * 3_600_000);
        try (SlabIndex index = SlabIndex.open(from, ENVIRONMENT)) {
          index.collector("").run(new GcRequest(0, 1, 1_000, false));
          for (int i = 0; i < 4; i++) {
            index.setDeletionProtection(i % 2 == 0);
          }
        }
        count(backup);
        // A reader that looks between any two numbers of the copy.
        ObjectStore watched =
            new FaultyStore(
                to,
                (call, operation, name) -> {
                  try {
                    count(backup);
                  } catch (MissingException e) {
                    // Between the manifest and the end of the log: it says so, and is not wrong.
                    assertTrue(e.getMessage().contains(".wal"), e.getMessage());
                  }
                  return FaultyStore.Fault.NONE;
                });
        new IndexCopy(from, watched)
            .run(new CopyRequest(null, 1, false, false), (name, done, all) -> {});
        assertEquals(written, count(backup), "night " + night);
        long lists = store.traffic().counts().lists();
        assertEquals(written, count(backup));
        assertEquals(lists, store.traffic().counts().lists());
      }
      assertTrue(settings(to) > 3);
      assertEquals("ok", Checker.index(to, CheckLevel.CHECKSUMS, "").status());
      SlabIndex.openAnyway(to, ENVIRONMENT).lifecycle().drop();
      assertThrows(NotFoundException.class, () -> count(backup));
    }
  }
}
