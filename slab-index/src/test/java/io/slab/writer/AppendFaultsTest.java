package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.SlabException;
import io.slab.gc.GarbageCollector;
import io.slab.gc.GcRequest;
import io.slab.manifest.BuiltSlabs;
import io.slab.memtable.WriteOp;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.Thresholds;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.FaultyStore.Operation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Appends whose process dies, or whose store fails, at any call of the beginning and of the commit.
 */
class AppendFaultsTest extends AppendFixture {
  /** The committing process dies, or a call of it fails, at any point; another one commits. */
  @Test
  void aCrashOrFailureAtAnyCallOfTheCommitIsMadeGood() {
    for (Fault fault : List.of(Fault.BEFORE, Fault.AFTER, Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
      boolean reached = true;
      for (long at = fault.ordinal() % STEP; reached; at += STEP) {
        reached = new AppendFaultsTest().commitAfterFault(fault, at);
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
        reached = new AppendFaultsTest().beginAfterFault(fault, at, at % 2 == 0);
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
      new AppendFaultsTest().dieWhileDiscarding(deletes);
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
}
