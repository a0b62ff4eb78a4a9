package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cache.CacheFolder;
import io.slab.cache.CachingStore;
import io.slab.compaction.CompactionRequest;
import io.slab.error.NotFoundException;
import io.slab.error.SlabException;
import io.slab.gc.GcRequest;
import io.slab.gc.Schedules;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.PlainSlabs;
import io.slab.snapshot.Snapshot;
import io.slab.store.ByteSource;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.Breadth;
import io.slab.testkit.DistantStore;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * A reader that proves from an earlier listing that nothing came since (spec/index.md, R-12),
 * beside writers, collectors of zero age and a drop, each of which may sleep between any two calls,
 * while the store's clock goes on: the production code, in every order of its calls. What was
 * acknowledged before the reader began is in what it reads.
 */
class WarmReaderSchedulesIT {
  /** How many times a process is suspended or a call fails. */
  private static final int TURNS = 2;

  /** At every so manieth call. */
  private static final int EVERY = Breadth.of(9, 1);

  private static final IndexSpec NEXT =
      new IndexSpec(
          "next",
          Oracle.SPEC.dimension(),
          Oracle.SPEC.metric(),
          Oracle.SPEC.vectorType(),
          Oracle.SPEC.schema(),
          1);
  private static final long TICK = 25 * 60_000L;

  private AtomicLong clock = new AtomicLong();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private volatile boolean dropped;
  private boolean mayBeGone;
  private long warm;

  private static Environment environment(long seed) {
    return new Environment(() -> 1_000L, new SplittableRandom(seed));
  }

  private static SlabIndex open(ObjectStore store, long seed) {
    return SlabIndex.open(store, environment(seed), new PlainSlabs(), new Retry(1, 0));
  }

  /** The cache of a reader over a network, of which no call is made beside another one. */
  private static final class Reader extends DistantStore {
    private final CachingStore caching;
    private final ObjectStore direct;

    Reader(ObjectStore store) {
      this(store, new CachingStore(store, CacheFolder.none(), 4));
    }

    private Reader(ObjectStore store, CachingStore caching) {
      super(caching, 0, 0);
      this.direct = store;
      this.caching = caching;
    }

    @Override
    public List<ObjectInfo> listToRead(String folder, String startAfter) {
      return caching.listToRead(folder, startAfter);
    }

    @Override
    public ByteSource open(String name) {
      return direct.open(name);
    }

    @Override
    public ByteSource open(String name, long length) {
      return direct.open(name);
    }

    long listings() {
      return caching.traffic().counts().lists();
    }
  }

  /** An index with one record in a slab. */
  private MemoryStore begin() {
    clock = new AtomicLong(1_000_000_000L);
    begun.set(0);
    acknowledged.set(0);
    dropped = false;
    MemoryStore store = new MemoryStore(clock::get);
    SlabIndex.create(store, Oracle.SPEC, false, environment(1), new PlainSlabs(), new Retry(1, 0))
        .close();
    try (SlabIndex index = open(store, 2);
        NamespaceWriter writer = index.writer("")) {
      write(writer);
      writer.flush();
    }
    return store;
  }

  private void write(NamespaceWriter writer) {
    int number = begun.incrementAndGet();
    VectorRecord record =
        new VectorRecord("r" + number, new float[] {number, 1}, null, Metadata.EMPTY);
    writer.append(List.of(new WriteOp.Upsert(record)));
    acknowledged.incrementAndGet();
  }

  /** Two records, each flushed: two log objects and two manifests. */
  private Schedules.Work writer(long seed) {
    return store -> {
      try (SlabIndex index = open(store, seed);
          NamespaceWriter writer = index.writer("")) {
        write(writer);
        writer.flush();
        write(writer);
        writer.flush();
      } catch (SlabException e) {
        // A call of its own failed, or the index is gone.
      }
    };
  }

  private void pass(ObjectStore store) {
    List<String> unused = store.listFolders("time/");
    clock.addAndGet(TICK);
  }

