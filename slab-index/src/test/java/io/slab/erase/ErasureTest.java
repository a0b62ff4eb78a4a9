package io.slab.erase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.erase.EraseResult.Until;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.filter.FilterParser;
import io.slab.memtable.WriteOp;
import io.slab.namespace.AsOf;
import io.slab.namespace.PastStates;
import io.slab.writer.Checkpoints;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an erasure leaves, by bytes, and when it may go, to the millisecond. */
class ErasureTest {
  private final ErasureRun run = new ErasureRun(1);

  private EraseRequest all(List<String> ids) {
    return new EraseRequest(ids, null, ErasureRun.AGE, true, true, false);
  }

  /** Three versions of a record in two slabs and the log, between others. */
  private void write() {
    run.put("gone-record", 1);
    run.put("that-stays", 2);
    run.flush();
    run.put("gone-record", 1);
    run.put("stays-too", 2);
    run.flush();
    run.put("gone-record", 1);
    run.requireFound("gone-record");
  }

  @Test
  void theSecondCallFinishesAtTheTimeThatTheFirstOneSays() {
    write();
    EraseResult first = run.erase(all(List.of("gone-record")));
    assertEquals(1, first.records());
    assertFalse(first.finished());
    assertTrue(first.left().stream().allMatch(left -> left.until() == Until.TIME));
    assertEquals(run.now() + ErasureRun.AGE, first.nextMillis());
    run.requireSame(List.of("gone-record"));
    run.pass(ErasureRun.AGE - 1);
    assertFalse(run.erase(all(List.of("gone-record"))).finished());
    run.pass(1);
    EraseResult second = run.erase(all(List.of("gone-record")));
    assertTrue(second.finished(), second::toString);
    assertEquals(0, second.records());
    run.requireGone(List.of("gone-record"));
    run.requireSame(List.of("gone-record"));
    run.requireFound("that-stays");
  }

  @Test
  void withoutReadersTheHourOfNumberedObjectsIsAllThatIsWaitedFor() {
    write();
    EraseRequest atOnce = new EraseRequest(List.of("gone-record"), null, 0, false, false, false);
    EraseResult first = run.erase(atOnce);
    assertTrue(
        first.left().stream()
            .allMatch(
                left -> left.object().contains("/wal/") || left.object().contains("/manifest/")),
        first::toString);
    assertEquals(run.now() + ErasureRun.HOUR, first.nextMillis());
    run.pass(ErasureRun.HOUR);
    assertTrue(run.erase(atOnce).finished());
    run.requireGone(List.of("gone-record"));
  }

  @Test
  void aCheckpointIsNamedAndGoesOnlyWhenThatIsAllowed() {
    write();
    new Checkpoints(run.handle).create("kept", 0);
    run.put("later-on", 3);
    new Checkpoints(run.handle).create("also", 0);
    EraseRequest careful = EraseRequest.ofIds(List.of("gone-record"));
    run.erase(careful);
    run.pass(3 * ErasureRun.AGE);
    EraseResult held = run.erase(careful);
    assertTrue(held.left().stream().allMatch(left -> left.until() == Until.CHECKPOINT));
    assertTrue(held.left().getFirst().reason().contains("'kept'"), held::toString);
    assertEquals(-1, held.nextMillis());
    new PastStates(run.handle).find(AsOf.checkpoint("kept"));
    EraseResult released = run.erase(all(List.of("gone-record")));
    assertEquals(List.of("kept", "also"), released.released());
    run.pass(released.nextMillis() - run.now());
    EraseResult last = run.erase(all(List.of("gone-record")));
    assertTrue(last.finished(), last::toString);
    run.requireGone(List.of("gone-record"));
  }

  @Test
  void aCheckpointWithoutSuchARecordStays() {
    run.put("that-stays", 1);
    new Checkpoints(run.handle).create("before", 0);
    run.put("gone-record", 1);
    run.flush();
    EraseResult result = run.erase(all(List.of("gone-record")));
    assertEquals(List.of(), result.released());
    run.pass(result.nextMillis() - run.now());
    assertTrue(run.erase(all(List.of("gone-record"))).finished());
    new PastStates(run.handle).find(AsOf.checkpoint("before"));
  }

