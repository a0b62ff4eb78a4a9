package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.manifest.Settings.State;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.FaultyStore.Operation;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/** Removals beside each other, beside writers that sleep and beside the next index at the place. */
class RemovalTest {
  private static final Environment ENVIRONMENT = Environment.system();
  private static final IndexSpec SPEC =
      new IndexSpec("i", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
  private static final RemovalRequest DROPPED = new RemovalRequest(false, 0, Long.MAX_VALUE);

  private static List<WriteOp> upserts(int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      batch.add(
          new WriteOp.Upsert(new VectorRecord("r" + i, new float[] {i, 1}, null, Metadata.EMPTY)));
    }
    return batch;
  }

  private static SlabIndex anyway(ObjectStore store) {
    return SlabIndex.openAnyway(store, ENVIRONMENT);
  }

  private static MemoryStore index() {
    MemoryStore store = MemoryStore.aging();
    fill(store, 12);
    return store;
  }

  /** A new index with two namespaces that have slabs, and records in the log. */
  private static void fill(ObjectStore store, int records) {
    try (SlabIndex index = SlabIndex.create(store, SPEC, false, ENVIRONMENT)) {
      for (String namespace : List.of("", "b")) {
        try (NamespaceWriter writer = index.writer(namespace)) {
          writer.append(upserts(0, 3));
          writer.flush();
          writer.append(upserts(3, records));
        }
      }
    }
  }

