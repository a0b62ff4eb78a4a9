package io.slab.compaction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.format.SlabRequest.Tombstone;
import io.slab.format.SlabTombstones;
import io.slab.gc.GarbageCollector;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.RangeTombstone;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.namespace.LevelRules;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.Thresholds;
import io.slab.store.ObjectInfo;
import io.slab.testkit.Seeds;
import io.slab.writer.BulkLoad;
import io.slab.writer.ListRows;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which deletes flushes and compactions write, carry and leave out. */
class CarriedDeletesTest extends CarriedDeletesFixture {
  @Test
  void aFlushOfDeletesAloneLeavesASlabOfThem() {
    flush(upsert("a", "red"), upsert("b", "blue"), upsert("c", "blue"));
    flush(
        new WriteOp.DeleteByFilter(RED),
        new WriteOp.DeleteByPrefix("b"),
        new WriteOp.DeleteByPrefix("x".repeat(513)),
        new WriteOp.DeleteByFilter(RED));
    assertEquals(2, named().size());
    SlabEntry last = named().getLast();
    assertEquals(0, last.rows());
    SlabTombstones carried = carried(last);
    assertEquals(List.of(), carried.ids());
    assertEquals(
        List.of(
            RangeTombstone.prefix(lsn(2, 1), Utf8.bytes("b")),
            RangeTombstone.filter(lsn(2, 3), RED)),
        carried.ranges());
    assertEquals(lsn(2, 3), carried.asOf());
    assertRecords("c");
  }

  @Test
  void aDeleteByIdThatMeetsNothingLeavesATraceToo() {
    flush(upsert("a", "red"));
    flush(new WriteOp.DeleteId("z"));
    List<Tombstone> ids = carried(named().getLast()).ids();
    assertEquals(1, ids.size());
    assertArrayEquals(Utf8.bytes("z"), ids.getFirst().id());
    assertEquals(lsn(2, 0), ids.getFirst().lsn());
  }

  @Test
  void aDeleteOfAllStandsForEverythingBefore() {
    flush(upsert("a", "red"), upsert("b", "blue"));
    append(new WriteOp.DeleteId("a"), new WriteOp.DeleteByFilter(RED));
    flush(new WriteOp.DeleteByPrefix(""), upsert("c", "red"));
    assertEquals(1, named().size());
    SlabTombstones carried = carried(named().getFirst());
    assertEquals(List.of(RangeTombstone.all(lsn(3, 0))), carried.ranges());
    assertEquals(List.of(), carried.ids());
    assertRecords("c");
  }

  @Test
  void aSlabWithoutLivingRowsStaysNamedSinceItHidesOlderRecords() {
    flush(upsert("a", "blue"));
    flush(upsert("a", "red"));
    flush(new WriteOp.DeleteByFilter(RED));
    assertEquals(3, named().size());
    assertEquals(0, named().get(1).liveRows());
    assertRecords();
  }

  @Test
  void anOlderVersionThatTheFilterDoesNotMatchStaysDead() {
    flush(upsert("a", "blue"), upsert("b", "blue"));
    flush(upsert("a", "red"), upsert("c", "blue"));
    flush(new WriteOp.DeleteByFilter(RED));
    // The row of "a" that the filter matched goes; the older one stays in the first slab.
    compact(named().get(1).id());
    collect();
    assertRecords("b", "c");
    List<Tombstone> ids = carried(named().get(1)).ids();
    assertEquals(1, ids.size());
    assertEquals(lsn(2, 0), ids.getFirst().lsn());
  }

  private static List<String> ids(SlabTombstones of) {
    return of.ids().stream().map(tombstone -> Utf8.string(tombstone.id())).toList();
  }

  @Test
  void eachOfSeveralSlabsHasTheDeletesOfItsRange() {
    flush(upsert("b", "red"), upsert("c", "red"), upsert("f", "red"));
    new NamespaceAdmin(handle).configure(Map.of(Thresholds.SLAB_ROWS, 2L));
    append(new WriteOp.DeleteId("a"), new WriteOp.DeleteId("d"), new WriteOp.DeleteByFilter(RED));
    flush(upsert("b", "blue"), upsert("c", "blue"), upsert("e", "blue"), new WriteOp.DeleteId("z"));
    List<SlabEntry> flushed = named().subList(named().size() - 2, named().size());
    assertEquals(List.of("a"), ids(carried(flushed.get(0))));
    assertEquals(List.of("d", "z"), ids(carried(flushed.get(1))));
    assertEquals(1, carried(flushed.get(0)).ranges().size());
    assertEquals(List.of(), carried(flushed.get(1)).ranges());
    assertEquals(2, flushed.get(0).tombstones());
    assertEquals(2, flushed.get(1).tombstones());
    assertRecords("b", "c", "e");
  }

