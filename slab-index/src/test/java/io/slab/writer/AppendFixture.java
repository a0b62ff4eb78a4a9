package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.gc.GarbageCollector;
import io.slab.gc.GcRequest;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.BuiltSlabsJson;
import io.slab.manifest.NamespaceNames;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.ProvedRecords;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.Breadth;
import io.slab.testkit.MemoryStore;
import io.slab.writer.CommitResult.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Slabs that are appended to a namespace with records. Each handle is a process. What must be there
 * is what a log would hold in which the rows stand where the append began.
 */
abstract class AppendFixture {
  /** Every so manieth call of the store fails, another one by each kind of fault. */
  static final int STEP = Breadth.of(5, 1);

  final AtomicLong clock = new AtomicLong(1_000_000);
  final MemoryStore memory = new MemoryStore(clock::get);
  final List<WriteOp> before = new ArrayList<>();
  final List<WriteOp> after = new ArrayList<>();
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

  static String id(int i) {
    return String.format("r%03d", i);
  }

  static VectorRecord record(int i, float mark) {
    Metadata fields = Metadata.of(Map.of("n", new MetaValue.Num(i)));
    return new VectorRecord(id(i), new float[] {i, mark}, null, fields);
  }

  static List<WriteOp> upserts(int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      batch.add(new WriteOp.Upsert(record(i, 1)));
    }
    return batch;
  }

  /** Slabs, dead rows, and a log of records and deletes. */
  void fill() {
    write(before, upserts(0, 40), true);
    write(before, List.of(new WriteOp.DeleteId("r003")), true);
    write(before, upserts(30, 50), false);
    write(before, List.of(new WriteOp.DeleteByPrefix("r01")), false);
  }

  void write(List<WriteOp> log, List<WriteOp> batch, boolean flush) {
    process(handle -> {
      try (NamespaceWriter writer = new NamespaceWriter(handle)) {
        writer.append(batch);
        log.addAll(batch);
        return flush ? writer.flush() : null;
      }
    });
  }

  static ListRows rows(int from, int to) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(record(i, 2));
    }
    return new ListRows(records);
  }

  BuiltSlabs begin() {
    BuiltSlabs order = process(handle -> new Append(handle).begin());
    byte[] bytes = BuiltSlabsJson.encode(order);
    BuiltSlabs arrived = BuiltSlabsJson.decode(bytes);
    assertEquals(new String(bytes), new String(BuiltSlabsJson.encode(arrived)));
    return arrived;
  }

  BuiltSlabs build(BuiltSlabs order, int from, int to) {
    return process(handle -> new Append(handle).build(order, rows(from, to), () -> false));
  }

  /** Two builders, whose ids alternate in part. */
  BuiltSlabs built() {
    BuiltSlabs order = begin();
    return BuiltSlabs.merge(List.of(build(order, 20, 45), build(order, 45, 60)));
  }

  CommitResult commit(BuiltSlabs built) {
    return process(
        handle -> new Append(handle).commit(BuiltSlabsJson.decode(BuiltSlabsJson.encode(built))));
  }

  Oracle without() {
    Oracle oracle = new Oracle();
    oracle.apply(before);
    oracle.apply(after);
    return oracle;
  }

  Oracle with() {
    Oracle oracle = new Oracle();
    oracle.apply(before);
    rows(20, 60).records().forEach(r -> oracle.apply(List.of(new WriteOp.Upsert(r))));
    oracle.apply(after);
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

  void assertProved(Oracle oracle) {
    oracle.assertSame(ProvedRecords.of(memory, new NamespaceNames("ns"), Oracle.SPEC));
  }

  void compact() {
    process(handle -> Compactor.of(handle).run(CompactionRequest.full(), () -> false, r -> {}));
  }

  void collectEverythingOld() {
    for (int i = 0; i < 3; i++) {
      clock.addAndGet(10_000_000);
      process(handle -> GarbageCollector.of(handle).run(new GcRequest(1_000, 1, 1_000, false)));
    }
  }

  void assertCommits(BuiltSlabs built) {
    assertFresh(without());
    CommitResult result = commit(built);
    assertTrue(result.committed(), result.state().toString());
    assertFresh(with());
    assertProved(with());
    assertEquals(result, commit(built), "again: the same answer, and nothing happens");
    compact();
    collectEverythingOld();
    assertFresh(with());
    assertProved(with());
  }

  void assertRefused(State why, BuiltSlabs built) {
    Oracle there = without();
    assertFresh(there);
    assertEquals(why, commit(built).state());
    assertFresh(there);
    collectEverythingOld();
    compact();
    assertFresh(there);
  }
}
