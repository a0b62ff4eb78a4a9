package io.slab.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.manifest.NamespaceNames;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.PlainSlabs;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.Breadth;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.Test;

/**
 * The commits of the log and of manifests, as the production code makes them, in every order of its
 * calls to the store: writers that may sleep between any two calls, and whose calls may fail
 * without effect, with it, or with an effect that comes late, beside flushes and collectors of zero
 * age. In the end each acknowledged write is there exactly once, a refused one not at all.
 */
class CommitSchedulesIT {
  /** How many times a process is suspended or a call fails. */
  private static final int TURNS = Breadth.of(3, 4);

  private static final NamespaceNames NAMES = new NamespaceNames("ns");

  /** What a writer was told. */
  private enum Told {
    WRITTEN,
    NOT_WRITTEN,
    NOT_KNOWN
  }

  /** Of the run that is under way. */
  private final Map<String, Told> told = new ConcurrentSkipListMap<>();

  private static NamespaceHandle handle(ObjectStore store, long seed) {
    Environment environment = new Environment(() -> 1_000L, new SplittableRandom(seed));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new PlainSlabs(), new Retry(1, 0));
  }

  private static List<WriteOp> upsert(String id) {
    return List.of(
        new WriteOp.Upsert(new VectorRecord(id, new float[] {1, 2}, null, Metadata.EMPTY)));
  }

  /** A namespace with one flushed object of the log, so that gc has names to free. */
  private static Map<String, byte[]> image() {
    MemoryStore store = MemoryStore.aging();
    try (NamespaceHandle handle = handle(store, 1);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      new NamespaceAdmin(handle).create();
      writer.append(upsert("first"));
      writer.flush();
    }
    Map<String, byte[]> image = new LinkedHashMap<>();
    for (String folder :
        List.of(
            NAMES.slabFolder(), NAMES.deletesFolder(), NAMES.walFolder(), NAMES.manifestFolder())) {
      store.list(folder, null).forEach(o -> image.put(o.name(), store.read(o.name(), o.size())));
    }
    return image;
  }

  private MemoryStore begin(Map<String, byte[]> image) {
    told.clear();
    MemoryStore store = MemoryStore.aging();
    image.forEach(store::create);
    return store;
  }

  /** Writes one record. */
  private Schedules.Work writer(long seed) {
    return store -> {
      try (NamespaceHandle handle = handle(store, seed)) {
        write(handle, "w" + seed);
      }
    };
  }

  /** Writes two records, one after the other, and leaves as few files as it can. */
  private Schedules.Work busyWriter(long seed) {
    return store -> {
      try (NamespaceHandle handle = handle(store, seed)) {
        write(handle, "w" + seed);
        write(handle, "w" + seed + "-again");
        try (NamespaceWriter writer = new NamespaceWriter(handle)) {
          writer.flush();
        }
        GarbageCollector.of(handle).run(new GcRequest(0, 1, 1_000, false));
      } catch (SlabException e) {
        // A call of its flush or gc failed: what it did up to then must not have harmed others.
      }
    };
  }

  /** Remembers what it was told. */
  private void write(NamespaceHandle handle, String id) {
    try (NamespaceWriter writer = new NamespaceWriter(handle)) {
      told.put(id, Told.NOT_KNOWN);
      writer.append(upsert(id));
      told.put(id, Told.WRITTEN);
    } catch (OutcomeUnknownException e) {
      told.put(id, Told.NOT_KNOWN);
    } catch (StoreException | ConflictException | MissingException e) {
      // The last one: it slept while all that it had read was collected.
      told.put(id, Told.NOT_WRITTEN);
    }
  }

  private void eachOnce(MemoryStore store) {
    try (NamespaceHandle handle = handle(store, 99);
        Snapshot snapshot = handle.snapshot()) {
      Map<String, Integer> there = new TreeMap<>();
      told.forEach((id, answer) -> there.put(id, snapshot.find(id) == null ? 0 : 1));
      int written = 1;
      for (Map.Entry<String, Told> each : told.entrySet()) {
        int found = there.get(each.getKey());
        switch (each.getValue()) {
          case WRITTEN -> assertEquals(1, found, "lost: " + each.getKey());
          case NOT_WRITTEN -> assertEquals(0, found, "written after all: " + each.getKey());
          case NOT_KNOWN -> {}
        }
        written += found;
      }
      // Each object of the log holds one write, so one that is applied twice takes two numbers.
      assertEquals(written, snapshot.walApplied(), told + " of which are there " + there);
      assertEquals(written, snapshot.count());
    }
  }

  private void explore(
      String what, int turns, boolean faults, boolean late, List<Schedules.Work> works) {
    Map<String, byte[]> image = image();
    long start = System.nanoTime();
    Schedules schedules =
        new Schedules(() -> begin(image), works, faults, late, any -> {}, this::eachOnce);
    long runs = schedules.explore(turns);
    System.out.printf(
        "%s: %,d orders with up to %d turns in %d ms%n",
        what, runs, turns, (System.nanoTime() - start) / 1_000_000);
    assertTrue(runs > 40);
  }

  @Test
  void aWriterThatSleepsBesideOneThatFlushesAndCollects() {
    explore("a sleeper", TURNS, false, false, List.of(writer(2), busyWriter(3)));
  }

  @Test
  void theSameWhereCallsFail() {
    // One fewer: where calls fail there are many more orders.
    explore("a sleeper and failures", TURNS - 1, true, false, List.of(writer(2), busyWriter(3)));
  }

  @Test
  void twoWritersWhoseRequestsLandLate() {
    explore(
        "two writers whose requests land late", TURNS, true, true, List.of(writer(2), writer(3)));
  }
}
