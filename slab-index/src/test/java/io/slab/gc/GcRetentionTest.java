package io.slab.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.manifest.NumberedObjects;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.PlainSlabs;
import io.slab.store.ObjectInfo;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long gc keeps what it may take one day, to the millisecond. */
class GcRetentionTest {
  private static final long AGE = GcRequest.DEFAULT_MIN_AGE_MILLIS;
  private static final int SLABS = 3;

  private final AtomicLong clock = new AtomicLong(1_000_000);
  private final MemoryStore store = new MemoryStore(clock::get);
  private long seeds = 1;

  private NamespaceHandle handle() {
    Environment environment = new Environment(clock::get, new SplittableRandom(seeds++));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new PlainSlabs(), new Retry(1, 0));
  }

  private void fill() {
    try (NamespaceHandle handle = handle();
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int i = 0; i < SLABS; i++) {
        VectorRecord record = new VectorRecord("r" + i, new float[] {i, 1}, null, Metadata.EMPTY);
        writer.append(List.of(new WriteOp.Upsert(record)));
        writer.flush();
      }
    }
  }

  private void compact() {
    try (NamespaceHandle handle = handle()) {
      Compactor.of(handle).run(CompactionRequest.full(), () -> false, r -> {});
    }
  }

  private GcResult collect(GcRequest request) {
    try (NamespaceHandle handle = handle()) {
      return GarbageCollector.of(handle).run(request);
    }
  }

  private TreeSet<String> slabs() {
    TreeSet<String> names = new TreeSet<>();
    store.list("ns/ns/slabs/", null).stream().map(ObjectInfo::name).forEach(names::add);
    return names;
  }

  @Test
  void theMinimumAgeIsADay() {
    assertEquals(24 * 60 * 60 * 1000, AGE);
    assertEquals(AGE, GcRequest.standard().minAgeMillis());
    assertEquals(1, GcRequest.standard().keepManifests());
  }

  /**
   * The replaced slabs are long old enough; a reader that began just before the compaction still
   * reads them for a day.
   */
  @Test
  void whatAnOlderManifestNamesStaysForReadersThatMayHaveBegunWithIt() {
    fill();
    clock.addAndGet(3 * AGE);
    TreeSet<String> replaced = slabs();
    compact();
    for (long later : new long[] {0, AGE / 2, AGE / 2 - 1}) {
      clock.addAndGet(later);
      collect(GcRequest.standard());
      assertTrue(slabs().containsAll(replaced), "after " + later);
    }
    clock.addAndGet(1);
    collect(GcRequest.standard());
    assertEquals(1, slabs().size(), "a day after the compaction");
  }

  /** Nothing names the file: its own age alone decides. */
  @Test
  void whatNoManifestNamesStaysUntilItIsOldEnough() {
    fill();
    String stray = "ns/ns/slabs/01ARZ3NDEKTSV4RRFFQ69G5FAV.slab";
    store.create(stray, store.read(slabs().first(), Integer.MAX_VALUE));
    clock.addAndGet(AGE - 1);
    collect(GcRequest.standard());
    assertTrue(slabs().contains(stray));
    clock.addAndGet(1);
    collect(GcRequest.standard());
    assertEquals(SLABS, slabs().size());
  }

  /** With each minimum age: readers conclude from it that a number was never there. */
  @Test
  void numberedObjectsStayUntilTheyAndTheirSuccessorsAreAnHourOld() {
    GcRequest zeroAge = new GcRequest(0, 1, Integer.MAX_VALUE, false);
    fill();
    long hour = NumberedObjects.KEPT_MILLIS;
    clock.addAndGet(2 * hour);
    try (NamespaceHandle handle = handle();
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      VectorRecord record = new VectorRecord("late", new float[] {1, 1}, null, Metadata.EMPTY);
      writer.append(List.of(new WriteOp.Upsert(record)));
      writer.flush();
    }
    long logs = SLABS + 2;
    long manifests = SLABS + 2;
    clock.addAndGet(hour - 1);
    collect(zeroAge);
    // The last old one of each has a young successor.
    assertEquals(List.of(logs - 2, logs - 1), numbers("wal"));
    assertEquals(List.of(manifests - 1, manifests), numbers("manifest"));
    clock.addAndGet(1);
    collect(zeroAge);
    assertEquals(List.of(logs - 1), numbers("wal"));
    // Gc committed nothing, as no slab went.
    assertEquals(List.of(manifests), numbers("manifest"));
  }

  private List<Long> numbers(String folder) {
    return store.list("ns/ns/" + folder + "/", null).stream()
        .map(object -> Long.parseLong(object.fileName().substring(0, 20)))
        .toList();
  }

  /** So many of the newest manifests stay readable with all they name, at any age. */
  @Test
  void theNewestManifestsThatWereAskedForStayWithTheirSlabs() {
    fill();
    TreeSet<String> replaced = slabs();
    compact();
    clock.addAndGet(10 * AGE);
    collect(new GcRequest(AGE, 2, Integer.MAX_VALUE, false));
    assertTrue(slabs().containsAll(replaced));
    collect(GcRequest.standard());
    assertEquals(1, slabs().size());
  }
}
