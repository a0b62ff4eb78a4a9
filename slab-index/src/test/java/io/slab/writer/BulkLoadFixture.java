package io.slab.writer;

import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Namespaces that are filled by bulk loads. Each handle is a process. */
abstract class BulkLoadFixture {
  long seeds = Seeds.of("BulkLoadIT");

  NamespaceHandle handle(ObjectStore store) {
    Environment environment = new Environment(() -> 1_000L, new SplittableRandom(seeds++));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new FormatSlabs(), new Retry(3, 0));
  }

  /** Rows {@code r000 ...}. */
  static ListRows rows(int count) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Metadata fields = Metadata.of(Map.of("n", new MetaValue.Num(i)));
      records.add(new VectorRecord(String.format("r%03d", i), new float[] {i, 1}, null, fields));
    }
    return new ListRows(records);
  }

  static List<WriteOp> upserts(ListRows rows) {
    return rows.records().stream().map(r -> (WriteOp) new WriteOp.Upsert(r)).toList();
  }

  static BulkResult load(NamespaceHandle handle, ListRows rows) {
    return new BulkLoad(handle).run(rows, () -> false);
  }

  static Oracle holding(ListRows rows) {
    Oracle oracle = new Oracle();
    oracle.apply(upserts(rows));
    return oracle;
  }

  void assertFresh(Oracle oracle, ObjectStore store) {
    try (NamespaceHandle fresh = handle(store);
        Snapshot snapshot = fresh.snapshot()) {
      oracle.assertSame(snapshot);
    }
  }
}
