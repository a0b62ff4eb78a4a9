package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.namespace.AsOf;
import io.slab.namespace.Moment;
import io.slab.snapshot.Snapshot;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** gc takes files of an earlier state after a restore has found it and before it reads them. */
class RestoreGoneTest {
  private static final IndexSpec SPEC =
      new IndexSpec("i", 2, Metric.DOTPRODUCT, VectorType.DENSE, null, 1);

  /** Seeds 9000023011, 9000026025 and 9000037355 of the simulation. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isNoDamageUnlessACheckpointKeepsIt(boolean kept) {
    MemoryStore store = new MemoryStore();
    try (SlabIndex index = SlabIndex.create(store, SPEC, false, Environment.system())) {
      try (NamespaceWriter writer = index.writer("")) {
        for (String id : List.of("a", "b")) {
          VectorRecord record = new VectorRecord(id, new float[] {1, 2}, null, Metadata.EMPTY);
          writer.append(List.of(new WriteOp.Upsert(record)));
          writer.flush();
        }
      }
      if (kept) {
        index.checkpoints("").create("kept", 0);
      }
      AsOf state = kept ? AsOf.checkpoint("kept") : AsOf.manifest(newest(index));
      Moment before = index.past("").find(state);
      index.compactor("").run(CompactionRequest.full(), () -> false, result -> {});
      String slab = store.list("ns/__default__/slabs/", null).getFirst().name();
      store.delete(slab);
      if (kept) {
        assertThrows(MissingException.class, () -> index.restore("").run(before));
      } else {
        String said =
            assertThrows(NotFoundException.class, () -> index.restore("").run(before)).getMessage();
        assertTrue(said.contains("is not kept any more: " + slab), said);
      }
      try (Snapshot snapshot = index.snapshot("")) {
        assertEquals(2, snapshot.count());
      }
    }
  }

  private static long newest(SlabIndex index) {
    try (Snapshot snapshot = index.snapshot("")) {
      return snapshot.manifest().id();
    }
  }
}