  private static long count(ObjectStore store) {
    long count = 0;
    try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT)) {
      for (String namespace : index.namespaces()) {
        try (Snapshot snapshot = index.snapshot(namespace)) {
          count += snapshot.count();
        }
      }
    }
    return count;
  }

  /** Something else happens just before the first call of a kind. */
  private static FaultyStore before(
      MemoryStore store, BiPredicate<Operation, String> when, Runnable what) {
    boolean[] done = new boolean[1];
    return new FaultyStore(
        store,
        (call, operation, name) -> {
          if (!done[0] && when.test(operation, name)) {
            done[0] = true;
            what.run();
          }
          return Fault.NONE;
        });
  }

  private static boolean isLog(Operation operation, String name) {
    return operation == Operation.CREATE && name.contains("/wal/");
  }

  /**
   * A writer looks for the index behind a seal, and sleeps before it writes. The seal is that of a
   * drop that was undone: it does not keep the writer out of the next one.
   */
  @Test
  void aWriterThatLookedBetweenTwoDropsIsNotAcknowledgedAfterTheSecond() {
    for (boolean removed : new boolean[] {false, true}) {
      MemoryStore store = index();
      anyway(store).lifecycle().drop();
      anyway(store).lifecycle().undoDrop();
      Runnable drop =
          () -> {
            anyway(store).lifecycle().drop();
            if (removed) {
              anyway(store).lifecycle().remove(DROPPED, o -> {});
            }
          };
      SlabIndex index = SlabIndex.open(before(store, RemovalTest::isLog, drop), ENVIRONMENT);
      NamespaceWriter writer = index.writer("");
      assertThrows(NotFoundException.class, () -> writer.append(upserts(50, 51)));
      if (removed) {
        try (SlabIndex next = SlabIndex.create(store, SPEC, false, ENVIRONMENT)) {
          assertEquals(List.of(), next.namespaces());
        }
      }
    }
  }

  /** The same behind the reservation of a bulk load that died, and in a namespace ended before. */
  @Test
  void anObjectWithoutRecordsIsNoSealOfThisDrop() {
    MemoryStore store = index();
    anyway(store).lifecycle().remove(RemovalRequest.NOW, o -> {});
    SlabIndex.create(store, SPEC, false, ENVIRONMENT).close();
    FaultyStore watched =
        before(
            store,
            RemovalTest::isLog,
            () -> anyway(store).lifecycle().remove(RemovalRequest.NOW, o -> {}));
    NamespaceWriter writer = SlabIndex.open(watched, ENVIRONMENT).writer("");
    assertThrows(NotFoundException.class, () -> writer.append(upserts(50, 51)));
    try (SlabIndex next = SlabIndex.create(store, SPEC, false, ENVIRONMENT)) {
      assertEquals(List.of(), next.namespaces());
    }
  }

  /** One removal sleeps before each of its calls in turn, while another one does all the work. */
  @Test
  void aRemovalThatSleptLeavesTheEndsOfTheSequences() {
    boolean whole = false;
    int call = 0;
    for (; !whole; call++) {
      MemoryStore store = index();
      anyway(store).lifecycle().drop();
      whole = sleep(store, call, () -> anyway(store).lifecycle().remove(DROPPED, o -> {}), false);
      assertThrows(NotFoundException.class, () -> anyway(store));
      for (String namespace : store.listFolders("ns/")) {
        for (String part : List.of("wal/", "manifest/")) {
          List<ObjectInfo> left = store.list("ns/" + namespace + "/" + part, null);
          assertEquals(1, left.size(), "call " + call + ": " + left);
        }
      }
    }
    System.out.println(call + " sleeps of a removal beside another");
    assertTrue(call > 40);
  }

  @Test
  void aRemovalThatSleptDoesNotTouchTheNextIndex() {
    boolean whole = false;
    int call = 0;
    for (; !whole; call++) {
      MemoryStore store = index();
      anyway(store).lifecycle().drop();
      Runnable others =
          () -> {
            anyway(store).lifecycle().remove(DROPPED, o -> {});
            fill(store, 20);
          };
      whole = sleep(store, call, others, true);
      if (!whole) {
        assertEquals(40, count(store), "call " + call);
      }
    }
    System.out.println(call + " sleeps of a removal beside the next index");
    assertTrue(call > 40);
  }

  /** True when the removal came to its end before the call. */
  private static boolean sleep(MemoryStore store, int at, Runnable others, boolean anew) {
    boolean[] met = new boolean[1];
    FaultyStore sleepy =
        new FaultyStore(
            store,
            (call, operation, name) -> {
              // The specification names this one step.
              boolean last = anew && operation == Operation.DELETE && name.equals("index.json");
              if (call >= at && !met[0] && !last) {
                met[0] = true;
                others.run();
              }
              return Fault.NONE;
            });
    try {
      anyway(sleepy).lifecycle().remove(DROPPED, o -> {});
    } catch (ConflictException | NotFoundException | StoreException e) {
      assertTrue(met[0], e.toString());
    }
    return !met[0];
  }

  /** Eight objects make room: the two slabs are not enough. */
  @Test
  void slabsMakeRoomAtEveryStepOfARemoval() {
    for (String part : List.of("config/", "/wal/", "/manifest/")) {
      MemoryStore store = index();
      int[] gone = new int[1];
      FaultyStore full =
          new FaultyStore(
              store,
              (call, operation, name) -> {
                if (operation == Operation.DELETE) {
                  gone[0]++;
                }
                if (operation == Operation.CREATE && name.contains(part) && gone[0] < 8) {
                  throw StoreException.refused(StoreException.Kind.FULL, "full", null, null);
                }
                return Fault.NONE;
              });
      anyway(full).lifecycle().remove(RemovalRequest.NOW, o -> {});
      assertThrows(NotFoundException.class, () -> anyway(store), part);
    }
  }

  /** Slabs make room where there is none, and are no remedy for anything else. */
  @Test
  void aRemovalThatCannotBeRecordedForOtherReasonsDeletesNothing() {
    MemoryStore store = index();
    FaultyStore broken =
        new FaultyStore(
            store,
            (call, operation, name) -> {
              if (operation == Operation.CREATE) {
                throw StoreException.refused(
                    StoreException.Kind.FAILED, "no conditional writes", "another store", null);
              }
              return Fault.NONE;
            });
    assertThrows(
        StoreException.class, () -> anyway(broken).lifecycle().remove(RemovalRequest.NOW, o -> {}));
    StoreException e = assertThrows(StoreException.class, () -> anyway(broken).lifecycle().drop());
    assertEquals("another store", e.hint());
    assertEquals(24, count(store));
  }

  /** The drop is recorded and only its seals find no room: so it says. */
  @Test
  void aDropWhoseSealsFindNoRoomSaysThatItIsADrop() {
    MemoryStore store = index();
    FaultyStore full =
        new FaultyStore(
            store,
            (call, operation, name) -> {
              if (isLog(operation, name)) {
                throw StoreException.refused(StoreException.Kind.FULL, "full", null, null);
              }
              return Fault.NONE;
            });
    StoreException e = assertThrows(StoreException.class, () -> anyway(full).lifecycle().drop());
    assertTrue(e.getMessage().startsWith("the index is dropped"), e.getMessage());
    assertTrue(e.hint().contains("--undo"), e.hint());
    assertEquals(State.DROPPED, anyway(store).lifecycle().state());
  }

  @Test
  void aRemovalStopsAtItsLimitAndGoesOn() {
    MemoryStore store = index();
    anyway(store).lifecycle().drop();
    int calls = 1;
    List<ObjectInfo> deleted = new ArrayList<>();
    RemovalRequest three = new RemovalRequest(false, 0, 3);
    while (!anyway(store).lifecycle().remove(three, deleted::add)) {
      assertEquals(3L * calls++, deleted.size());
    }
    assertTrue(calls > 3, "calls " + calls);
    assertThrows(NotFoundException.class, () -> anyway(store));
  }

  /** Gc saw an old drop and slept, while that was undone and the index dropped anew. */
  @Test
  void aDropOfAMomentAgoIsNotRemovedByTheAgeOfAnEarlierOne() {
    MemoryStore store = index();
    anyway(store).lifecycle().drop();
    RemovalRequest months = new RemovalRequest(false, 3_600_000_000L, Long.MAX_VALUE);
    assertThrows(ConflictException.class, () -> anyway(store).lifecycle().remove(months, o -> {}));
    anyway(store).lifecycle().undoDrop();
    assertEquals(24, count(store));
  }

  /** What the message of a refused create tells people to do helps. */
  @Test
  void anIndexWhoseJsonIsGoneIsNotMadeAnewOverItsRecords() {
    for (boolean dropped : new boolean[] {false, true}) {
      MemoryStore store = index();
      if (dropped) {
        anyway(store).lifecycle().drop();
      }
      store.delete("index.json");
      ConflictException e =
          assertThrows(
              ConflictException.class, () -> SlabIndex.create(store, SPEC, false, ENVIRONMENT));
      assertTrue(e.hint().contains("'ns'"), e.hint());
      for (String namespace : store.listFolders("ns/")) {
        for (String part : List.of("wal/", "manifest/", "slabs/", "deletes/")) {
          store.list("ns/" + namespace + "/" + part, null).forEach(o -> store.delete(o.name()));
        }
      }
      try (SlabIndex next = SlabIndex.create(store, SPEC, false, ENVIRONMENT)) {
        assertFalse(next.namespaceExists("b"));
      } catch (MissingException missing) {
        throw new AssertionError(missing);
      } catch (SlabException refused) {
        throw new AssertionError("refused for good, dropped " + dropped, refused);
      }
    }
  }
}
