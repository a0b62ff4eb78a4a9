package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.SlabException;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.NamespaceManifest;
import io.slab.memtable.WriteOp;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Oracle;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.writer.CommitResult.State;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Commits of built slabs that crash, fail, come twice, or come too late for gc and for the history.
 */
class BuiltSlabsFaultsTest extends BuiltSlabsFixture {
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
          BuiltSlabsFaultsTest test = new BuiltSlabsFaultsTest();
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
          new BuiltSlabsFaultsTest().commitBeside(compaction, deaths, false, at);
          new BuiltSlabsFaultsTest().commitBeside(compaction, deaths, true, at);
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
}
