package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.check.CheckLevel;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.namespace.AsOf;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.verify.Checker;
import io.slab.writer.NamespaceWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A restore beside a last log object that is cut short, on a disk where that can happen. */
class TornRestoreTest {
  private static final String WAL = "ns/__default__/wal/";
  private static final IndexSpec SPEC =
      new IndexSpec("i", 2, Metric.DOTPRODUCT, VectorType.DENSE, null, 1);

  @TempDir Path folder;

  private static long write(SlabIndex index, String id) {
    try (NamespaceWriter writer = index.writer("")) {
      VectorRecord record = new VectorRecord(id, new float[] {1, 2}, null, Metadata.EMPTY);
      return writer.append(List.of(new WriteOp.Upsert(record))).lastLsn();
    }
  }

  private LocalStore torn(int length, long[] lsns) throws IOException {
    LocalStore store = new LocalStore(folder.resolve("i"));
    try (SlabIndex index = SlabIndex.create(store, SPEC, false, Environment.system())) {
      write(index, "a");
      index.checkpoints("").create("kept", 0);
      lsns[0] = write(index, "b");
      write(index, "c");
    }
    Files.writeString(folder.resolve("i/no-hard-links"), "");
    Path last = folder.resolve("i").resolve(store.list(WAL, null).getLast().name());
    Files.write(last, Arrays.copyOf(Files.readAllBytes(last), length));
    return store;
  }

  private static long count(SlabIndex index) {
    try (Snapshot snapshot = index.snapshot("")) {
      return snapshot.count();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 60, 120})
  void aCheckpointComesBack(int length) throws IOException {
    LocalStore store = torn(length, new long[1]);
    try (SlabIndex index = SlabIndex.open(store, Environment.system())) {
      index.restore("").run(index.past("").find(AsOf.checkpoint("kept")));
      assertEquals(1, count(index));
      write(index, "d");
      assertEquals(2, count(index));
    }
    assertEquals("ok", Checker.index(store, CheckLevel.CHECKSUMS).status());
  }

  @Test
  void aStateOfTheLogComesBack() throws IOException {
    long[] lsns = new long[1];
    LocalStore store = torn(90, lsns);
    try (SlabIndex index = SlabIndex.open(store, Environment.system())) {
      index.restore("").run(index.past("").find(AsOf.parse("lsn:" + lsns[0])));
      assertEquals(2, count(index));
    }
    assertEquals("ok", Checker.index(store, CheckLevel.CHECKSUMS).status());
  }
}
