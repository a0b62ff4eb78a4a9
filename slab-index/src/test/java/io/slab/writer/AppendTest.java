package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.SlabException;
import io.slab.gc.GarbageCollector;
import io.slab.gc.GcRequest;
import io.slab.manifest.Appends;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.BuiltSlabsJson;
import io.slab.manifest.NamespaceNames;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.AsOf;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.PastStates;
import io.slab.namespace.Thresholds;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.ProvedRecords;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.Breadth;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.FaultyStore.Operation;
import io.slab.testkit.MemoryStore;
import io.slab.writer.CommitResult.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Slabs that are appended to a namespace with records, beside others. Each handle is a process.
 * What must be there is what a log would hold in which the rows stand where the append began.
 */
class AppendTest {
  /** Every so manieth call of the store fails, another one by each kind of fault. */
  private static final int STEP = Breadth.of(5, 1);

  private final AtomicLong clock = new AtomicLong(1_000_000);
  private final MemoryStore memory = new MemoryStore(clock::get);
  private final List<WriteOp> before = new ArrayList<>();
  private final List<WriteOp> after = new ArrayList<>();
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

  private static String id(int i) {
    return String.format("r%03d", i);
  }

  private static VectorRecord record(int i, float mark) {
    Metadata fields = Metadata.of(Map.of("n", new MetaValue.Num(i)));
    return new VectorRecord(id(i), new float[] {i, mark}, null, fields);
  }

