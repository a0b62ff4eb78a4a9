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
import io.slab.error.SlabException;
import io.slab.error.UnsupportedException;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.BuiltSlabsJson;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.Ulid;
import io.slab.snapshot.Oracle;
import io.slab.writer.CommitResult.State;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Slabs that one process builds and another one commits. Each handle here is a process. */
class BuiltSlabsTest extends BuiltSlabsFixture {
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
