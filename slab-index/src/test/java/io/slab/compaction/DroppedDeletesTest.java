package io.slab.compaction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.format.SlabRequest.Tombstone;
import io.slab.format.SlabTombstones;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.RangeTombstone;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * When a compaction drops the deletes that slabs carry, and when something might still need them.
 */
class DroppedDeletesTest extends CarriedDeletesFixture {
  @Test
  void deletesGoWithTheCompactionAfterTheOneThatAppliedThem() {
    flush(upsert("a", "red"), upsert("b", "blue"), upsert("c", "blue"), upsert("d", "blue"));
    flush(new WriteOp.DeleteByFilter(RED), new WriteOp.DeleteId("b"));
    compact();
    SlabTombstones carried = carried(named().getFirst());
    // The inputs are still there. Of "a" there cannot be an older record that the filter missed.
    assertEquals(RangeTombstone.filter(lsn(2, 0), RED), carried.ranges().getFirst());
    assertEquals(1, carried.ids().size());
    assertArrayEquals(Utf8.bytes("b"), carried.ids().getFirst().id());
    collect();
    append(upsert("e", "blue"));
    flush();
    compact();
    carried = carried(named().getFirst());
    assertEquals(List.of(), carried.ids());
    assertEquals(1, carried.ranges().size());
    assertEquals(RangeTombstone.Kind.OTHER_SLABS, carried.ranges().getFirst().kind());
    assertRecords("c", "d", "e");
    collect();
    assertRecords("c", "d", "e");
  }

  @Test
  void deletesStayAsLongAsAnUnnamedSlabMightNeedThem() {
    flush(upsert("a", "red"), upsert("b", "blue"));
    SlabEntry first = named().getFirst();
    byte[] bytes = store.read(NAMES.slab(first.id()), Integer.MAX_VALUE);
    flush(new WriteOp.DeleteByFilter(RED));
    compact();
    collect();
    // As if gc could not delete it.
    store.create(NAMES.slab(first.id()), bytes);
    flush(upsert("c", "blue"));
    compact();
    assertTrue(
        carried(named().getFirst()).ranges().stream()
            .anyMatch(range -> range.kind() == RangeTombstone.Kind.FILTER));
    assertRecords("b", "c");
  }

  /** The log objects that were flushed, as by a gc that could delete nothing else. */
  private void trimLog() {
    long flushed = handle.requireNewest().walFlushedThrough();
    handle.wal().listAfter(-1).stream()
        .filter(number -> number < flushed)
        .forEach(number -> store.delete(handle.wal().name(number)));
  }

  @Test
  void shortLivedIdsLeaveNoTombstonesOverALargeOldSlab() {
    flush(upsert("old1", "blue"), upsert("old2", "blue"));
    compact(named().getFirst().id());
    Ulid old = named().getFirst().id();
    for (int round = 0; round < 5; round++) {
      String id = "short" + round;
      flush(upsert(id, "red"), upsert("stays" + round, "blue"));
      flush(new WriteOp.DeleteId(id), upsert("more" + round, "blue"));
      compact(named().stream().map(SlabEntry::id).filter(s -> !s.equals(old)).toArray(Ulid[]::new));
    }
    assertEquals(2, named().size());
    List<Tombstone> ids = carried(named().getLast()).ids();
    // That of the last round, whose record is in an input of the last compaction.
    assertEquals(1, ids.size());
    assertArrayEquals(Utf8.bytes("short4"), ids.getFirst().id());
    // Neither gc nor the old slab had a part in it.
    assertEquals(old, named().getFirst().id());
  }

  @Test
  void aTombstoneStaysAsLongAsAnOldSlabHasItsId() {
    flush(upsert("old1", "blue"), upsert("old2", "blue"));
    compact(named().getFirst().id());
    flush(new WriteOp.DeleteId("old1"), upsert("b", "blue"));
    for (int round = 0; round < 3; round++) {
      compact(named().getLast().id());
      List<Tombstone> ids = carried(named().getLast()).ids();
      assertEquals(1, ids.size());
      assertArrayEquals(Utf8.bytes("old1"), ids.getFirst().id());
      trimLog();
      assertRecords("old2", "b");
    }
  }

  @Test
  void deletesOfManyGoWhereNoOldSlabHasAMatch() {
    flush(upsert("old1", "blue"), upsert("old2", "green"));
    compact(named().getFirst().id());
    flush(upsert("p1", "red"), upsert("b", "blue"));
    flush(
        new WriteOp.DeleteByFilter(RED),
        new WriteOp.DeleteByFilter("{\"color\":\"green\"}"),
        new WriteOp.DeleteByPrefix("p"),
        new WriteOp.DeleteByPrefix("old1"),
        upsert("c", "blue"));
    compact(named().get(1).id(), named().get(2).id());
    trimLog();
    assertRecords("b", "c");
    compact(named().getLast().id());
    assertEquals(
        List.of(
            RangeTombstone.filter(lsn(3, 1), "{\"color\":\"green\"}"),
            RangeTombstone.prefix(lsn(3, 3), Utf8.bytes("old1"))),
        carried(named().getLast()).ranges().subList(0, 2));
    assertEquals(3, carried(named().getLast()).ranges().size());
    assertRecords("b", "c");
  }

  @Test
  void slabsAreRetiredUntilTheyAreDeleted() {
    flush(upsert("a", "red"));
    Ulid first = named().getFirst().id();
    flush(upsert("b", "red"));
    Ulid second = named().getLast().id();
    assertEquals(List.of(), handle.requireNewest().retired());
    compact();
    assertEquals(List.of(first, second), handle.requireNewest().retired());
    collect();
    assertEquals(List.of(), handle.requireNewest().retired());
  }

  @Test
  void anEmptyNamespaceKeepsOneDelete() {
    flush(upsert("a", "red"), upsert("b", "blue"));
    flush(new WriteOp.DeleteId("a"), new WriteOp.DeleteId("b"));
    compact();
    assertEquals(1, named().size());
    assertEquals(0, named().getFirst().rows());
    SlabTombstones carried = carried(named().getFirst());
    assertEquals(List.of(), carried.ids());
    assertEquals(List.of(RangeTombstone.all(lsn(2, 1))), carried.ranges());
    assertRecords();
    assertEquals(null, Compactor.of(handle).plan(CompactionRequest.full()));
  }
}
