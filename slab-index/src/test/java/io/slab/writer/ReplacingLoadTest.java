package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.SlabException;
import io.slab.gc.GarbageCollector;
import io.slab.gc.GcRequest;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.NamespaceNames;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.ProvedRecords;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.MemoryStore;
import io.slab.writer.CommitResult.State;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A load that takes the place of all records, beside other writes to the namespace. */
class ReplacingLoadTest {
  private final AtomicLong clock = new AtomicLong(1_000_000);
  private final MemoryStore memory = new MemoryStore(clock::get);
  private long seeds = 1;

  private NamespaceHandle handle(ObjectStore store) {
    Environment environment = new Environment(clock::get, new SplittableRandom(seeds++));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new FormatSlabs(), new Retry(3, 0));
  }

  private <T> T process(Function<NamespaceHandle, T> work) {
    try (NamespaceHandle handle = handle(memory)) {
      return work.apply(handle);
    }
  }

  private static VectorRecord record(int i, float mark) {
    return VectorRecord.of(String.format("r%03d", i), i, mark);
  }

  private static List<WriteOp> upserts(int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      batch.add(new WriteOp.Upsert(record(i, 1)));
    }
    return batch;
  }

  /** Slabs, dead rows, and a log of records and deletes. */
  private Oracle filled() {
    Oracle oracle = new Oracle();
    write(oracle, upserts(0, 40), true);
    write(oracle, List.of(new WriteOp.DeleteId("r003")), true);
    write(oracle, upserts(30, 50), false);
    write(oracle, List.of(new WriteOp.DeleteByPrefix("r01")), false);
    return oracle;
  }

  private void write(Oracle oracle, List<WriteOp> batch, boolean flush) {
    process(handle -> {
      try (NamespaceWriter writer = new NamespaceWriter(handle)) {
        writer.append(batch);
        oracle.apply(batch);
        return flush ? writer.flush() : null;
      }
    });
  }

  private static ListRows rows() {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 20; i < 60; i++) {
      records.add(record(i, 2));
    }
    return new ListRows(records);
  }

  private static Oracle replaced() {
    Oracle oracle = new Oracle();
    oracle.apply(
        rows().records().stream().map(record -> (WriteOp) new WriteOp.Upsert(record)).toList());
    return oracle;
  }

  private BuiltSlabs built() {
    BuiltSlabs order = process(handle -> new BulkLoad(handle).beginReplacing());
    return process(handle -> new BulkLoad(handle).build(order, rows(), () -> false));
  }

  private CommitResult commit(BuiltSlabs built) {
    return process(handle -> new BulkLoad(handle).commitReplacing(built));
  }

  private void assertFresh(Oracle oracle) {
    process(handle -> {
      try (Snapshot snapshot = handle.snapshot()) {
        oracle.assertSame(snapshot);
      }
      return null;
    });
  }

  private void assertProved(Oracle oracle) {
    oracle.assertSame(ProvedRecords.of(memory, new NamespaceNames("ns"), Oracle.SPEC));
  }

  private void collectEverythingOld() {
    for (int i = 0; i < 3; i++) {
      clock.addAndGet(10_000_000);
      process(handle -> GarbageCollector.of(handle).run(new GcRequest(1_000, 1, 1_000, false)));
    }
  }

  @Test
  void allOldRecordsAreThereUntilTheCommitAndNoneAfterIt() {
    Oracle before = filled();
    BuiltSlabs built = built();
    assertFresh(before);
    CommitResult result = commit(built);
    assertTrue(result.committed());
    assertFresh(replaced());
    assertProved(replaced());
    assertEquals(result, commit(built), "again: the same answer, and nothing happens");
    collectEverythingOld();
    assertFresh(replaced());
    assertProved(replaced());
  }

  @Test
  void anEmptyNamespaceIsFilled() {
    assertTrue(commit(built()).committed());
    assertFresh(replaced());
    assertProved(replaced());
  }

  @Test
  void recordsThatAreInTheLogAloneAreReplaced() {
    write(new Oracle(), upserts(0, 30), false);
    assertTrue(commit(built()).committed());
    assertFresh(replaced());
    assertProved(replaced());
  }

  @Test
  void whatWasWrittenSinceItBeganForbidsTheCommit() {
    for (boolean flush : new boolean[] {false, true}) {
      ReplacingLoadTest test = new ReplacingLoadTest();
      Oracle oracle = test.filled();
      BuiltSlabs built = test.built();
      test.write(oracle, upserts(70, 71), flush);
      assertEquals(State.OVERTAKEN, test.commit(built).state());
      test.assertFresh(oracle);
    }
  }

  @Test
  void aDropSinceItBeganForbidsTheCommit() {
    filled();
    BuiltSlabs built = built();
    process(handle -> {
      new NamespaceAdmin(handle).drop();
      return null;
    });
    assertEquals(State.OVERTAKEN, commit(built).state());
    process(handle -> assertDoesNotExist(handle));
  }

  private static Void assertDoesNotExist(NamespaceHandle handle) {
    assertFalse(handle.exists());
    return null;
  }

  @Test
  void flushesAndCompactionsMeanwhileChangeNothing() {
    Oracle oracle = filled();
    BuiltSlabs built = built();
    process(handle -> {
      try (NamespaceWriter writer = new NamespaceWriter(handle)) {
        return writer.flush();
      }
    });
    process(handle -> Compactor.of(handle).run(CompactionRequest.full(), () -> false, r -> {}));
    assertFresh(oracle);
    assertTrue(commit(built).committed());
    assertFresh(replaced());
    assertProved(replaced());
  }

  /** It began before, and its inputs are gone: it must not bring them back. */
  @Test
  void aCompactionThatIsUnderWayGivesUp() {
    filled();
    BuiltSlabs order =
        process(handle -> {
          Compactor compactor = Compactor.of(handle);
          return compactor.begin(compactor.plan(CompactionRequest.full()));
        });
    BuiltSlabs compacted = process(handle -> Compactor.of(handle).build(order, () -> false));
    assertTrue(commit(built()).committed());
    assertEquals(
        State.INPUTS_TAKEN, process(handle -> Compactor.of(handle).commit(compacted)).state());
    assertFresh(replaced());
  }

  /** It holds records in memory that are replaced, and does not know it. */
  @Test
  void anOpenWriterGoesOnWithTheNewRecords() {
    filled();
    Oracle after = replaced();
    process(handle -> {
      try (NamespaceWriter writer = new NamespaceWriter(handle)) {
        writer.append(upserts(80, 82));
        assertTrue(commit(built()).committed());
        List<WriteOp> later =
            List.of(
                new WriteOp.PartialUpdate("r025", new float[] {7, 7}, null, null),
                new WriteOp.PartialUpdate("r001", new float[] {7, 7}, null, null),
                new WriteOp.DeleteId("r030"));
        writer.append(later);
        after.apply(later);
        assertFresh(after);
        writer.flush();
      }
      return null;
    });
    assertFresh(after);
    assertProved(after);
  }

  /** The committing process dies, or a call of it fails, at any point; another one commits. */
  @Test
  void aCrashOrFailureAtAnyCallOfTheCommitIsMadeGood() {
    for (Fault fault : List.of(Fault.BEFORE, Fault.AFTER, Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
      for (long at = 0; at < 25; at++) {
        new ReplacingLoadTest().commitAfterFault(fault, at);
      }
    }
  }

  private void commitAfterFault(Fault fault, long at) {
    Oracle before = filled();
    BuiltSlabs built = built();
    FaultyStore faulty =
        new FaultyStore(memory, (call, op, name) -> call == at ? fault : Fault.NONE);
    boolean done = false;
    try (NamespaceHandle dying = handle(faulty)) {
      done = new BulkLoad(dying).commitReplacing(built).committed();
    } catch (SlabException | FaultyStore.Crash e) {
      // Whether it says so or not, the next one finds out.
    }
    long manifests =
        process(handle ->
            handle.newest().history().stream()
                .filter(change -> change.commit().equals(built.commit()))
                .count());
    assertTrue(!done || manifests == 1);
    assertFresh(manifests == 1 ? replaced() : before);
    assertTrue(commit(built).committed());
    assertFresh(replaced());
    collectEverythingOld();
    assertFresh(replaced());
    assertProved(replaced());
  }
}