  private Schedules.Work collector(int keepManifests) {
    return store -> {
      try (SlabIndex index = open(store, 4)) {
        for (int i = 0; i < 3; i++) {
          pass(store);
          index.collector("").run(new GcRequest(0, keepManifests, 1_000, false));
        }
        index.compactor("").run(CompactionRequest.full(), () -> false, r -> {});
      } catch (SlabException e) {
        // A call of its own failed, or the index is gone.
      }
    };
  }

  /** Deletes every number but the last, of any age. */
  private Schedules.Work carelessCollector() {
    return store -> {
      pass(store);
      for (String folder : List.of("ns/__default__/manifest/", "ns/__default__/wal/")) {
        List<ObjectInfo> objects = store.list(folder, null);
        objects.subList(0, objects.size() - 1).forEach(object -> store.delete(object.name()));
      }
    };
  }

  private Schedules.Work reader(int times) {
    return store -> {
      Reader reader = new Reader(store);
      try (SlabIndex index = open(reader, 5)) {
        for (int i = 0; i < times && !index.spec().name().equals(NEXT.name()); i++) {
          read(reader, index);
        }
      } catch (NotFoundException e) {
        assertTrue(mayBeGone, e.getMessage());
      }
    };
  }

  private void read(Reader reader, SlabIndex index) {
    boolean gone = dropped;
    int least = acknowledged.get();
    long before = reader.listings();
    long count;
    try (Snapshot snapshot = index.snapshot("")) {
      count = snapshot.count();
    } catch (NotFoundException e) {
      throw e;
    } catch (SlabException e) {
      return; // It says that it could not read.
    }
    warm += reader.listings() == before ? 1 : 0;
    assertTrue(!gone, "read after the drop");
    assertTrue(
        count >= least && count <= begun.get(),
        count + " records, acknowledged " + least + ", begun " + begun);
  }

  private void explore(String what, boolean faults, boolean late, Schedules.Work... works) {
    explore(what, EVERY, faults, late, works);
  }

  private void explore(
      String what, int every, boolean faults, boolean late, Schedules.Work... works) {
    long start = System.nanoTime();
    warm = 0;
    long runs =
        new Schedules(this::begin, List.of(works), faults, late, store -> {}, store -> {})
            .explore(TURNS, every);
    System.out.printf(
        "a warm reader beside %s: %,d orders with up to %d turns, %,d reads without a listing, in"
            + " %d ms%n",
        what, runs, TURNS, warm, (System.nanoTime() - start) / 1_000_000);
    assertTrue(runs > 20 && warm > 5, runs + " orders, " + warm + " warm reads");
  }

  @Test
  void whatWasAcknowledgedIsRead() {
    explore("a writer and gc", false, false, writer(3), collector(1), reader(3));
  }

  @Test
  void whatWasAcknowledgedIsReadWhereManifestsAreKeptAndDeletesFail() {
    explore("failures", true, false, writer(3), collector(2), reader(2));
  }

  @Test
  void whatWasAcknowledgedIsReadWhereCreatesLandLate() {
    explore("late creates", true, true, writer(3), writer(8), reader(2));
  }

  @Test
  void nothingIsReadOfADroppedIndexNorOfTheNextOneAtItsPlace() {
    mayBeGone = true;
    Schedules.Work drop =
        store -> {
          SlabIndex index = open(store, 6);
          index.lifecycle().drop();
          dropped = true;
          assertTrue(index.lifecycle().remove(RemovalRequest.NOW, object -> {}));
          SlabIndex.create(store, NEXT, false, environment(7), new PlainSlabs(), new Retry(1, 0))
              .close();
        };
    explore("a drop", false, false, writer(3), drop, reader(3));
  }

  /** That the exploration finds what the rule is for. */
  @Test
  void aCollectorThatTakesYoungNumbersIsFoundOut() {
    AssertionError e =
        assertThrows(
            AssertionError.class,
            () -> explore("no rule", 1, false, false, writer(3), carelessCollector(), reader(2)));
    assertTrue(e.getCause().getMessage().contains("acknowledged"), e.getCause().getMessage());
  }
}
