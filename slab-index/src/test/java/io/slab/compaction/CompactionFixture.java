package io.slab.compaction;

import io.slab.model.Environment;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.Seeds;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Namespaces that are compacted. Each handle is a process. */
abstract class CompactionFixture {
  final AtomicLong clock = new AtomicLong(1_000);
  long seeds = Seeds.of("CompactionIT");

  NamespaceHandle handle(ObjectStore store) {
    Environment environment = new Environment(clock::get, new SplittableRandom(seeds++));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new FormatSlabs(), new Retry(3, 0));
  }

  void assertFresh(Oracle oracle, ObjectStore store) {
    try (NamespaceHandle fresh = handle(store);
        Snapshot snapshot = fresh.snapshot()) {
      oracle.assertSame(snapshot);
    }
  }
}
