package io.slab.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.format.SlabReader;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.Seeds;
import io.slab.verify.Checker;
import io.slab.writer.NamespaceWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records with more metadata columns between them than one slab can hold. */
class ManyColumnsIT {
  private static long seeds = Seeds.of(ManyColumnsIT.class);

  private static NamespaceHandle handle(ObjectStore store) {
    Environment environment = new Environment(() -> 1_000L, new SplittableRandom(seeds++));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new FormatSlabs(), new Retry(3, 0));
  }

  /** A record whose 700 fields no other record has. */
  private static WriteOp record(int number) {
    Map<String, MetaValue> fields = new HashMap<>();
    for (int i = 0; i < 700; i++) {
      String text = "some value " + i;
      fields.put("field-" + number + "-" + i, new MetaValue.Str(text));
    }
    return new WriteOp.Upsert(
        new VectorRecord(
            String.format("id%04d", number), new float[] {number, 0}, null, Metadata.of(fields)));
  }

  private static List<WriteOp> records(int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      batch.add(record(i));
    }
    return batch;
  }

  @Test
  void areFlushedAndCompactedIntoSeveralSlabs(@TempDir Path folder) {
    LocalStore store = new LocalStore(folder);
    Oracle oracle = new Oracle();
    try (NamespaceHandle handle = handle(store);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (List<WriteOp> batch : List.of(records(0, 20), records(20, 30))) {
        writer.append(batch);
        oracle.apply(batch);
        writer.flush();
      }
      List<WriteOp> gone = List.of(new WriteOp.DeleteId("id0000"), new WriteOp.DeleteId("id0029"));
      writer.append(gone);
      oracle.apply(gone);
      writer.flush();
      assertSlabs(oracle, handle, 3);
      CompactionRequest full =
          new CompactionRequest(
              CompactionRequest.Kind.FULL, 0, List.of(), Long.MAX_VALUE, Long.MAX_VALUE);
      Compactor.of(handle).run(full, () -> false, result -> {});
      assertSlabs(oracle, handle, 2);
    }
  }

  private static void assertSlabs(Oracle oracle, NamespaceHandle handle, int slabs) {
    try (Snapshot snapshot = handle.snapshot()) {
      oracle.assertSame(snapshot);
      assertEquals(slabs, snapshot.slabs().size());
      for (LiveSlab slab : snapshot.slabs()) {
        SlabEntry entry = slab.entry();
        assertEquals(List.of(), entry.columns(), "too many for a manifest");
        // The directory of 4 MiB and the manifest come on top of the dictionaries.
        assertTrue(entry.bytes() - entry.hotOffset() < 8 << 20, "hot tail");
        String name = handle.names().slab(entry.id());
        var report = Checker.object(handle.store().open(name), CheckLevel.QUICK);
        assertEquals(List.of(), report.problems());
        try (SlabReader reader = SlabReader.open(handle.store().open(name))) {
          assertTrue(reader.manifest().columns().size() <= 13_000);
        }
      }
    }
  }
}
