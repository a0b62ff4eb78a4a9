package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.ConflictException;
import io.slab.error.OutcomeUnknownException;
import io.slab.manifest.Appends;
import io.slab.manifest.BuiltSlabs;
import io.slab.memtable.WriteOp;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.Thresholds;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.FaultyStore.Operation;
import io.slab.writer.CommitResult.State;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Appends beside writers, compactions and gc that come in between. */
class AppendRacesTest extends AppendFixture {
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
    // A manifest in between is gone: the append cannot tell.
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
        reached = new AppendRacesTest().commitBeside(kind, at);
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
}
