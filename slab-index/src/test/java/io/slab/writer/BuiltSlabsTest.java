package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionPlan;
import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.SlabException;
import io.slab.error.UnsupportedException;
import io.slab.gc.GarbageCollector;
import io.slab.gc.GcRequest;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.BuiltSlabsJson;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.MemoryStore;
import io.slab.writer.CommitResult.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Slabs that one process builds and another one commits. Each handle here is a process. */
class BuiltSlabsTest {
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

  /** What arrives in another process. */
  private static BuiltSlabs sent(BuiltSlabs built) {
    byte[] bytes = BuiltSlabsJson.encode(built);
    BuiltSlabs arrived = BuiltSlabsJson.decode(bytes);
    assertEquals(new String(bytes), new String(BuiltSlabsJson.encode(arrived)));
    return arrived;
  }

  private static VectorRecord record(int i) {
    Metadata fields = Metadata.of(Map.of("n", new MetaValue.Num(i)));
    return new VectorRecord(String.format("r%03d", i), new float[] {i, 1}, null, fields);
  }

  private static ListRows rows(int from, int to) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(record(i));
    }
    return new ListRows(records);
  }

  private static Oracle holding(ListRows rows) {
    Oracle oracle = new Oracle();
    oracle.apply(
        rows.records().stream().map(record -> (WriteOp) new WriteOp.Upsert(record)).toList());
    return oracle;
  }

  private void assertFresh(Oracle oracle) {
    process(handle -> {
      try (Snapshot snapshot = handle.snapshot()) {
        oracle.assertSame(snapshot);
      }
      return null;
    });
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

  private static List<WriteOp> deletes(int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      batch.add(new WriteOp.DeleteId(String.format("r%03d", i)));
    }
    return batch;
  }

  private BuiltSlabs builtRows(int count) {
    BuiltSlabs order = sent(process(handle -> new BulkLoad(handle).begin()));
    List<BuiltSlabs> parts = new ArrayList<>();
    for (int from : new int[] {0, count / 3}) {
      int to = from == 0 ? count / 3 : count;
      parts.add(sent(process(h -> new BulkLoad(h).build(order, rows(from, to), () -> false))));
    }
    return BuiltSlabs.merge(parts);
  }

  private CommitResult commitRows(BuiltSlabs built) {
    return process(handle -> new BulkLoad(handle).commit(sent(built)));
  }

  /** A namespace with four slabs of 25 rows, of which some are dead. */
  private Oracle filled() {
    Oracle oracle = new Oracle();
    for (int i = 0; i < 4; i++) {
      List<WriteOp> batch = new ArrayList<>();
      rows(25 * i, 25 * i + 25).records().forEach(r -> batch.add(new WriteOp.Upsert(r)));
      batch.addAll(deletes(25 * i - 5, 25 * i - 3));
      write(oracle, batch, true);
    }
    return oracle;
  }

  private BuiltSlabs builtCompaction() {
    BuiltSlabs order =
        sent(
            process(handle -> {
              Compactor compactor = Compactor.of(handle);
              return compactor.begin(compactor.plan(CompactionRequest.full()));
            }));
    return sent(process(handle -> Compactor.of(handle).build(order, () -> false)));
  }

  private CommitResult commitCompaction(BuiltSlabs built) {
    return process(handle -> Compactor.of(handle).commit(sent(built)));
  }

  private NamespaceManifest newest() {
    return process(NamespaceHandle::newest);
  }

  private GarbageCollector collect(NamespaceHandle handle) {
    GarbageCollector collector = GarbageCollector.of(handle);
    collector.run(new GcRequest(1_000, 1, 1_000, false));
    return collector;
  }

  private void collectEverythingOld() {
    for (int i = 0; i < 3; i++) {
      clock.addAndGet(1_000_000);
      process(this::collect);
    }
  }

  @Test
  void twoProcessesBuildAndAThirdCommitsOnce() {
    BuiltSlabs built = builtRows(90);
    assertEquals(2, built.slabs().size());
    assertTrue(memory.list("ns/ns/manifest/", null).size() == 1, "manifest 1 came first");
    assertFresh(new Oracle());
    CommitResult result = commitRows(built);
    assertTrue(result.committed());
    assertFresh(holding(rows(0, 90)));
    assertEquals("bulk", newest().operation());
    assertEquals(result.manifest(), newest().id());
    assertEquals(result, commitRows(built), "again: the same answer, and nothing happens");
    assertEquals(result.manifest(), newest().id());
  }

  @Test
  void whatWasCommittedAndDeletedDoesNotComeBack() {
    BuiltSlabs built = builtRows(30);
    CommitResult result = commitRows(built);
    Oracle oracle = holding(rows(0, 30));
    write(oracle, List.of(new WriteOp.DeleteAll()), true);
    assertEquals(result, commitRows(built));
    assertFresh(oracle);
  }

  @Test
  void aCompactionIsCommittedElsewhereWithTheDeathsInBetween() {
    Oracle oracle = filled();
    BuiltSlabs built = builtCompaction();
    write(oracle, deletes(0, 25), true);
    write(oracle, deletes(40, 60), true);
    write(oracle, List.of(new WriteOp.Upsert(record(7))), false);
    CommitResult result = commitCompaction(built);
    assertTrue(result.committed());
    assertFresh(oracle);
    List<SlabEntry> slabs = newest().slabs();
    assertEquals(1, slabs.stream().filter(slab -> slab.rows() > 0).count());
    assertEquals(2, slabs.stream().filter(slab -> slab.rows() == 0).count(), "the deletes");
    assertEquals(result, commitCompaction(built));
    collectEverythingOld();
    assertFresh(oracle);
    assertEquals(3, memory.list("ns/ns/slabs/", null).size());
  }

  @Test
  void whoeverWasFirstKeepsTheNamespace() {
    BuiltSlabs built = builtRows(30);
    Oracle oracle = new Oracle();
    write(oracle, List.of(new WriteOp.Upsert(record(500))), false);
    assertEquals(State.NOT_EMPTY, commitRows(built).state());
    assertFresh(oracle);
    write(oracle, List.of(new WriteOp.DeleteAll()), true);
    assertEquals(
        State.OVERTAKEN, commitRows(built).state(), "what was deleted would hide the rows");
    assertTrue(commitRows(builtRows(30)).committed(), "it is empty again");
    assertFresh(holding(rows(0, 30)));
  }

  /** The order alone would drop the deletes that its inputs carry. */
  @Test
  void anOrderThatWasNotBuiltIsRefusedWhereItsInputsHaveNoRows() {
    write(new Oracle(), List.of(new WriteOp.Upsert(record(1))), true);
    write(new Oracle(), List.of(new WriteOp.DeleteId("r002")), true);
    write(new Oracle(), List.of(new WriteOp.DeleteId("r003")), true);
    List<SlabEntry> deletes = newest().slabs().subList(1, 3);
    CompactionPlan plan = new CompactionPlan(deletes, 1, "test");
    BuiltSlabs order = process(handle -> Compactor.of(handle).begin(plan));
    assertThrows(InvalidInputException.class, () -> commitCompaction(order));
    BuiltSlabs built = process(handle -> Compactor.of(handle).build(order, () -> false));
    assertTrue(commitCompaction(built).committed());
  }

  @Test
  void anotherCompactionWins() {
    Oracle oracle = filled();
    BuiltSlabs built = builtCompaction();
    process(handle -> Compactor.of(handle).run(CompactionRequest.full(), () -> false, r -> {}));
    assertEquals(State.INPUTS_TAKEN, commitCompaction(built).state());
    assertFresh(oracle);
    BuiltSlabs order = built.order();
    collectEverythingOld();
    assertThrows(
        ConflictException.class,
        () -> process(handle -> Compactor.of(handle).build(order, () -> false)));
    CompactionPlan gone = new CompactionPlan(built.replaced(), 1, "");
    assertThrows(
        ConflictException.class, () -> process(handle -> Compactor.of(handle).begin(gone)));
    assertFresh(oracle);
  }

  @Test
  void slabsThatGcTookAreNeverNamed() {
    BuiltSlabs built = builtRows(30);
    collectEverythingOld();
    assertEquals(0, memory.list("ns/ns/slabs/", null).size());
    assertEquals(State.FILES_GONE, commitRows(built).state());
    assertFresh(new Oracle());
    BuiltSlabs again = process(h -> new BulkLoad(h).build(built.order(), rows(0, 30), () -> false));
    assertTrue(commitRows(again).committed());
    assertFresh(holding(rows(0, 30)));
  }

  @Test
  void aCompactionThatGcTookChangesNothing() {
    Oracle oracle = filled();
    BuiltSlabs built = builtCompaction();
    collectEverythingOld();
    assertEquals(State.FILES_GONE, commitCompaction(built).state());
    assertFresh(oracle);
    assertEquals(4, memory.list("ns/ns/slabs/", null).size());
  }

  /** The committing process dies, or a call of it fails, at any point; another one commits. */
  @Test
  void aCrashOrFailureAtAnyCallOfTheCommitIsMadeGood() {
    for (Fault fault : List.of(Fault.BEFORE, Fault.AFTER, Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
      for (boolean compaction : new boolean[] {false, true}) {
        for (long at = 0; at < 25; at++) {
          BuiltSlabsTest test = new BuiltSlabsTest();
          test.commitAfterFault(compaction, fault, at);
        }
      }
    }
  }

  private void commitAfterFault(boolean compaction, Fault fault, long at) {
    Oracle oracle = compaction ? filled() : holding(rows(0, 40));
    BuiltSlabs built = compaction ? builtCompaction() : builtRows(40);
    if (compaction) {
      write(oracle, deletes(10, 20), true);
    }
    CommitResult first = null;
    FaultyStore faulty =
        new FaultyStore(memory, (call, op, name) -> call == at ? fault : Fault.NONE);
    try (NamespaceHandle dying = handle(faulty)) {
      first = compaction ? Compactor.of(dying).commit(built) : new BulkLoad(dying).commit(built);
    } catch (SlabException | FaultyStore.Crash e) {
      // Whether it says so or not, the next one finds out.
    }
    CommitResult second = compaction ? commitCompaction(built) : commitRows(built);
    assertTrue(second.committed());
    if (first != null) {
      assertEquals(second, first);
    }
    assertFresh(oracle);
    assertOnce(built);
    collectEverythingOld();
    assertFresh(oracle);
  }

  private void assertOnce(BuiltSlabs built) {
    long times = newest().history().stream().filter(c -> c.commit().equals(built.commit())).count();
    assertEquals(1, times);
  }

  /**
   * A second process commits the same slabs, a later compaction may replace them, and gc runs, just
   * before any call of the first.
   */
  @Test
  void twoProcessesCommitTheSameSlabs() {
    for (boolean compaction : new boolean[] {false, true}) {
      for (boolean deaths : new boolean[] {false, true}) {
        for (long at = 0; at < 20; at++) {
          new BuiltSlabsTest().commitBeside(compaction, deaths, false, at);
          new BuiltSlabsTest().commitBeside(compaction, deaths, true, at);
        }
      }
    }
  }

  private void commitBeside(boolean compaction, boolean deaths, boolean replaced, long at) {
    Oracle oracle = compaction ? filled() : holding(rows(0, 40));
    BuiltSlabs built = compaction ? builtCompaction() : builtRows(40);
    CommitResult[] other = new CommitResult[1];
    Runnable act =
        () -> {
          if (compaction && deaths) {
            write(oracle, deletes(10, 20), true);
          }
          other[0] = compaction ? commitCompaction(built) : commitRows(built);
          if (replaced) {
            process(h -> Compactor.of(h).run(CompactionRequest.full(), () -> false, r -> {}));
          }
          collectEverythingOld();
        };
    if (compaction && deaths) {
      // Late already for the first one, so that both write deletion vectors.
      write(oracle, deletes(3, 8), true);
    }
    FaultyStore watched =
        new FaultyStore(
            memory,
            (call, op, name) -> {
              if (call == at && op != FaultyStore.Operation.DELETE) {
                act.run();
              }
              return Fault.NONE;
            });
    CommitResult first;
    try (NamespaceHandle handle = handle(watched)) {
      first = compaction ? Compactor.of(handle).commit(built) : new BulkLoad(handle).commit(built);
    }
    if (other[0] == null) {
      act.run();
    }
    assertEquals(other[0], first);
    assertTrue(first.committed());
    assertOnce(built);
    assertFresh(oracle);
    collectEverythingOld();
    assertFresh(oracle);
  }

  @Test
  void whatTheHistoryDoesNotTellIsNotGuessed() {
    BuiltSlabs rows = builtRows(30);
    commitRows(rows);
    Oracle oracle = holding(rows(0, 30));
    write(oracle, List.of(new WriteOp.DeleteAll()), true);
    process(handle -> {
      NamespaceAdmin admin = new NamespaceAdmin(handle);
      for (long i = 0; i < NamespaceManifest.MAX_HISTORY; i++) {
        admin.configure(Map.of("level0Slabs", 50 + i));
      }
      return null;
    });
    assertTrue(commitRows(rows).committed(), "an earlier manifest tells");
    var manifests = memory.list("ns/ns/manifest/", null);
    manifests.subList(0, manifests.size() - 1).forEach(old -> memory.delete(old.name()));
    assertThrows(OutcomeUnknownException.class, () -> commitRows(rows));
    assertFresh(oracle);
  }

  @Test
  void aCompactionWhoseInputsAreThereIsCommittedHoweverOldItIs() {
    Oracle oracle = filled();
    BuiltSlabs built = builtCompaction();
    process(handle -> {
      NamespaceAdmin admin = new NamespaceAdmin(handle);
      for (long i = 0; i <= NamespaceManifest.MAX_HISTORY; i++) {
        admin.configure(Map.of("level0Slabs", 50 + i));
      }
      return null;
    });
    assertTrue(commitCompaction(built).committed());
    assertFresh(oracle);
  }

  @Test
  void aNamespaceWithRecordsTakesNoBulkLoad() {
    filled();
    assertNull(process(handle -> new BulkLoad(handle).begin()));
  }

  @Test
  void ordersOfOtherCommitsAreRefused() {
    BuiltSlabs built = builtRows(30);
    BuiltSlabs other = process(handle -> new BulkLoad(handle).begin());
    assertNotNull(other);
    assertThrows(IllegalArgumentException.class, () -> BuiltSlabs.merge(List.of(built, other)));
    assertThrows(IllegalArgumentException.class, () -> BuiltSlabs.merge(List.of(built, built)));
    assertThrows(IllegalArgumentException.class, () -> commitCompaction(built));
  }

  @Test
  void elsewhereThereIsNothingToBuildOrCommit() {
    BuiltSlabs rows = builtRows(5);
    BuiltSlabs empty = rows.order();
    BuiltSlabsTest other = new BuiltSlabsTest();
    assertThrows(
        NotFoundException.class,
        () -> other.process(h -> new BulkLoad(h).build(empty, rows(0, 5), () -> false)));
    assertEquals(State.FILES_GONE, other.commitRows(rows).state());
    BuiltSlabsTest filled = new BuiltSlabsTest();
    filled.filled();
    BuiltSlabs compaction = filled.builtCompaction();
    BuiltSlabsTest third = new BuiltSlabsTest();
    assertThrows(NotFoundException.class, () -> third.commitCompaction(compaction));
    assertThrows(
        SlabException.class,
        () -> third.process(h -> Compactor.of(h).build(compaction.order(), () -> false)));
  }

  @Test
  void aDamagedDescriptionIsNoticed() {
    byte[] bytes = BuiltSlabsJson.encode(builtRows(10));
    for (int i = 0; i < bytes.length; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 1;
      assertThrows(CorruptException.class, () -> BuiltSlabsJson.decode(damaged));
    }
  }

  @Test
  void aNewerVersionIsRefused() {
    Ulid id = Ulid.of(1, 2, 3);
    String text = new String(BuiltSlabsJson.encode(BuiltSlabs.bulk(id, "ns", 1, 1 << 20, id)));
    byte[] newer = text.replace("\"version\":[1,0]", "\"version\":[2,0]").getBytes();
    String zeroed =
        new String(newer).replaceFirst("\"crc32c\":\"........\"", "\"crc32c\":\"00000000\"");
    int crc = io.slab.bytes.Crc.of(zeroed.getBytes(), 0, zeroed.length());
    byte[] signed = zeroed.replaceFirst("00000000", io.slab.bytes.Crc.hex(crc)).getBytes();
    assertThrows(UnsupportedException.class, () -> BuiltSlabsJson.decode(signed));
  }
}
