package io.slab.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.check.CheckLevel;
import io.slab.check.Problem;
import io.slab.index.SlabIndex;
import io.slab.memtable.MemRow;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import io.slab.verify.Checker;
import io.slab.writer.NamespaceWriter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Indexes that are copied, and the comparison of two. */
abstract class IndexCopyFixture {
  static final Environment ENVIRONMENT = Environment.system();
  static final IndexSpec SPEC = new IndexSpec("i", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
  static final CopyRequest ALL = new CopyRequest(null, 2, true, false);

  static CopyResult copy(ObjectStore from, ObjectStore to) {
    return new IndexCopy(from, to).run(ALL, (namespace, done, all) -> {});
  }

  static SlabIndex create(ObjectStore store) {
    return SlabIndex.create(store, SPEC, false, ENVIRONMENT);
  }

  static void put(NamespaceWriter writer, int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      float[] values = {i, 1};
      batch.add(new WriteOp.Upsert(new VectorRecord("r" + i, values, null, Metadata.EMPTY)));
    }
    writer.append(batch);
  }

  /** An index with slabs, dead rows, a log and two namespaces. */
  static void fill(ObjectStore store) {
    try (SlabIndex index = create(store);
        NamespaceWriter a = index.writer("");
        NamespaceWriter b = index.writer("B/c")) {
      put(a, 0, 40);
      a.flush();
      put(a, 20, 60);
      a.append(List.of(new WriteOp.DeleteId("r1")));
      a.flush();
      put(a, 55, 70);
      a.append(List.of(new WriteOp.DeleteId("r2")));
      put(b, 100, 103);
    }
  }

  /** Every record of a namespace. */
  static Map<String, Float> records(ObjectStore store, String namespace) {
    Map<String, Float> found = new TreeMap<>();
    try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT);
        Snapshot snapshot = index.snapshot(namespace)) {
      for (LiveSlab slab : snapshot.slabs()) {
        for (int row = 0; row < slab.view().rows(); row++) {
          if (!slab.dead().contains(row)) {
            VectorRecord record = slab.view().record(row);
            found.put(record.id(), record.values()[0]);
          }
        }
      }
      for (MemRow row : snapshot.memtable()) {
        found.put(row.record().id(), row.record().values()[0]);
      }
    }
    return found;
  }

  static void assertSame(ObjectStore from, ObjectStore to) {
    for (String namespace : List.of("", "B/c")) {
      assertEquals(records(from, namespace), records(to, namespace));
    }
    assertEquals("ok", Checker.index(to, CheckLevel.CHECKSUMS, "").status());
    assertEquals(List.of(), compared(from, to));
    assertEquals(List.of(), compared(to, from));
  }

  /** What a quick comparison finds. */
  static List<Problem> compared(ObjectStore from, ObjectStore to) {
    return Checker.index(from, to, CheckLevel.QUICK, "").problems();
  }

  static void put(ObjectStore to, String name, byte[] content) {
    try (ObjectUpload upload = to.upload(name)) {
      upload.write(MemorySegment.ofArray(content));
      upload.commit();
    }
  }
}
