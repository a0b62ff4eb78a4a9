package io.slab.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.error.NotFoundException;
import io.slab.model.Environment;
import io.slab.namespace.AsOf;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.PastStates;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.PlainSlabs;
import io.slab.snapshot.Snapshot;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.writer.Commit;
import io.slab.writer.NamespaceWriter;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * The log that an older manifest has not flushed stays as long as a reader may start from that
 * manifest: the states between the two are kept as well.
 */
class GcLogRetentionTest {
  private static final long HOUR = TimeUnit.HOURS.toMillis(1);

  private final AtomicLong clock = new AtomicLong(1_000 * HOUR);
  private final MemoryStore store = new MemoryStore(clock::get);

  private static long countAt(NamespaceHandle handle, long lsn) {
    try (Snapshot snapshot = new PastStates(handle).snapshot(AsOf.parse("lsn:" + lsn))) {
      return snapshot.count();
    }
  }

  @Test
  void aStateBetweenTwoManifestsIsReadableAsLongAsTheFirstIsKept() {
    Environment environment = new Environment(clock::get, new Random(1));
    try (NamespaceHandle handle =
            new NamespaceHandle(
                store, "ns", Oracle.SPEC, environment, new PlainSlabs(), Retry.NEVER);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      Commit one = writer.append(ScheduledNamespace.upserts(0, 3));
      writer.append(ScheduledNamespace.upserts(3, 5));
      writer.append(ScheduledNamespace.upserts(5, 6));
      clock.addAndGet(25 * HOUR);
      writer.flush();
      clock.addAndGet(2 * HOUR);
      GarbageCollector.of(handle).run(GcRequest.standard());
      assertEquals(3, countAt(handle, one.lastLsn()));

      clock.addAndGet(25 * HOUR);
      GarbageCollector.of(handle).run(GcRequest.standard());
      assertThrows(NotFoundException.class, () -> countAt(handle, one.lastLsn()));
    }
  }
}
