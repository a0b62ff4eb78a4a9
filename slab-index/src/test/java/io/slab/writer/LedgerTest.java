package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.CorruptException;
import io.slab.format.ListInput;
import io.slab.format.SlabInput;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Ledger;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FaultySlabs;
import io.slab.snapshot.Snapshot;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A writer of slabs that loses, doubles or changes a row is caught before the commit, at each door
 * through which rows come into new slabs.
 */
class LedgerTest {
  private static final IndexSpec SPEC =
      new IndexSpec("hybrid", 2, Metric.DOTPRODUCT, VectorType.HYBRID, null, 1);

  private final MemoryStore store = new MemoryStore();
  private final FaultySlabs slabs = new FaultySlabs();
  private long seeds = 3;

  /** What becomes of the rows on their way into a slab. */
  enum Fault {
    LOST(rows -> rows.subList(0, rows.size() - 1)),
    DOUBLED(rows -> {
      ListInput.Row last = rows.getLast();
      byte[] id = Utf8.bytes(Utf8.string(last.id()) + "x");
      List<ListInput.Row> more = new ArrayList<>(rows);
      more.add(new ListInput.Row(id, last.lsn(), last.record()));
      return more;
    }),
    ID(changed(row -> ListInput.Row.of(named(row.record(), row.record().id() + "x"), row.lsn()))),
    LSN(changed(row -> new ListInput.Row(row.id(), row.lsn() + 1, row.record()))),
    VECTOR_BIT(changed(row -> with(row, flipped(row.record().values()), null))),
    WEIGHT(
        changed(row ->
            with(
                row,
                row.record().values(),
                new SparseVector(
                    row.record().sparse().indices(), flipped(row.record().sparse().weights()))))),
    METADATA(
        changed(row ->
            ListInput.Row.of(
                row.record().with(Metadata.of(Map.of("n", new MetaValue.Num(-0.0)))), row.lsn()))),
    SWAPPED_VECTORS(rows -> {
      List<ListInput.Row> swapped = new ArrayList<>(rows);
      swapped.set(0, with(rows.get(0), rows.get(1).record().values(), null));
      swapped.set(1, with(rows.get(1), rows.get(0).record().values(), null));
      return swapped;
    });

    private final UnaryOperator<List<ListInput.Row>> change;

    Fault(UnaryOperator<List<ListInput.Row>> change) {
      this.change = change;
    }

    private static UnaryOperator<List<ListInput.Row>> changed(UnaryOperator<ListInput.Row> one) {
      return rows -> {
        List<ListInput.Row> other = new ArrayList<>(rows);
        other.set(rows.size() - 1, one.apply(rows.getLast()));
        return other;
      };
    }

    private static VectorRecord named(VectorRecord record, String id) {
      return new VectorRecord(id, record.values(), record.sparse(), record.metadata());
    }

    private static ListInput.Row with(ListInput.Row row, float[] values, SparseVector sparse) {
      VectorRecord r = row.record();
      SparseVector weights = sparse == null ? r.sparse() : sparse;
      return ListInput.Row.of(new VectorRecord(r.id(), values, weights, r.metadata()), row.lsn());
    }

    private static float[] flipped(float[] values) {
      float[] other = values.clone();
      other[0] = Float.intBitsToFloat(Float.floatToRawIntBits(other[0]) ^ 1);
      return other;
    }

    SlabInput apply(SlabInput rows) {
      return ListInput.of(change.apply(FaultySlabs.list(rows)));
    }
  }

  private NamespaceHandle handle() {
    Environment environment = new Environment(() -> 1_000, new SplittableRandom(seeds++));
    return new NamespaceHandle(store, "ns", SPEC, environment, slabs, new Retry(3, 0));
  }

  private static VectorRecord record(int i) {
    Metadata fields = Metadata.of(Map.of("n", new MetaValue.Num(i)));
    SparseVector sparse = new SparseVector(new int[] {i, i + 9}, new float[] {i + 1, 2});
    return new VectorRecord(String.format("r%03d", i), new float[] {i + 1, 1}, sparse, fields);
  }