  /** Many bytes that do not shrink, so that a compaction of several writes several slabs. */
  private static WriteOp large(String id, long seed) {
    byte[] random = new byte[30_000];
    new Random(seed).nextBytes(random);
    Metadata metadata =
        Metadata.of(Map.of("x", new MetaValue.Str(Base64.getEncoder().encodeToString(random))));
    return new WriteOp.Upsert(new VectorRecord(id, new float[] {1, 2}, null, metadata));
  }

  @Test
  void eachOfSeveralOutputsHasTheDeletesOfItsRange() {
    flush(upsert("gone1", "red"), upsert("gone7", "red"));
    List<WriteOp> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rows.add(large("gone" + i / 2 + "-" + i % 2, Seeds.of("CarriedDeletesTest") + i));
    }
    flush(rows.toArray(WriteOp[]::new));
    flush(new WriteOp.DeleteId("gone1"), new WriteOp.DeleteId("gone7"));
    new NamespaceAdmin(handle).configure(Map.of(LevelRules.MAX_BYTES, 200_000L));
    compact(named().stream().skip(1).map(SlabEntry::id).toArray(Ulid[]::new));
    List<SlabEntry> outputs = named().subList(1, named().size());
    assertTrue(outputs.size() > 1, () -> "several outputs: " + named());
    List<String> all = new ArrayList<>();
    outputs.forEach(output -> all.addAll(ids(carried(output))));
    assertEquals(List.of("gone1", "gone7"), all);
    assertEquals(List.of("gone1"), ids(carried(outputs.getFirst())));
  }

  @Test
  void deletesOfManyFillTheMemtableToo() {
    flush(upsert("old", "blue"));
    new NamespaceAdmin(handle).configure(Map.of(Thresholds.MEMTABLE_RECORDS, 5L));
    try (NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(List.of(upsert("a", "blue")));
      for (int i = 0; i < 9; i++) {
        writer.append(List.of(new WriteOp.DeleteByFilter("{\"color\":\"c" + i + "\"}")));
      }
    }
    assertEquals(11, handle.requireNewest().walFlushedThrough());
  }

  @Test
  void aSlabThatComesTooLateIsVoid() {
    flush(upsert("a", "red"), upsert("b", "blue"));
    ObjectInfo first = store.list(NAMES.slabFolder(), null).getFirst();
    byte[] bytes = store.read(first.name(), Integer.MAX_VALUE);
    flush(new WriteOp.DeleteId("a"));
    compact();
    collect();
    flush(upsert("c", "blue"));
    compact();
    assertEquals(List.of(), carried(named().getFirst()).ids());
    collect();
    store.create(first.name(), bytes);
    assertRecords("b", "c");
  }

  @Test
  void theDropOfANamespaceIsCarriedForEver() {
    flush(upsert("a", "red"));
    new NamespaceAdmin(handle).drop();
    flush(upsert("b", "blue"));
    GarbageCollector.of(handle).run(ALL);
    compact();
    GarbageCollector.of(handle).run(ALL);
    flush(upsert("c", "blue"));
    compact();
    assertEquals(RangeTombstone.all(lsn(2, 0)), carried(named().getFirst()).ranges().getFirst());
    assertRecords("b", "c");
    collect();
    flush(upsert("d", "blue"));
    compact();
    // The log here has nothing of before any more, but that of an earlier copy may.
    assertEquals(RangeTombstone.all(lsn(2, 0)), carried(named().getFirst()).ranges().getFirst());
    assertRecords("b", "c", "d");
  }

  @Test
  void aLoadSaysThatTheNamespaceWasEmpty() {
    flush(upsert("a", "red"));
    ObjectInfo first = store.list(NAMES.slabFolder(), null).getFirst();
    byte[] bytes = store.read(first.name(), Integer.MAX_VALUE);
    append(new WriteOp.DeleteId("a"));
    VectorRecord b = new VectorRecord("b", new float[] {1, 2}, null, Metadata.EMPTY);
    new BulkLoad(handle).run(new ListRows(List.of(b)), () -> false);
    assertEquals(2, named().size());
    assertEquals(List.of(RangeTombstone.all(lsn(3, 0))), carried(named().getFirst()).ranges());
    assertEquals(SlabTombstones.UNKNOWN, carried(named().getLast()).asOf());
    collect();
    store.create(first.name(), bytes);
    assertRecords("b");
  }

  @Test
  void aLoadIntoANewNamespaceWritesNoDeletes() {
    VectorRecord b = new VectorRecord("b", new float[] {1, 2}, null, Metadata.EMPTY);
    new BulkLoad(handle).run(new ListRows(List.of(b)), () -> false);
    assertEquals(1, named().size());
    assertRecords("b");
  }
}
