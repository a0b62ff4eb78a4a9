package io.slab.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.CompactionRequest.Kind;
import io.slab.compaction.Compactor;
import io.slab.error.CancellationToken;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.ProvedRecords;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.Seeds;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The end of a log that is in slabs has an update between two deletes by the same filter: it brings
 * back nothing that the first one took.
 */
class ProvedUpdatesTest {
  private static final NamespaceNames NAMES = new NamespaceNames("ns");
  private static final WriteOp DELETE = new WriteOp.DeleteByFilter("{\"n\":1}");

  private final MemoryStore store = new MemoryStore();
  private final Oracle oracle = new Oracle();
  private long seeds = Seeds.of("ProvedUpdatesTest");

  private static Metadata n(int n) {
    return Metadata.of(Map.of("n", new MetaValue.Num(n)));
  }

  private static WriteOp upsert(String id, int n) {
    return new WriteOp.Upsert(new VectorRecord(id, new float[] {1, 2}, null, n(n)));
  }

  private static WriteOp update(boolean byFilter) {
    return byFilter
        ? new WriteOp.UpdateByFilter("{\"n\":1}", n(0))
        : new WriteOp.PartialUpdate("a", null, null, n(0));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bothDeletesAreInOneFlush(boolean byFilter) {
    write(upsert("a", 1), upsert("b", 2));
    flush();
    write(DELETE);
    write(update(byFilter), DELETE);
    flush();
    assertProved();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCompactionMeetsBothDeletes(boolean byFilter) {
    write(upsert("a", 1), upsert("b", 2));
    flush();
    write(upsert("c", 3), DELETE);
    flush();
    write(upsert("d", 4), update(byFilter), DELETE);
    flush();
    compactAllButTheFirst();
    assertProved();
  }

  @Test
  void aRepairFlushesBothDeletes() {
    write(upsert("a", 1), upsert("b", 2));
    flush();
    write(DELETE);
    write(update(true), DELETE);
    loseManifests();
    repair();
    assertProved();
  }

  @Test
  void anUpdateBeforeTheOnlyDeleteCounts() {
    write(upsert("a", 1), upsert("b", 2));
    flush();
    write(update(true), DELETE);
    flush();
    write(upsert("c", 3), DELETE);
    assertProved();
  }

  private Environment environment() {
    return new Environment(() -> 1_000L, new SplittableRandom(seeds++));
  }

  private NamespaceHandle handle() {
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment(), new FormatSlabs(), new Retry(3, 0));
  }

  /** One log object. */
  private void write(WriteOp... ops) {
    oracle.apply(List.of(ops));
    try (NamespaceHandle handle = handle();
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(List.of(ops));
    }
  }

  private void flush() {
    try (NamespaceHandle handle = handle();
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.flush();
    }
  }

  private void compactAllButTheFirst() {
    try (NamespaceHandle handle = handle()) {
      List<Ulid> slabs = handle.newest().slabs().stream().map(SlabEntry::id).toList();
      CompactionRequest request =
          new CompactionRequest(
              Kind.SLABS, -1, slabs.subList(1, slabs.size()), Long.MAX_VALUE, Long.MAX_VALUE);
      Compactor.of(handle).run(request, () -> false, result -> {});
      assertEquals(2, handle.newest().slabs().size());
      slabs.subList(1, slabs.size()).forEach(input -> store.delete(NAMES.slab(input)));
    }
  }

  /** Of the log its last object is left: with it the files prove the records, and no others. */
  private void assertProved() {
    List<ObjectInfo> log = store.list(NAMES.walFolder(), null);
    log.subList(0, log.size() - 1).forEach(object -> store.delete(object.name()));
    oracle.assertSame(ProvedRecords.of(store, NAMES, Oracle.SPEC));
    loseManifests();
    repair();
    try (NamespaceHandle handle = handle();
        Snapshot snapshot = handle.snapshot()) {
      oracle.assertSame(snapshot);
    }
    oracle.assertSame(ProvedRecords.of(store, NAMES, Oracle.SPEC));
  }

  private void loseManifests() {
    for (String folder : List.of(NAMES.manifestFolder(), NAMES.deletesFolder())) {
      store.list(folder, null).stream().map(ObjectInfo::name).forEach(store::delete);
    }
  }

  private void repair() {
    try (NamespaceRepair repair =
        new NamespaceRepair(store, "ns", Oracle.SPEC, environment(), CancellationToken.NONE)) {
      repair.examine();
      assertEquals(List.of(), repair.apply(false).lost());
    }
  }
}