  private static List<WriteOp> upserts(int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      batch.add(new WriteOp.Upsert(record(i)));
    }
    return batch;
  }

  private static void compact(NamespaceHandle handle) {
    Compactor.of(handle).run(CompactionRequest.full(), () -> false, result -> {});
  }

  /** Two slabs with dead rows in the older one. */
  private void filled() {
    try (NamespaceHandle handle = handle();
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(upserts(0, 40));
      writer.flush();
      writer.append(upserts(30, 60));
      writer.append(List.of(new WriteOp.DeleteId("r003")));
      writer.flush();
    }
  }

  /** Fails as it must, changes nothing and leaves no slab; then, without the fault, succeeds. */
  private void caught(Fault fault, String work, Consumer<NamespaceHandle> door) {
    List<String> files = files();
    long manifest = newest();
    slabs.change = fault::apply;
    try (NamespaceHandle handle = handle()) {
      CorruptException e = assertThrows(CorruptException.class, () -> door.accept(handle));
      assertTrue(e.getMessage().startsWith(work), e.getMessage());
      assertTrue(e.getMessage().contains("new slabs with the ledger "), e.getMessage());
      assertTrue(e.hint().contains("nothing was committed"), e.hint());
    }
    assertEquals(files, files(), "no slab stays");
    assertEquals(manifest, newest(), "nothing was committed");
    slabs.change = rows -> rows;
    try (NamespaceHandle handle = handle()) {
      door.accept(handle);
    }
  }

  private List<String> files() {
    return store.list("ns/ns/slabs/", null).stream().map(info -> info.name()).toList();
  }

  private long newest() {
    return store.list("ns/ns/manifest/", null).size();
  }

  private long count() {
    try (NamespaceHandle handle = handle();
        Snapshot snapshot = handle.snapshot()) {
      return snapshot.count();
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void flush(Fault fault) {
    try (NamespaceHandle handle = handle();
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(upserts(0, 20));
    }
    caught(
        fault,
        "a flush of 'ns': found",
        handle -> {
          try (NamespaceWriter writer = new NamespaceWriter(handle)) {
            writer.flush();
          }
        });
    assertEquals(20, count());
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void bulkLoad(Fault fault) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      records.add(record(i));
    }
    try (NamespaceHandle handle = handle()) {
      // The namespace is there before, so that what is counted does not change by its creation.
      new BulkLoad(handle).begin();
    }
    caught(
        fault,
        "a bulk load of 'ns': found",
        handle -> new BulkLoad(handle).run(new ListRows(records), () -> false));
    assertEquals(20, count());
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void compaction(Fault fault) {
    filled();
    caught(fault, "the compaction of the slabs ", LedgerTest::compact);
    assertEquals(59, count());
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void compactionInThreeSteps(Fault fault) {
    filled();
    try (NamespaceHandle handle = handle()) {
      Compactor compactor = Compactor.of(handle);
      BuiltSlabs order = compactor.begin(compactor.plan(CompactionRequest.full()));
      caught(
          fault,
          "the compaction of the slabs ",
          other -> Compactor.of(other).commit(Compactor.of(other).build(order, () -> false)));
    }
    assertEquals(59, count());
  }

  /** The process that commits does not take the builder's word for it. */
  @Test
  void aCommitComparesWhatItIsGiven() {
    filled();
    try (NamespaceHandle handle = handle()) {
      Compactor compactor = Compactor.of(handle);
      BuiltSlabs built =
          compactor.build(compactor.begin(compactor.plan(CompactionRequest.full())), () -> false);
      List<BuiltSlabs> wrong =
          List.of(
              built.with(built.slabs(), List.of(), Ledger.EMPTY),
              built.with(built.slabs(), List.of(), built.dropped().plus(new Ledger(0, 0, 0, 1))));
      for (BuiltSlabs other : wrong) {
        assertThrows(CorruptException.class, () -> compactor.commit(other));
      }
      assertTrue(compactor.commit(built).committed());
    }
    assertEquals(59, count());
  }

  /** An input with other rows than its entry says, but as many: that is compared on opening. */
  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"LOST", "DOUBLED"})
  void anInputThatIsNotWhatItsEntrySays(Fault fault) {
    slabs.change = fault::apply;
    slabs.lies = true;
    filled();
    slabs.change = rows -> rows;
    slabs.lies = false;
    try (NamespaceHandle handle = handle()) {
      CorruptException e = assertThrows(CorruptException.class, () -> compact(handle));
      List<SlabEntry> inputs = handle.requireNewest().slabs();
      for (SlabEntry input : inputs) {
        assertTrue(e.getMessage().contains(input.id().toString()), e.getMessage());
      }
      assertEquals(2, inputs.size());
    }
  }

  /** What is left when all rows are dead needs no row to be read. */
  @Test
  void slabsWithoutLiveRowsAreConserved() {
    filled();
    try (NamespaceHandle handle = handle();
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(List.of(new WriteOp.DeleteByPrefix("r0")));
      writer.append(upserts(100, 101));
      writer.flush();
    }
    try (NamespaceHandle handle = handle()) {
      compact(handle);
    }
    assertEquals(1, count());
  }
}
