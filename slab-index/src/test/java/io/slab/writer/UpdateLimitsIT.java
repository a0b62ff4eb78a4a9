package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.PlainSlabs;
import io.slab.snapshot.SlabFiles;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a writer refuses before it is acknowledged, because the state would not bear it. */
class UpdateLimitsIT {
  private static long seeds = Seeds.of(UpdateLimitsIT.class);

  private static final Metadata HALF =
      Metadata.of(Map.of("half", new MetaValue.Str("h".repeat(Limits.MAX_METADATA_BYTES / 2))));
  private static final Metadata MORE =
      Metadata.of(Map.of("more", new MetaValue.Str("m".repeat(Limits.MAX_METADATA_BYTES / 2))));

  private static NamespaceHandle handle(ObjectStore store, IndexSpec spec, SlabFiles files) {
    Environment environment = new Environment(() -> 1_000L, new SplittableRandom(seeds++));
    return new NamespaceHandle(store, "ns", spec, environment, files, new Retry(3, 0));
  }

  private static WriteOp upsert(String id, int dimension, Metadata metadata) {
    return new WriteOp.Upsert(new VectorRecord(id, new float[dimension], null, metadata));
  }

  @Test
  void anUpdateThatMakesARecordTooLargeIsRefusedWhole() {
    MemoryStore store = new MemoryStore();
    try (NamespaceHandle handle = handle(store, Oracle.SPEC, new PlainSlabs());
        NamespaceWriter writer = new NamespaceWriter(handle);
        NamespaceWriter other = new NamespaceWriter(handle)) {
      other.refresh();
      writer.append(List.of(upsert("a", 2, HALF), upsert("b", 2, Metadata.EMPTY)));
      writer.flush();
      List<List<WriteOp>> refused =
          List.of(
              List.of(upsert("c", 2, HALF), new WriteOp.PartialUpdate("a", null, null, MORE)),
              List.of(new WriteOp.UpdateByFilter("{\"half\":{\"$exists\":true}}", MORE)),
              // Only the operation before makes the next one too large.
              List.of(
                  new WriteOp.PartialUpdate("b", null, null, HALF),
                  new WriteOp.PartialUpdate("b", null, null, MORE)),
              List.of(upsert("d", 2, HALF.merge(MORE))));
      for (List<WriteOp> batch : refused) {
        // The second one writes with an old picture and must catch up first.
        for (NamespaceWriter one : List.of(writer, other)) {
          assertThrows(InvalidInputException.class, () -> one.append(batch));
        }
      }
      // Each of these fits by what came before it.
      writer.append(
          List.of(
              new WriteOp.DeleteId("a"),
              new WriteOp.PartialUpdate("a", null, null, MORE),
              new WriteOp.PartialUpdate("b", null, null, MORE)));
      try (Snapshot snapshot = handle.snapshot()) {
        assertEquals(1, snapshot.count());
        assertEquals(MORE, snapshot.find("b").metadata());
      }
    }
  }

  @Test
  void anUpdateByFilterOfTooManyRecordsIsRefused() {
    MemoryStore store = new MemoryStore();
    WriteOp update = new WriteOp.UpdateByFilter("{\"x\":{\"$exists\":false}}", HALF);
    try (NamespaceHandle handle = handle(store, Oracle.SPEC, new FormatSlabs());
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int from = 0; from < Limits.MAX_FILTER_UPDATES + 1; from += 1_000) {
        List<WriteOp> batch = new ArrayList<>();
        for (int i = from; i < Math.min(from + 1_000, Limits.MAX_FILTER_UPDATES + 1); i++) {
          batch.add(upsert("id" + i, 2, Metadata.EMPTY));
        }
        writer.append(batch);
      }
      String message =
          assertThrows(InvalidInputException.class, () -> writer.append(List.of(update)))
              .getMessage();
      assertTrue(message.contains("100001 records"), message);
      writer.append(List.of(new WriteOp.DeleteId("id0")));
      Metadata small = Metadata.of(Map.of("x", new MetaValue.Num(1)));
      writer.append(List.of(new WriteOp.UpdateByFilter("{\"x\":{\"$exists\":false}}", small)));
      try (Snapshot snapshot = writer.snapshot()) {
        assertEquals(Limits.MAX_FILTER_UPDATES, snapshot.count());
        assertEquals(small, snapshot.find("id77").metadata());
      }
    }
  }

  @Test
  void anUpdateByFilterOfTooManyBytesIsRefused() {
    IndexSpec wide = new IndexSpec("t", 20_000, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
    MemoryStore store = new MemoryStore();
    try (NamespaceHandle handle = handle(store, wide, new FormatSlabs());
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int from = 0; from < 3_600; from += 200) {
        List<WriteOp> batch = new ArrayList<>();
        for (int i = from; i < from + 200; i++) {
          batch.add(upsert("id" + i, 20_000, Metadata.EMPTY));
        }
        writer.append(batch);
      }
      WriteOp update = new WriteOp.UpdateByFilter("{\"x\":{\"$exists\":false}}", HALF);
      String message =
          assertThrows(InvalidInputException.class, () -> writer.append(List.of(update)))
              .getMessage();
      assertTrue(message.contains("256 MiB"), message);
    }
  }

  @Test
  void theMemtableKeepsItsLimitBesideOtherWriters() {
    MemoryStore store = new MemoryStore();
    try (NamespaceHandle handle = handle(store, Oracle.SPEC, new PlainSlabs());
        NamespaceWriter late = new NamespaceWriter(handle);
        NamespaceWriter busy = new NamespaceWriter(handle)) {
      late.refresh();
      for (int from = 0; from < 9_500; from += 500) {
        busy.append(batch(from, 500));
      }
      late.append(batch(20_000, 1_000));
      try (Snapshot snapshot = handle.snapshot()) {
        assertEquals(10_500, snapshot.count());
        assertEquals(1_000, snapshot.memtable().size());
      }
    }
  }

  private static List<WriteOp> batch(int from, int count) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      batch.add(upsert("id" + i, 2, Metadata.EMPTY));
    }
    return batch;
  }
}
