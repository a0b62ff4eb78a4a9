package io.slab.erase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.slab.erase.EraseResult.Until;
import io.slab.filter.FilterParser;
import io.slab.namespace.NamespaceHandle;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.FaultyStore.Operation;
import io.slab.writer.Checkpoints;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What another writer does while an erasure by filter is under way. */
class ErasureBesideWritersTest {
  private final ErasureRun run = new ErasureRun(1);

  private static EraseRequest ofKindOne() {
    return new EraseRequest(
        List.of(), FilterParser.parse("{\"kind\":1}"), ErasureRun.AGE, true, true, false);
  }

  /** Erases; right before the first object of the log is created, another writer does something. */
  private EraseResult eraseBeside(Operation operation, String part, Runnable other) {
    boolean[] done = new boolean[1];
    FaultyStore store =
        new FaultyStore(
            run.store,
            (call, asked, name) -> {
              if (!done[0] && asked == operation && name.contains(part)) {
                done[0] = true;
                other.run();
              }
              return Fault.NONE;
            });
    NamespaceHandle handle = run.handle(store, 7);
    EraseResult result = run.erase(handle, ofKindOne());
    assertTrue(done[0]);
    return result;
  }

  @Test
  void aRecordThatIsCorrectedWhileTheSlabsAreLookedThroughStays() {
    String old = run.put("record-a", 1);
    run.put("record-b", 1);
    run.flush();
    EraseResult result = eraseBeside(Operation.CREATE, "wal/", () -> run.put("record-a", 2));
    assertEquals(1, result.records());
    run.requireSame(List.of("record-b"));
    run.pass(result.nextMillis() - run.now());
    assertTrue(run.erase(ofKindOne()).finished(), run.story::toString);
    run.requireSame(List.of("record-b"));
    run.requireGone(List.of("record-b"));
    Bytes.requireNowhere(run.store, old.getBytes(), "record-a");
  }

  @Test
  void aRowThatComesBackWhileTheErasureIsUnderWayIsSaid() {
    run.put("record-a", 1);
    run.put("record-b", 2);
    run.flush();
    int[] deletes = new int[1];
    FaultyStore store =
        new FaultyStore(
            run.store,
            (call, asked, name) -> {
              // Gc runs when the records were deleted and the slabs rewritten.
              if (asked == Operation.DELETE && deletes[0]++ == 0) {
                run.put("record-a", 2);
                run.flush();
              }
              return Fault.NONE;
            });
    EraseRequest byId = EraseRequest.ofIds(List.of("record-a"));
    EraseResult first = run.erase(run.handle, byId);
    run.pass(first.nextMillis() - run.now());
    EraseResult second = run.erase(run.handle(store, 7), byId);
    assertTrue(deletes[0] > 0);
    assertTrue(
        second.left().stream().anyMatch(left -> left.reason().contains("meanwhile")),
        second::toString);
  }

  @Test
  void aFilterFindsTheDeleteThatIsLeftWhenGcTookTheRows() {
    run.load(List.of(ErasureRun.record("record-a", 1), ErasureRun.record("record-b", 2)));
    run.erase(ofKindOne());
    for (int round = 0; round < 6; round++) {
      run.pass(2 * ErasureRun.AGE);
      run.collect();
      EraseResult result = run.erase(ofKindOne());
      if (result.finished()) {
        Bytes.requireNowhere(run.store, "record-a".getBytes(), "record-a");
        return;
      }
      assertTrue(run.erase(ofKindOne()).left().size() > 0, "at once nothing more is gone");
    }
    fail(run.story.toString());
  }

  @Test
  void aDamagedEarlierManifestIsSaid() {
    run.put("record-a", 1);
    run.flush();
    String name = run.handle.manifests().name(run.handle.newest().id());
    run.put("record-b", 2);
    run.flush();
    run.store.delete(name);
    run.store.create(name, new byte[] {'{', 'x'});
    EraseResult result = run.erase(EraseRequest.ofIds(List.of("record-a")));
    assertTrue(
        result.left().stream()
            .anyMatch(left -> left.object().equals(name) && left.until() == Until.CAUSE),
        result::toString);
    run.requireSame(List.of("record-a"));
  }

  @Test
  void theDeleteOfARowThatACheckpointKeepsWaitsForTheCheckpoint() {
    run.load(List.of(ErasureRun.record("record-a", 1), ErasureRun.record("record-b", 2)));
    new Checkpoints(run.handle).create("kept", 0);
    EraseRequest byId = EraseRequest.ofIds(List.of("record-a"));
    EraseResult result = run.erase(byId);
    for (int round = 0; round < 3; round++) {
      run.pass(3 * ErasureRun.AGE);
      result = run.erase(byId);
    }
    assertTrue(
        result.left().stream()
            .filter(left -> left.reason().contains("the delete"))
            .allMatch(left -> left.until() == Until.CHECKPOINT),
        result::toString);
  }

  @Test
  void aRecordThatIsCorrectedBeforeTheDeleteIsLookedAtStays() {
    run.put("record-a", 1);
    run.flush();
    EraseResult result = eraseBeside(Operation.OPEN, "slabs/", () -> run.put("record-a", 2));
    assertEquals(0, result.records());
    run.requireSame(List.of());
  }
}