  private static List<WriteOp> upserts(int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      batch.add(new WriteOp.Upsert(record(i, 1)));
    }
    return batch;
  }

  /** Slabs, dead rows, and a log of records and deletes. */
  private void fill() {
    write(before, upserts(0, 40), true);
    write(before, List.of(new WriteOp.DeleteId("r003")), true);
    write(before, upserts(30, 50), false);
    write(before, List.of(new WriteOp.DeleteByPrefix("r01")), false);
  }

  private void write(List<WriteOp> log, List<WriteOp> batch, boolean flush) {
    process(handle -> {
      try (NamespaceWriter writer = new NamespaceWriter(handle)) {
        writer.append(batch);
        log.addAll(batch);
        return flush ? writer.flush() : null;
      }
    });
  }

  private static ListRows rows(int from, int to) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(record(i, 2));
    }
    return new ListRows(records);
  }

  private BuiltSlabs begin() {
    BuiltSlabs order = process(handle -> new Append(handle).begin());
    byte[] bytes = BuiltSlabsJson.encode(order);
    BuiltSlabs arrived = BuiltSlabsJson.decode(bytes);
    assertEquals(new String(bytes), new String(BuiltSlabsJson.encode(arrived)));
    return arrived;
  }

  private BuiltSlabs build(BuiltSlabs order, int from, int to) {
    return process(handle -> new Append(handle).build(order, rows(from, to), () -> false));
  }

  /** Two builders, whose ids alternate in part. */
  private BuiltSlabs built() {
    BuiltSlabs order = begin();
    return BuiltSlabs.merge(List.of(build(order, 20, 45), build(order, 45, 60)));
  }

  private CommitResult commit(BuiltSlabs built) {
    return process(
        handle -> new Append(handle).commit(BuiltSlabsJson.decode(BuiltSlabsJson.encode(built))));
  }

  private Oracle without() {
    Oracle oracle = new Oracle();
    oracle.apply(before);
    oracle.apply(after);
    return oracle;
  }

  private Oracle with() {
    Oracle oracle = new Oracle();
    oracle.apply(before);
    rows(20, 60).records().forEach(r -> oracle.apply(List.of(new WriteOp.Upsert(r))));
    oracle.apply(after);
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

  private void assertProved(Oracle oracle) {
    oracle.assertSame(ProvedRecords.of(memory, new NamespaceNames("ns"), Oracle.SPEC));
  }

  private void compact() {
    process(handle -> Compactor.of(handle).run(CompactionRequest.full(), () -> false, r -> {}));
  }

  private void collectEverythingOld() {
    for (int i = 0; i < 3; i++) {
      clock.addAndGet(10_000_000);
      process(handle -> GarbageCollector.of(handle).run(new GcRequest(1_000, 1, 1_000, false)));
    }
  }

  private void assertCommits(BuiltSlabs built) {
    assertFresh(without());
    CommitResult result = commit(built);
    assertTrue(result.committed(), result.state().toString());
    assertFresh(with());
    assertProved(with());
    assertEquals(result, commit(built), "again: the same answer, and nothing happens");
    compact();
    collectEverythingOld();
    assertFresh(with());
    assertProved(with());
  }

  private void assertRefused(State why, BuiltSlabs built) {
    Oracle there = without();
    assertFresh(there);
    assertEquals(why, commit(built).state());
    assertFresh(there);
    collectEverythingOld();
    compact();
    assertFresh(there);
  }

  @Test
  void rowsJoinTheRecordsAndReplaceThoseOfTheirIds() {
    fill();
    assertCommits(built());
  }

  @Test
  void anEmptyOrNewNamespaceIsFilled() {
    assertCommits(built());
    AppendTest emptied = new AppendTest();
    emptied.write(emptied.before, upserts(0, 30), true);
    emptied.write(emptied.before, List.of(new WriteOp.DeleteAll()), true);
    emptied.assertCommits(emptied.built());
  }

  /** A flush of a namespace without slabs says that all was deleted before it. */
  @Test
  void writesIntoANewNamespaceMeanwhileDeleteNothing() {
    BuiltSlabs built = built();
    write(after, upserts(58, 62), true);
    write(after, List.of(new WriteOp.DeleteId("r058")), true);
    compact();
    assertCommits(built);
  }

  @Test
  void whatIsWrittenLaterWins() {
    for (boolean flush : new boolean[] {false, true}) {
      for (boolean compact : new boolean[] {false, true}) {
        AppendTest test = new AppendTest();
        test.fill();
        BuiltSlabs built = test.built();
        test.write(test.after, upserts(25, 27), flush);
        test.write(test.after, List.of(new WriteOp.DeleteId("r040")), flush);
        test.write(test.after, List.of(new WriteOp.DeleteId("r059")), flush);
        test.write(test.after, List.of(new WriteOp.DeleteByPrefix("r05")), flush);
        test.write(test.after, List.of(new WriteOp.DeleteByFilter("{\"n\":33}")), flush);
        test.write(test.after, upserts(52, 53), flush);
        if (compact) {
          test.compact();
        }
        test.assertCommits(built);
      }
    }
  }

  @Test
  void updatesThatAreNotFlushedChangeTheRows() {
    fill();
    BuiltSlabs built = built();
    Metadata changed = Metadata.of(Map.of("t", new MetaValue.Str("x")));
    write(after, List.of(new WriteOp.PartialUpdate("r055", null, null, changed)), false);
    write(after, List.of(new WriteOp.UpdateByFilter("{\"n\":{\"$gt\":35}}", changed)), false);
    write(after, List.of(new WriteOp.DeleteByFilter("{\"t\":\"x\",\"n\":41}")), false);
    assertCommits(built);
  }

  @Test
  void updatesThatWereFlushedEndIt() {
    Metadata changed = Metadata.of(Map.of("t", new MetaValue.Str("x")));
    for (WriteOp update :
        List.of(
            new WriteOp.PartialUpdate("r055", null, null, changed),
            new WriteOp.UpdateByFilter("{\"n\":1}", changed))) {
      AppendTest test = new AppendTest();
      test.fill();
      BuiltSlabs built = test.built();
      test.write(test.after, List.of(update), true);
      test.assertRefused(State.OVERTAKEN, built);
    }
    // Of another record it is none of its business.
    fill();
    BuiltSlabs built = built();
    write(after, List.of(new WriteOp.PartialUpdate("r001", null, null, changed)), true);
    assertCommits(built);
  }

  @Test
  void whatDeletesOrReplacesEverythingEndsIt() {
    for (int kind = 0; kind < 5; kind++) {
      AppendTest test = new AppendTest();
      test.fill();
      BuiltSlabs built = test.built();
      switch (kind) {
        case 0, 1 -> test.write(test.after, List.of(new WriteOp.DeleteAll()), kind == 1);
        case 2 ->
            test.process(handle -> {
              new NamespaceAdmin(handle).drop();
              test.after.add(new WriteOp.DeleteAll());
              return null;
            });
        case 3 ->
            test.process(handle -> {
              long newest = handle.newest().id();
              return new Restore(handle)
                  .run(new PastStates(handle).find(AsOf.parse("manifest:" + newest)));
            });
        default -> test.process(h -> new BulkLoad(h).commitReplacing(replacing(h)));
      }
      if (kind == 4) {
        test.after.add(new WriteOp.DeleteAll());
        rows(70, 72).records().forEach(r -> test.after.add(new WriteOp.Upsert(r)));
      }
      test.assertRefused(State.OVERTAKEN, built);
    }
  }

  private static BuiltSlabs replacing(NamespaceHandle handle) {
    BulkLoad load = new BulkLoad(handle);
    return load.build(load.beginReplacing(), rows(70, 72), () -> false);
  }

  /** The one that began later wins, whichever is committed first. */
  @Test
  void twoAppendsTakeTheirPlaces() {
    for (boolean firstFirst : new boolean[] {false, true}) {
      for (boolean compact : new boolean[] {false, true}) {
        AppendTest test = new AppendTest();
        test.fill();
        BuiltSlabs first = test.built();
        BuiltSlabs second = test.build(test.begin(), 35, 70);
        Oracle both = test.with();
        rows(35, 70).records().forEach(r -> both.apply(List.of(new WriteOp.Upsert(r))));
        assertTrue(test.commit(firstFirst ? first : second).committed());
        if (compact) {
          test.compact();
        }
        assertTrue(test.commit(firstFirst ? second : first).committed());
        test.assertFresh(both);
        test.assertProved(both);
        test.compact();
        test.collectEverythingOld();
        test.assertFresh(both);
        test.assertProved(both);
      }
    }
  }

  @Test
  void anIdInTwoPartsIsRefused() {
    fill();
    BuiltSlabs order = begin();
    BuiltSlabs built = BuiltSlabs.merge(List.of(build(order, 20, 45), build(order, 44, 60)));
    assertThrows(InvalidInputException.class, () -> commit(built));
    assertFresh(without());
  }

  /** Its inputs lose rows while it is under way, and it must not bring them back. */
  @Test
  void aCompactionThatIsUnderWayHearsOfTheDeadRows() {
    fill();
    BuiltSlabs order =
        process(handle -> {
          Compactor compactor = Compactor.of(handle);
          return compactor.begin(compactor.plan(CompactionRequest.full()));
        });
    BuiltSlabs compacted = process(handle -> Compactor.of(handle).build(order, () -> false));
    assertTrue(commit(built()).committed());
    assertTrue(process(handle -> Compactor.of(handle).commit(compacted)).committed());
    assertFresh(with());
    assertProved(with());
  }

  /** It holds records in memory that are replaced, and does not know it. */
  @Test
  void anOpenWriterGoesOnWithTheRows() {
    fill();
    BuiltSlabs built = built();
    process(handle -> {
      try (NamespaceWriter writer = new NamespaceWriter(handle)) {
        after.addAll(upserts(80, 82));
        writer.append(upserts(80, 82));
        assertTrue(commit(built).committed());
        List<WriteOp> later =
            List.of(
                new WriteOp.PartialUpdate("r055", new float[] {7, 7}, null, null),
                new WriteOp.PartialUpdate("r001", new float[] {7, 7}, null, null),
                new WriteOp.DeleteId("r030"));
        writer.append(later);
        after.addAll(later);
        assertFresh(with());
        writer.flush();
      }
      return null;
    });
    assertFresh(with());
    assertProved(with());
  }

  @Test
  void whoIsAlwaysOvertakenCommitsNothingAndMayComeAgain() {
    fill();
    BuiltSlabs built = built();
    FaultyStore busy =
        new FaultyStore(
            memory,
            (call, op, name) -> {
              if (op == Operation.CREATE && name.contains("/manifest/")) {
                write(after, upserts(90, 91), true);
              }
              return Fault.NONE;
            });
    try (NamespaceHandle handle = handle(busy)) {
      ConflictException e =
          assertThrows(ConflictException.class, () -> new Append(handle).commit(built, 3));
      assertTrue(e.getMessage().contains("3 times"), e.getMessage());
    }
    assertCommits(built);
  }

  @Test
  void slabsThatGcTookAreNeverNamed() {
    fill();
    BuiltSlabs built = built();
    clock.addAndGet(10_000);
    // Young enough to be under way, but its slabs are gone.
    built.slabs().forEach(slab -> memory.delete("ns/ns/slabs/" + slab.id() + ".slab"));
    assertEquals(State.FILES_GONE, commit(built).state());
    assertFresh(without());
    BuiltSlabs again = build(built.order(), 20, 60);
    assertCommits(again);
  }

  @Test
  void whoDoesNotComeBackIsGivenUpByGc() {
    fill();
    BuiltSlabs built = built();
    assertEquals(built.lsn(), (long) process(h -> Appends.first(h.newest())));
    collectEverythingOld();
    assertEquals(Long.MAX_VALUE, (long) process(h -> Appends.first(h.newest())));
    assertRefused(State.OVERTAKEN, built);
    BuiltSlabs other = begin();
    process(handle -> {
      new Append(handle).abandon(other);
      new Append(handle).abandon(other);
      return null;
    });
    assertEquals(Long.MAX_VALUE, (long) process(h -> Appends.first(h.newest())));
    assertEquals(State.OVERTAKEN, commit(other).state());
  }

  /** Without a row there is nothing to name, and it ends all the same. */
  @Test
  void anAppendOfNothingChangesNothing() {
    fill();
    BuiltSlabs order = begin();
    assertTrue(commit(order).committed());
    assertFresh(without());
    assertEquals(Long.MAX_VALUE, (long) process(h -> Appends.first(h.newest())));
  }

  /** The committing process dies, or a call of it fails, at any point; another one commits. */
  @Test
  void aCrashOrFailureAtAnyCallOfTheCommitIsMadeGood() {
    for (Fault fault : List.of(Fault.BEFORE, Fault.AFTER, Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
      boolean reached = true;
      for (long at = fault.ordinal() % STEP; reached; at += STEP) {
        reached = new AppendTest().commitAfterFault(fault, at);
      }
    }
  }

  private boolean commitAfterFault(Fault fault, long at) {
    fill();
    BuiltSlabs built = built();
    write(after, upserts(25, 30), true);
    write(after, List.of(new WriteOp.DeleteByPrefix("r04")), false);
    FaultyStore faulty =
        new FaultyStore(memory, (call, op, name) -> call == at ? fault : Fault.NONE);
    boolean done = false;
    try (NamespaceHandle dying = handle(faulty)) {
      done = new Append(dying).commit(built).committed();
    } catch (SlabException | FaultyStore.Crash e) {
      // Whether it says so or not, the next one finds out.
    }
    long manifests =
        process(handle ->
            handle.newest().history().stream()
                .filter(change -> change.commit().equals(built.commit()))
                .count());
    assertTrue(!done || manifests == 1);
    assertFresh(manifests == 1 ? with() : without());
    assertTrue(commit(built).committed());
    assertFresh(with());
    collectEverythingOld();
    assertFresh(with());
    assertProved(with());
    return faulty.calls() > at;
  }

  @Test
  void aCrashOrFailureAtAnyCallOfTheBeginningChangesNothing() {
    for (Fault fault : List.of(Fault.BEFORE, Fault.AFTER, Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
      boolean reached = true;
      for (long at = fault.ordinal() % STEP; reached; at += STEP) {
        reached = new AppendTest().beginAfterFault(fault, at, at % 2 == 0);
      }
    }
  }

  private boolean beginAfterFault(Fault fault, long at, boolean filled) {
    if (filled) {
      fill();
    }
    FaultyStore faulty =
        new FaultyStore(memory, (call, op, name) -> call == at ? fault : Fault.NONE);
    try (NamespaceHandle dying = handle(faulty)) {
      new Append(dying).begin();
    } catch (SlabException | FaultyStore.Crash e) {
      // It began, or it did not.
    }
    assertFresh(without());
    assertCommits(built());
    return faulty.calls() > at;
  }

  /** Gc takes what is left one by one: what says that the log is in slabs goes before these. */
  @Test
  void aBeginningThatNeverCameToBeHidesNoLog() {
    fill();
    dieInBeginning((call, op, name) ->
        op == Operation.CREATE && name.contains("/manifest/") ? Fault.CRASH_BEFORE : Fault.NONE);
    long files = unnamed();
    assertTrue(files >= 2);
    assertProved(without());
    clock.addAndGet(10_000_000);
    while (files > 0) {
      process(handle -> GarbageCollector.of(handle).run(new GcRequest(1_000, 99, 1, false)));
      assertTrue(unnamed() < files);
      files = unnamed();
      assertProved(without());
    }
    assertFresh(without());
  }

  @Test
  void whoLosesTheBeginningAndDiesTakesNothingWithIt() {
    for (int deletes = 0; deletes < 2; deletes++) {
      new AppendTest().dieWhileDiscarding(deletes);
    }
  }

  private void dieWhileDiscarding(int deletes) {
    fill();
    AtomicLong left = new AtomicLong(deletes);
    dieInBeginning((call, op, name) -> {
      if (op == Operation.CREATE && name.contains("/manifest/")) {
        // Another process is first, with a manifest that flushes nothing.
        process(handle -> {
          new NamespaceAdmin(handle).configure(Map.of(Thresholds.SLAB_ROWS, 9_000L));
          return null;
        });
      }
      boolean last = op == Operation.DELETE && left.getAndDecrement() == 0;
      return last ? Fault.CRASH_BEFORE : Fault.NONE;
    });
    assertProved(without());
    assertFresh(without());
  }

  private void dieInBeginning(FaultyStore.Plan plan) {
    try (NamespaceHandle dying = handle(new FaultyStore(memory, plan))) {
      new Append(dying).begin();
    } catch (FaultyStore.Crash e) {
      return;
    }
    throw new AssertionError("it did not die");
  }

  /** Slabs that no manifest names. */
  private long unnamed() {
    return process(handle ->
        memory.list("ns/ns/slabs/", null).stream()
            .filter(file ->
                handle.newest().slabs().stream()
                    .noneMatch(slab -> file.name().contains(slab.id().toString())))
            .count());
  }

  /** All that was committed meanwhile is looked through: it is known that the append was not. */
  @Test
  void moreManifestsThanAHistoryHoldsEndItAsAConflict() {
    fill();
    BuiltSlabs built = built();
    changeThresholds(600);
    assertRefused(State.OVERTAKEN, built);
  }

  @Test
  void thatItWasCommittedIsFoundBehindMoreManifestsThanAHistoryHolds() {
    fill();
    BuiltSlabs built = built();
    CommitResult result = commit(built);
    changeThresholds(600);
    assertEquals(result, commit(built));
    // A manifest in between is gone: nobody can tell.
    memory.list("ns/ns/manifest/", null).stream()
        .skip(2)
        .limit(400)
        .forEach(manifest -> memory.delete(manifest.name()));
    assertThrows(OutcomeUnknownException.class, () -> commit(built));
    assertFresh(with());
  }

  /** It ends at the first update, and does not take the whole log into memory to see it. */
  @Test
  void theLogSinceIsNotReadAtOnce() {
    fill();
    BuiltSlabs built = built();
    write(after, List.of(new WriteOp.PartialUpdate("r021", new float[] {7, 7}, null, null)), false);
    process(handle -> {
      try (NamespaceWriter writer = new NamespaceWriter(handle)) {
        for (int i = 0; i < 60; i++) {
          writer.append(upserts(70, 71));
          after.addAll(upserts(70, 71));
        }
        return writer.flush();
      }
    });
    AtomicLong reads = new AtomicLong();
    FaultyStore counting =
        new FaultyStore(
            memory,
            (call, op, name) -> {
              if (op == Operation.READ && name.contains("/wal/")) {
                reads.incrementAndGet();
              }
              return Fault.NONE;
            });
    try (NamespaceHandle handle = handle(counting)) {
      assertEquals(State.OVERTAKEN, new Append(handle).commit(built).state());
    }
    assertTrue(reads.get() < 40, reads + " objects were read");
    assertRefused(State.OVERTAKEN, built);
  }

  private void changeThresholds(int times) {
    process(handle -> {
      for (int i = 0; i < times; i++) {
        new NamespaceAdmin(handle).configure(Map.of(Thresholds.SLAB_ROWS, 9_000L + i % 2));
      }
      return null;
    });
  }

  /**
   * Just before any call of a commit another process writes, flushes, compacts, or commits the same
   * slabs, and gc runs.
   */
  @Test
  void othersComeInBetween() {
    for (int kind = 0; kind < 4; kind++) {
      boolean reached = true;
      for (long at = kind % STEP; reached; at += STEP) {
        reached = new AppendTest().commitBeside(kind, at);
      }
    }
  }

  private boolean commitBeside(int kind, long at) {
    fill();
    BuiltSlabs built = built();
    write(after, upserts(25, 30), true);
    write(after, List.of(new WriteOp.DeleteId("r059")), false);
    Runnable act =
        () -> {
          if (kind == 0) {
            write(after, List.of(new WriteOp.DeleteId("r050")), true);
            write(after, upserts(22, 24), true);
            compact();
          } else if (kind == 1) {
            write(after, upserts(22, 24), false);
          } else {
            assertTrue(commit(built).committed());
            compact();
          }
          if (kind == 3) {
            collectEverythingOld();
          }
        };
    FaultyStore watched =
        new FaultyStore(
            memory,
            (call, op, name) -> {
              if (call == at && op != Operation.DELETE) {
                act.run();
              }
              return Fault.NONE;
            });
    CommitResult first;
    try (NamespaceHandle handle = handle(watched)) {
      first = new Append(handle).commit(built);
    }
    assertTrue(first.committed(), () -> kind + " at " + at + ": " + first.state());
    assertFresh(with());
    assertProved(with());
    assertEquals(first, commit(built));
    collectEverythingOld();
    assertFresh(with());
    assertProved(with());
    return watched.calls() > at;
  }

  @Test
  void ordersOfOtherKindsAreRefused() {
    fill();
    BuiltSlabs built = built();
    assertThrows(IllegalArgumentException.class, () -> process(h -> new BulkLoad(h).commit(built)));
    BuiltSlabs replacing = process(handle -> new BulkLoad(handle).beginReplacing());
    assertThrows(IllegalArgumentException.class, () -> commit(replacing));
    assertFalse(process(h -> h.newest().slabs()).isEmpty());
  }
}
