package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.NotFoundException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.SlabException;
import io.slab.manifest.NamespaceNames;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.NamespaceSeal;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.ProvedRecords;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.FaultyStore.Operation;
import io.slab.testkit.MemoryStore;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Bulk loads that crash, that fail, and that others disturb, at any call. */
class BulkLoadFaultsIT extends BulkLoadFixture {
  /** At every point at which the process may die: all rows are there or none, and work goes on. */
  @Test
  void aCrashAtAnyCallShowsAllRowsOrNone() {
    ListRows rows = rows(40);
    Oracle all = holding(rows);
    int completed = 0;
    for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
      for (long at = 0; at < 40; at++) {
        long crashing = at;
        MemoryStore memory = new MemoryStore();
        FaultyStore faulty =
            new FaultyStore(memory, (call, op, name) -> call == crashing ? fault : Fault.NONE);
        boolean acknowledged = false;
        try {
          acknowledged = load(handle(faulty), rows) != null;
          completed++;
        } catch (FaultyStore.Crash e) {
          // The process is gone; what it left on the store is all there is.
        }
        assertAllOrNone(all, acknowledged, memory);
        try (NamespaceHandle next = handle(memory)) {
          boolean there = count(memory) > 0;
          assertEquals(there, load(next, rows) == null, "the next run loads what is not there");
        }
        assertFresh(all, memory);
      }
    }
    assertTrue(completed > 0, "the calls of a whole run were not covered");
  }

  private long count(ObjectStore store) {
    try (NamespaceHandle fresh = handle(store);
        Snapshot snapshot = fresh.snapshot()) {
      return snapshot.count();
    }
  }

  private void assertAllOrNone(Oracle all, boolean acknowledged, ObjectStore store) {
    assertFresh(acknowledged || count(store) > 0 ? all : new Oracle(), store);
  }

  @Test
  void aFailureOfAnyCallIsSortedOutOrReported() {
    ListRows rows = rows(40);
    Oracle all = holding(rows);
    for (boolean stays : new boolean[] {false, true}) {
      for (Fault fault : List.of(Fault.BEFORE, Fault.AFTER)) {
        for (long at = 0; at < 40; at++) {
          long first = at;
          MemoryStore memory = new MemoryStore();
          FaultyStore faulty =
              new FaultyStore(
                  memory,
                  (call, op, name) ->
                      call == first || (stays && call > first) ? fault : Fault.NONE);
          boolean acknowledged = false;
          boolean unknown = false;
          try (NamespaceHandle handle = handle(faulty)) {
            acknowledged = load(handle, rows) != null;
          } catch (OutcomeUnknownException e) {
            unknown = true;
          } catch (SlabException e) {
            // Not in, as the contract says.
          }
          if (unknown) {
            assertAllOrNone(all, false, memory);
          } else {
            assertFresh(acknowledged ? all : new Oracle(), memory);
          }
        }
      }
    }
  }

  /** Another process acts just before a given call of the load, for each call. */
  @Test
  void whoeverActsInBetweenLosesNothing() {
    for (int act = 0; act < 7; act++) {
      for (long at = 0; at < 40; at++) {
        between(act, at);
      }
    }
  }

  private void between(int act, long at) {
    MemoryStore memory = new MemoryStore();
    ListRows rows = rows(40);
    List<WriteOp> mine =
        List.of(
            new WriteOp.Upsert(new VectorRecord("r007", new float[] {-1, 5}, null, Metadata.EMPTY)),
            new WriteOp.Upsert(new VectorRecord("z", new float[] {-2, 5}, null, Metadata.EMPTY)));
    NamespaceHandle other = handle(memory);
    NamespaceWriter writer = new NamespaceWriter(other);
    boolean[] acted = {false};
    FaultyStore watched =
        new FaultyStore(
            memory,
            (call, op, name) -> {
              if (call == at && op != Operation.DELETE) {
                acted[0] = true;
                act(act, other, writer, mine);
              }
              return Fault.NONE;
            });
    BulkResult result;
    try (NamespaceHandle handle = handle(watched)) {
      result = load(handle, rows);
    }
    if (!acted[0]) {
      act(act, other, writer, mine);
    }
    // From its next write on the other writer believes what a fresh reader finds.
    writer.append(List.of(new WriteOp.DeleteId("nothing")));
    try (Snapshot fresh = handle(memory).snapshot();
        Snapshot own = writer.snapshot()) {
      Oracle oracle = result == null ? new Oracle() : holding(rows);
      if (act <= 1) {
        oracle.apply(mine);
      } else if ((act == 2 || act == 4 || act == 6) && fresh.count() == 0) {
        // What deletes everything comes before the load or after it.
        oracle = new Oracle();
      }
      oracle.assertSame(fresh);
      oracle.assertSame(own);
      if (act != 4) {
        // The drop of a namespace leaves no trace before the next flush.
        oracle.assertSame(ProvedRecords.of(memory, new NamespaceNames("ns"), Oracle.SPEC));
      }
      assertFalse(result == null && act >= 2, "no process wrote a record that stayed");
    } finally {
      other.close();
    }
  }

  private static void act(
      int act, NamespaceHandle other, NamespaceWriter writer, List<WriteOp> mine) {
    switch (act) {
      case 0 -> writer.append(mine);
      case 1 -> {
        writer.append(mine);
        writer.flush();
      }
      case 2 -> writer.append(List.of(new WriteOp.DeleteAll()));
      case 6 -> {
        writer.append(mine);
        writer.append(List.of(new WriteOp.DeleteByPrefix("r"), new WriteOp.DeleteId("z")));
      }
      case 3 -> {
        writer.append(List.of(new WriteOp.DeleteId("nothing")));
        writer.flush();
      }
      case 4 -> {
        if (other.exists()) {
          new NamespaceAdmin(other).drop();
          new NamespaceAdmin(other).create();
        }
      }
      default -> new NamespaceAdmin(other).create();
    }
  }

  /** The index is dropped just before a given call of the load, for each call. */
  @Test
  void aDroppedIndexIsNotLoadedInto() {
    for (long at = 0; at < 40; at++) {
      long dropped = at;
      MemoryStore memory = new MemoryStore();
      boolean[] gone = {false};
      NamespaceHandle other = handle(memory);
      new NamespaceAdmin(other).create();
      FaultyStore watched =
          new FaultyStore(
              memory,
              (call, op, name) -> {
                if (call == dropped) {
                  gone[0] = true;
                  new NamespaceSeal(other)
                      .seal(new Environment(() -> 1, new SplittableRandom(7)).newId());
                }
                return Fault.NONE;
              });
      boolean loaded = false;
      try (NamespaceHandle handle =
          new NamespaceHandle(
              watched,
              "ns",
              Oracle.SPEC,
              new Environment(() -> 1_000L, new SplittableRandom(seeds++)),
              new FormatSlabs(),
              new Retry(3, 0),
              () -> requireThere(gone[0]))) {
        loaded = load(handle, rows(10)) != null;
      } catch (NotFoundException e) {
        assertTrue(gone[0]);
        assertTrue(memory.list("ns/ns/slabs/", null).isEmpty(), "call " + at);
      }
      // A load that was acknowledged came before the seal, and an undo brings its rows back.
      assertTrue(loaded || gone[0]);
      assertEquals(loaded ? 10 : 0, count(memory), "call " + at);
    }
  }

  private static void requireThere(boolean gone) {
    if (gone) {
      throw new NotFoundException("the index is gone");
    }
  }
}