  @Test
  void aFilterFindsWhatMatchesNowAndOlderVersionsOfWhatDoesNot() {
    String old = run.put("record-a", 1);
    run.flush();
    String current = run.put("record-a", 2);
    run.put("record-b", 1);
    run.flush();
    EraseRequest request =
        new EraseRequest(
            List.of(),
            FilterParser.parse("{\"kind\":{\"$eq\":1}}"),
            ErasureRun.AGE,
            true,
            true,
            false);
    EraseResult result = run.erase(request);
    assertEquals(1, result.records());
    run.requireSame(List.of("record-b"));
    run.pass(result.nextMillis() - run.now());
    EraseResult last = run.erase(request);
    assertTrue(last.finished(), last::toString);
    run.requireGone(List.of("record-b"));
    Bytes.requireNowhere(run.store, old.getBytes(), "record-a");
    assertTrue(Bytes.isSomewhere(run.store, current.getBytes()));
  }

  @Test
  void whatWasDeletedBeforeGoesToo() {
    write();
    run.write(new WriteOp.DeleteByPrefix("gone"));
    run.flush();
    EraseResult result = run.erase(all(List.of("gone-record")));
    assertEquals(0, result.records());
    run.pass(result.nextMillis() - run.now());
    assertTrue(run.erase(all(List.of("gone-record"))).finished());
    run.requireGone(List.of("gone-record"));
  }

  @Test
  void whatIsWrittenAgainIsANewRecord() {
    write();
    run.erase(all(List.of("gone-record")));
    run.requireSame(List.of("gone-record"));
    String text = run.put("gone-record", 4);
    run.flush();
    run.compact(CompactionRequest.full());
    EraseResult again = run.erase(all(List.of("gone-record")));
    assertEquals(1, again.records());
    run.pass(again.nextMillis() - run.now());
    assertTrue(run.erase(all(List.of("gone-record"))).finished());
    Bytes.requireNowhere(run.store, text.getBytes(), "gone-record");
  }

  @Test
  void theQuarantineAndInterruptedWritesAreSaid() {
    write();
    String name = run.handle.names().quarantineFolder() + "x.slab.damaged";
    run.store.create(name, new byte[] {1});
    EraseRequest careful = EraseRequest.ofIds(List.of("gone-record"));
    run.erase(careful);
    run.pass(2 * ErasureRun.AGE);
    EraseResult held = run.erase(careful);
    assertEquals(1, held.left().size(), held::toString);
    assertEquals(Until.QUARANTINE, held.left().getFirst().until());
    assertTrue(run.erase(all(List.of("gone-record"))).finished());
    assertEquals(List.of(), run.store.list(run.handle.names().quarantineFolder(), null));
  }

  @Test
  void aDryRunChangesNothing() {
    write();
    long before = run.handle.newest().id();
    EraseResult result =
        run.erase(new EraseRequest(List.of("gone-record"), null, ErasureRun.AGE, true, true, true));
    assertEquals(1, result.records());
    assertEquals(2, result.slabs());
    assertEquals(before, run.handle.newest().id());
    run.requireSame(List.of());
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    assertThrows(InvalidInputException.class, () -> EraseRequest.ofIds(List.of()));
    assertThrows(InvalidInputException.class, () -> EraseRequest.ofIds(List.of("")));
    assertThrows(
        InvalidInputException.class, () -> EraseRequest.ofFilter(FilterParser.parse("{}")));
    assertThrows(NotFoundException.class, () -> run.erase(all(List.of("gone-record"))));
  }

  @Test
  void aSlabThatMustGoOnCarryingADeleteIsNotRewrittenByEachCall() {
    run.load(List.of(ErasureRun.record("gone-record", 1), ErasureRun.record("that-stays", 2)));
    new Checkpoints(run.handle).create("kept", 0);
    EraseRequest careful = EraseRequest.ofIds(List.of("gone-record"));
    run.erase(careful);
    run.pass(3 * ErasureRun.AGE);
    run.erase(careful);
    for (int i = 0; i < 2; i++) {
      run.pass(3 * ErasureRun.AGE);
      long before = run.handle.requireNewest().id();
      EraseResult again = run.erase(careful);
      assertFalse(again.finished(), again::toString);
      assertEquals(0, again.slabs(), again::toString);
      assertTrue(run.handle.requireNewest().id() - before <= 2, "gc's manifests alone");
    }
    EraseResult last = run.erase(all(List.of("gone-record")));
    // What a bulk load wrote goes by the second call, and the deletes of it by the third.
    for (int i = 0; i < 2; i++) {
      assertFalse(last.finished(), last::toString);
      run.pass(last.nextMillis() - run.now());
      last = run.erase(all(List.of("gone-record")));
    }
    assertTrue(last.finished(), last::toString);
  }
}
