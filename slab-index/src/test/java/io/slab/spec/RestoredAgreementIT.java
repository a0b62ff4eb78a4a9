package io.slab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.index.SlabIndex;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.namespace.AsOf;
import io.slab.store.LocalStore;
import io.slab.testkit.spec.PythonReader;
import io.slab.writer.NamespaceWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The independent reader sees what a restore brought back, by the manifests and without them, while
 * what the restore left out is still there.
 */
class RestoredAgreementIT {
  @TempDir Path folder;

  @BeforeEach
  void readerCanRun() {
    PythonReader.require();
  }

  private static List<WriteOp> upserts(int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Metadata fields = Metadata.of(Map.of("n", new MetaValue.Num(i)));
      batch.add(new WriteOp.Upsert(new VectorRecord("r" + i, new float[] {i, to}, null, fields)));
    }
    return batch;
  }

  private List<String> records(String how) throws IOException {
    return PythonReader.lines("index", folder.toString(), "--namespace", "", how);
  }

  private void requireProved(List<String> wanted) throws IOException {
    assertEquals(wanted, records("dump"));
    assertEquals(wanted, records("prove"));
  }

  @Test
  void theStateThatWasRestoredIsReadAndProved() throws IOException {
    IndexSpec spec = new IndexSpec("t", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
    Environment environment = new Environment(() -> 1_000, new SplittableRandom(1));
    try (SlabIndex index = SlabIndex.create(new LocalStore(folder), spec, false, environment);
        NamespaceWriter writer = index.writer("")) {
      writer.append(upserts(0, 6));
      index.checkpoints("").create("good", 0);
      List<String> good = records("dump");
      writer.append(List.of(new WriteOp.DeleteId("r1"), new WriteOp.DeleteByFilter("{\"n\":2}")));
      writer.flush();
      long lsn = writer.append(upserts(4, 9)).lastLsn();
      List<String> later = records("dump");
      writer.append(List.of(new WriteOp.DeleteAll()));

      index.restore("").run(index.past("").find(AsOf.parse("lsn:" + lsn)));
      assertEquals(later, records("prove"));
      index.restore("").run(index.past("").find(AsOf.checkpoint("good")));
      assertEquals(good, records("prove"));
      index.compactor("").run(CompactionRequest.full(), () -> false, r -> {});
      requireProved(good);
      writer.append(upserts(20, 21));
      assertTrue(records("verify").getFirst().endsWith("\"records\":" + (good.size() + 1) + "}"));
    }
  }
}
