package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.copy.CopyRequest;
import io.slab.copy.IndexCopy;
import io.slab.error.ConflictException;
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
import org.junit.jupiter.api.Test;

/** Dropping in steps that can be undone, until they cannot, and resumed at every point. */
class DropIT {
  private static final Environment ENVIRONMENT = Environment.system();
  private static final IndexSpec SPEC =
      new IndexSpec("i", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);

  private static List<WriteOp> upserts(int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      batch.add(
          new WriteOp.Upsert(new VectorRecord("r" + i, new float[] {i, 1}, null, Metadata.EMPTY)));
    }
    return batch;
  }

  /** Two namespaces with slabs and with records in the log. */
  private static MemoryStore index() {
    return fill(MemoryStore.aging());
  }

  private static MemoryStore fill(MemoryStore store) {
    try (SlabIndex index = SlabIndex.create(store, SPEC, false, ENVIRONMENT)) {
      for (String namespace : List.of("", "b")) {
        try (NamespaceWriter writer = index.writer(namespace)) {
          writer.append(upserts(0, 9));
          writer.flush();
          writer.append(upserts(9, 12));
        }
      }
    }
    return store;
  }

  private static SlabIndex open(ObjectStore store) {
    return SlabIndex.open(store, ENVIRONMENT);
  }

  private static SlabIndex anyway(ObjectStore store) {
    return SlabIndex.openAnyway(store, ENVIRONMENT);
  }

  private static long count(ObjectStore store) {
    long count = 0;
    try (SlabIndex index = open(store)) {
      for (String namespace : index.namespaces()) {
        try (Snapshot snapshot = index.snapshot(namespace)) {
          count += snapshot.count();
        }
      }
    }
    return count;
  }

  private static List<String> everything(ObjectStore store) {
    List<String> names = new ArrayList<>();
    List<String> folders = new ArrayList<>(List.of("", "config/"));
    for (String namespace : store.listFolders("ns/")) {
      for (String part : List.of("wal/", "manifest/", "slabs/", "deletes/")) {
        folders.add("ns/" + namespace + "/" + part);
      }
    }
    folders.forEach(f -> store.list(f, null).stream().map(ObjectInfo::name).forEach(names::add));
    return names;
  }

  @Test
  void aDroppedIndexIsGoneForEverybodyAndComesBackWhole() {
    MemoryStore store = index();
    SlabIndex before = open(store);
    NamespaceWriter writer = before.writer("");
    writer.append(upserts(12, 13));
    List<String> files = everything(store);
    before.lifecycle().drop();
    assertTrue(everything(store).containsAll(files));
    NotFoundException e = assertThrows(NotFoundException.class, () -> open(store));
    assertTrue(e.hint().contains("--undo"), e.hint());
    assertThrows(NotFoundException.class, () -> writer.append(upserts(20, 21)));
    assertThrows(NotFoundException.class, () -> writer.flush());
    assertThrows(NotFoundException.class, () -> before.createNamespace("c"));
    assertThrows(
        NotFoundException.class,
        () ->
            new IndexCopy(store, new MemoryStore())
                .run(new CopyRequest(null, 1, true, false), (n, d, a) -> {}));
    assertThrows(ConflictException.class, () -> SlabIndex.create(store, SPEC, false, ENVIRONMENT));
    // Dropping twice changes nothing.
    anyway(store).lifecycle().drop();
    anyway(store).lifecycle().undoDrop();
    assertEquals(25, count(store));
    writer.append(upserts(21, 22));
    assertEquals(26, count(store));
    assertThrows(ConflictException.class, () -> anyway(store).lifecycle().undoDrop());
    writer.close();
    before.close();
  }

  /** A reader that asks for the next settings finds the drop as long as index.json is there. */
  @Test
  void youngSettingsOutliveTheIndex() {
    MemoryStore store = fill(new MemoryStore());
    anyway(store).lifecycle().drop();
    anyway(store).lifecycle().remove(RemovalRequest.NOW, o -> {});
    assertEquals(2, store.list("config/", null).size(), everything(store).toString());
  }

  @Test
  void onlyADroppedIndexIsRemovedAndThenItDoesNotComeBack() {
    MemoryStore store = index();
    assertThrows(
        ConflictException.class,
        () ->
            anyway(store)
                .lifecycle()
                .remove(new RemovalRequest(false, 0, Long.MAX_VALUE), o -> {}));
    assertEquals(24, count(store));
    open(store).lifecycle().drop();
    anyway(store).lifecycle().remove(new RemovalRequest(false, 0, Long.MAX_VALUE), o -> {});
    assertThrows(NotFoundException.class, () -> anyway(store));
    // The newest settings, and a seal and a manifest of each namespace.
    assertEquals(5, everything(store).size(), everything(store).toString());
    try (SlabIndex next = SlabIndex.create(store, SPEC, true, ENVIRONMENT)) {
      assertEquals(List.of(), next.namespaces());
      assertEquals(State.LIVE, next.lifecycle().state());
      assertTrue(next.deletionProtected());
      assertThrows(ConflictException.class, next.lifecycle()::drop);
      assertThrows(
          ConflictException.class, () -> next.lifecycle().remove(RemovalRequest.NOW, o -> {}));
    }
  }

  @Test
  void protectionIsKeptAcrossDropAndUndo() {
    MemoryStore store = index();
    try (SlabIndex index = open(store)) {
      index.setDeletionProtection(true);
      assertThrows(ConflictException.class, index.lifecycle()::drop);
      index.setDeletionProtection(false);
      index.lifecycle().drop();
    }
    anyway(store).lifecycle().undoDrop();
    try (SlabIndex index = open(store)) {
      assertFalse(index.deletionProtected());
      index.setDeletionProtection(true);
    }
    assertThrows(
        ConflictException.class,
        () -> anyway(store).lifecycle().remove(RemovalRequest.NOW, o -> {}));
    assertEquals(24, count(store));
  }

  /** Each call of the store fails once, before and after its effect, or kills the process. */
  @Test
  void everyInterruptionOfADropIsResumedOrUndone() {
    int interrupted = 0;
    for (Fault fault : List.of(Fault.BEFORE, Fault.AFTER, Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
      for (boolean now : new boolean[] {false, true}) {
        boolean whole = false;
        for (int call = 0; !whole; call++) {
          MemoryStore store = index();
          whole = interrupt(store, call, fault, now);
          interrupted += whole ? 0 : 1;
          State state = state(store);
          if (state == State.DROPPED) {
            anyway(store).lifecycle().drop();
            anyway(store).lifecycle().undoDrop();
            state = State.LIVE;
          }
          if (state == State.LIVE) {
            assertEquals(24, count(store));
          }
          if (state != null) {
            anyway(store).lifecycle().remove(RemovalRequest.NOW, o -> {});
          }
          assertThrows(NotFoundException.class, () -> anyway(store));
          try (SlabIndex next = SlabIndex.create(store, SPEC, false, ENVIRONMENT)) {
            assertEquals(List.of(), next.namespaces());
          }
        }
      }
    }
    System.out.println(interrupted + " interruptions of a drop");
    assertTrue(interrupted > 100);
  }

  /** True when it came to its end undisturbed. */
  private static boolean interrupt(MemoryStore store, int at, Fault fault, boolean now) {
    boolean[] met = new boolean[1];
    FaultyStore faulty =
        new FaultyStore(
            store,
            (call, operation, name) -> {
              met[0] |= call == at;
              return call == at ? fault : Fault.NONE;
            });
    try (SlabIndex index = anyway(faulty)) {
      if (now) {
        index.lifecycle().remove(RemovalRequest.NOW, o -> {});
      } else {
        index.lifecycle().drop();
      }
    } catch (SlabException | FaultyStore.Crash e) {
      return false;
    }
    return !met[0];
  }

  /** Null when the index is gone. */
  private static State state(MemoryStore store) {
    try (SlabIndex index = anyway(store)) {
      return index.lifecycle().state();
    } catch (NotFoundException e) {
      return null;
    }
  }

  /** A disk on which nothing can be created until so many slabs are gone. */
  private static FaultyStore full(MemoryStore store, int slabs) {
    int[] gone = new int[1];
    return new FaultyStore(
        store,
        (call, operation, name) -> {
          if (operation == Operation.DELETE && name.endsWith(".slab")) {
            gone[0]++;
          }
          if (operation == Operation.CREATE && gone[0] < slabs) {
            throw new StoreException(StoreException.Kind.FULL, "no space left", null, null);
          }
          return Fault.NONE;
        });
  }

  @Test
  void onAFullDiskADropChangesNothingAndNowMakesRoom() {
    MemoryStore store = index();
    List<String> before = everything(store);
    try (SlabIndex index = open(full(store, 1))) {
      StoreException e = assertThrows(StoreException.class, index.lifecycle()::drop);
      assertTrue(e.hint().contains("--now"), e.hint());
    }
    assertEquals(before, everything(store));
    assertEquals(24, count(store));
    try (SlabIndex index = open(full(store, 2))) {
      index.lifecycle().remove(RemovalRequest.NOW, o -> {});
    }
    assertThrows(NotFoundException.class, () -> anyway(store));
  }

  @Test
  void aDamagedNamespaceIsDroppedAndRemovedAsWell() {
    MemoryStore store = index();
    store.list("ns/b/manifest/", null).forEach(o -> store.delete(o.name()));
    open(store).lifecycle().drop();
    assertThrows(NotFoundException.class, () -> open(store));
    anyway(store).lifecycle().remove(new RemovalRequest(false, 0, Long.MAX_VALUE), o -> {});
    try (SlabIndex next = SlabIndex.create(store, SPEC, false, ENVIRONMENT)) {
      assertEquals(List.of(), next.namespaces());
    }
  }
}
