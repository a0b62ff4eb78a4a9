package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.gc.GarbageCollector;
import io.slab.gc.GcRequest;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.BuiltSlabsJson;
import io.slab.manifest.NamespaceManifest;
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
import io.slab.testkit.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Bulk loads and compactions of which each step is a process. Each handle is one. */
abstract class BuiltSlabsFixture {
  final AtomicLong clock = new AtomicLong(1_000_000);
  final MemoryStore memory = new MemoryStore(clock::get);
  long seeds = 1;

  NamespaceHandle handle(ObjectStore store) {
    Environment environment = new Environment(clock::get, new SplittableRandom(seeds++));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new FormatSlabs(), new Retry(3, 0));
  }

  <T> T process(Function<NamespaceHandle, T> work) {
    try (NamespaceHandle handle = handle(memory)) {
      return work.apply(handle);
    }
  }

  /** What arrives in another process. */
  static BuiltSlabs sent(BuiltSlabs built) {
    byte[] bytes = BuiltSlabsJson.encode(built);
    BuiltSlabs arrived = BuiltSlabsJson.decode(bytes);
    assertEquals(new String(bytes), new String(BuiltSlabsJson.encode(arrived)));
    return arrived;
  }

  static VectorRecord record(int i) {
    Metadata fields = Metadata.of(Map.of("n", new MetaValue.Num(i)));
    return new VectorRecord(String.format("r%03d", i), new float[] {i, 1}, null, fields);
  }

  static ListRows rows(int from, int to) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(record(i));
    }
    return new ListRows(records);
  }

  static Oracle holding(ListRows rows) {
    Oracle oracle = new Oracle();
    oracle.apply(
        rows.records().stream().map(record -> (WriteOp) new WriteOp.Upsert(record)).toList());
    return oracle;
  }

  void assertFresh(Oracle oracle) {
    process(handle -> {
      try (Snapshot snapshot = handle.snapshot()) {
        oracle.assertSame(snapshot);
      }
      return null;
    });
  }

  void write(Oracle oracle, List<WriteOp> batch, boolean flush) {
    process(handle -> {
      try (NamespaceWriter writer = new NamespaceWriter(handle)) {
        writer.append(batch);
        oracle.apply(batch);
        return flush ? writer.flush() : null;
      }
    });
  }

  static List<WriteOp> deletes(int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      batch.add(new WriteOp.DeleteId(String.format("r%03d", i)));
    }
    return batch;
  }

  BuiltSlabs builtRows(int count) {
    BuiltSlabs order = sent(process(handle -> new BulkLoad(handle).begin()));
    List<BuiltSlabs> parts = new ArrayList<>();
    for (int from : new int[] {0, count / 3}) {
      int to = from == 0 ? count / 3 : count;
      parts.add(sent(process(h -> new BulkLoad(h).build(order, rows(from, to), () -> false))));
    }
    return BuiltSlabs.merge(parts);
  }

  CommitResult commitRows(BuiltSlabs built) {
    return process(handle -> new BulkLoad(handle).commit(sent(built)));
  }

  /** A namespace with four slabs of 25 rows, of which some are dead. */
  Oracle filled() {
    Oracle oracle = new Oracle();
    for (int i = 0; i < 4; i++) {
      List<WriteOp> batch = new ArrayList<>();
      rows(25 * i, 25 * i + 25).records().forEach(r -> batch.add(new WriteOp.Upsert(r)));
      batch.addAll(deletes(25 * i - 5, 25 * i - 3));
      write(oracle, batch, true);
    }
    return oracle;
  }

  BuiltSlabs builtCompaction() {
    BuiltSlabs order =
        sent(
            process(handle -> {
              Compactor compactor = Compactor.of(handle);
              return compactor.begin(compactor.plan(CompactionRequest.full()));
            }));
    return sent(process(handle -> Compactor.of(handle).build(order, () -> false)));
  }

  CommitResult commitCompaction(BuiltSlabs built) {
    return process(handle -> Compactor.of(handle).commit(sent(built)));
  }

  NamespaceManifest newest() {
    return process(NamespaceHandle::newest);
  }

  GarbageCollector collect(NamespaceHandle handle) {
    GarbageCollector collector = GarbageCollector.of(handle);
    collector.run(new GcRequest(1_000, 1, 1_000, false));
    return collector;
  }

  void collectEverythingOld() {
    for (int i = 0; i < 3; i++) {
      clock.addAndGet(1_000_000);
      process(this::collect);
    }
  }
}
