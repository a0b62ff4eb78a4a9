package io.slab.gc;

import static io.slab.gc.ScheduledNamespace.NAMES;
import static io.slab.gc.ScheduledNamespace.collector;
import static io.slab.gc.ScheduledNamespace.handle;
import static io.slab.gc.ScheduledNamespace.image;
import static io.slab.gc.ScheduledNamespace.store;
import static io.slab.gc.ScheduledNamespace.upserts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.CompactionRequest.Kind;
import io.slab.compaction.Compactor;
import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.StoreException;
import io.slab.manifest.ManifestLog;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.Ulid;
import io.slab.namespace.AsOf;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.PastStates;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.Retry;
import io.slab.testkit.Breadth;
import io.slab.testkit.MemoryStore;
import io.slab.writer.Checkpoints;
import io.slab.writer.NamespaceWriter;
import io.slab.writer.Restore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Checkpoints and restores beside collectors of zero age, flushes and compactions, each of which
 * may sleep for ever between any two calls: the production code. At every moment all is there that
 * the newest manifest and the checkpoints in it name.
 */
class CheckpointSchedulesIT {
  /** Of two suspensions so manieth places are tried for each of them. */
  private static final int EVERY = Breadth.of(25, 2);

  /**
   * @param slabs of so many of the oldest slabs; 0: of all
   */
  private static Schedules.Work compaction(long seed, int slabs) {
    return store -> {
      try (NamespaceHandle handle = handle(store, seed)) {
        List<Ulid> some = handle.newest().slabs().stream().limit(slabs).map(SlabEntry::id).toList();
        CompactionRequest request =
            slabs == 0
                ? CompactionRequest.full()
                : new CompactionRequest(Kind.SLABS, -1, some, Long.MAX_VALUE, Long.MAX_VALUE);
        Compactor.of(handle).run(request, () -> false, r -> {});
      } catch (ConflictException | StoreException | OutcomeUnknownException e) {
        // It gave up.
      }
    };
  }

  private static Schedules.Work flush(long seed, List<WriteOp> batch) {
    return store -> {
      try (NamespaceHandle handle = handle(store, seed);
          NamespaceWriter writer = new NamespaceWriter(handle)) {
        writer.append(batch);
        writer.flush();
      } catch (MissingException e) {
        // Compacted and collected twice meanwhile.
      }
    };
  }

  /** Three slabs of level 0, one record in the log only. */
  private static Oracle fill(MemoryStore store) {
    Oracle oracle = new Oracle();
    try (NamespaceHandle handle = handle(store, 1);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int i = 0; i < 2; i++) {
        List<WriteOp> batch = upserts(3 * i, 3 * i + 5);
        oracle.apply(batch);
        writer.append(batch);
        writer.flush();
      }
      oracle.apply(upserts(20, 21));
      writer.append(upserts(20, 21));
    }
    return oracle;
  }

  private static void report(long runs) {
    System.out.printf("%,d orders%n", runs);
    assertTrue(runs > 40, runs + " orders");
  }

  private static void holds(Oracle oracle, MemoryStore store, AsOf asOf) {
    try (NamespaceHandle handle = handle(store, 99);
        Snapshot snapshot =
            asOf == null ? handle.snapshot() : new PastStates(handle).snapshot(asOf)) {
      oracle.assertSame(snapshot);
    }
  }

  private static boolean holdsEither(Oracle one, Oracle other, MemoryStore store, AsOf asOf) {
    try {
      holds(one, store, asOf);
    } catch (AssertionError e) {
      holds(other, store, asOf);
      return false;
    }
    return true;
  }

  @Test
  void aCheckpointBesideCollectorsAndCompactionsKeepsWhatWasAcknowledgedBeforeIt() {
    MemoryStore first = MemoryStore.aging();
    Oracle oracle = fill(first);
    Map<String, byte[]> image = image(first);
    Schedules.Work create =
        store -> {
          try (NamespaceHandle handle = handle(store, 2)) {
            new Checkpoints(handle).create("kept", 0);
          } catch (StoreException | OutcomeUnknownException | MissingException e) {
            // A call of its own failed, or the namespace was compacted and collected meanwhile.
          }
        };
    Schedules schedules =
        new Schedules(
            () -> store(image),
            List.of(create, compaction(3, 0), collector(4)),
            true,
            false,
            ScheduledNamespace::allThere,
            store -> {
              holds(oracle, store, null);
              if (!new ManifestLog(store, NAMES, Retry.NEVER).newest().checkpoints().isEmpty()) {
                holds(oracle, store, AsOf.checkpoint("kept"));
              }
            });
    report(schedules.explore(1) + schedules.explore(2, EVERY));
  }

  @Test
  void aCheckpointBesideAFlushAndACollectorHasAllOfABatchOrNothing() {
    MemoryStore first = MemoryStore.aging();
    Oracle before = fill(first);
    Map<String, byte[]> image = image(first);
    Oracle after = before.copy();
    after.apply(upserts(4, 12));
    Schedules.Work create =
        store -> {
          try (NamespaceHandle handle = handle(store, 2)) {
            new Checkpoints(handle).create("kept", 0);
          } catch (MissingException e) {
            // Collected meanwhile.
          }
        };
    Schedules schedules =
        new Schedules(
            () -> store(image),
            List.of(create, flush(3, upserts(4, 12)), collector(4)),
            false,
            false,
            ScheduledNamespace::allThere,
            store -> {
              holds(after, store, null);
              holdsEither(before, after, store, AsOf.checkpoint("kept"));
            });
    report(schedules.explore(1) + schedules.explore(2, EVERY));
  }

  /** A writer's batch is replaced, or applied to what was restored; never half of it. */
  @Test
  void aRestoreBesideAWriterACompactionAndACollectorIsWhole() {
    MemoryStore first = MemoryStore.aging();
    Oracle then = fill(first);
    try (NamespaceHandle handle = handle(first, 5)) {
      new Checkpoints(handle).create("kept", 0);
    }
    flush(6, upserts(2, 9)).run(first);
    Map<String, byte[]> image = image(first);
    Oracle applied = then.copy();
    applied.apply(upserts(40, 44));
    AtomicReference<Boolean> restored = new AtomicReference<>();
    Schedules.Work restore =
        store -> {
          restored.set(false);
          try (NamespaceHandle handle = handle(store, 2)) {
            new Restore(handle).run(new PastStates(handle).find(AsOf.checkpoint("kept")));
            restored.set(true);
          } catch (StoreException | OutcomeUnknownException | NotFoundException e) {
            // Not restored, or perhaps.
            restored.set(null);
          }
        };
    Schedules schedules =
        new Schedules(
            () -> store(image),
            List.of(restore, flush(3, upserts(40, 44)), compaction(7, 2), collector(4)),
            false,
            false,
            ScheduledNamespace::allThere,
            store -> {
              assertEquals(Boolean.TRUE, restored.get());
              holdsEither(then, applied, store, null);
              holds(then, store, AsOf.checkpoint("kept"));
            });
    report(schedules.explore(1) + schedules.explore(2, EVERY));
  }
}
