package io.slab.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CancellationToken;
import io.slab.error.CorruptException;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.index.SlabIndex;
import io.slab.manifest.NamespaceNames;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.s3.S3Store;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.testkit.s3.S3Server;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Repair on S3: read around the damage, mended, and the manifests made anew. */
class S3RepairIT {
  private static final Environment ENVIRONMENT = Environment.system();
  private static final NamespaceNames NAMES = new NamespaceNames("");
  private static final int DIMENSION = 64;
  private static final int ROWS = 600;

  /** Rows of the first chunk of vectors, the one that reaches into the next included. */
  private static final int LOST = 256;

  private static final IndexSpec SPEC =
      new IndexSpec("i", DIMENSION, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);

  private static int count(SlabIndex index) {
    try (Snapshot snapshot = index.snapshot("")) {
      return Oracle.read(snapshot).size();
    }
  }

  private static RepairReport repair(ObjectStore store) {
    try (NamespaceRepair repair =
        new NamespaceRepair(store, "", SPEC, ENVIRONMENT, CancellationToken.NONE)) {
      repair.examine();
      return repair.apply(false);
    }
  }

  @Test
  void aSlabAndManifestsAreMended() {
    // The log has what was flushed until gc takes it; here it did.
    try (S3Store store = S3Store.open(S3Server.newPlace(), S3Server.settings())) {
      try (SlabIndex index = SlabIndex.create(store, SPEC, false, ENVIRONMENT);
          NamespaceWriter writer = index.writer("")) {
        List<WriteOp> batch = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
          float[] values = new float[DIMENSION];
          values[i % DIMENSION] = i;
          batch.add(
              new WriteOp.Upsert(
                  new VectorRecord("r%04d".formatted(i), values, null, Metadata.EMPTY)));
        }
        writer.append(batch);
        writer.flush();
        writer.append(List.of(new WriteOp.DeleteId("never")));
        writer.flush();
      }
      List<ObjectInfo> log = store.list(NAMES.walFolder(), null);
      log.subList(0, log.size() - 1).forEach(object -> store.delete(object.name()));
      damage(store);
      try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT)) {
        assertThrows(CorruptException.class, () -> count(index));
      }
      try (SalvagedIndex salvaged =
          SalvagedIndex.open(store, List.of(""), ENVIRONMENT, CancellationToken.NONE)) {
        assertEquals(LOST, salvaged.reports().getFirst().recordsLost());
        assertEquals(ROWS - LOST, count(salvaged.index()));
      }
      assertEquals(LOST, repair(store).recordsLost());
      assertTrue(store.list(NAMES.quarantineFolder(), null).size() == 1);
      try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT)) {
        assertEquals(ROWS - LOST, count(index));
      }
      store.list(NAMES.manifestFolder(), null).stream()
          .map(ObjectInfo::name)
          .forEach(store::delete);
      repair(store);
      try (SlabIndex index = SlabIndex.open(store, ENVIRONMENT)) {
        assertEquals(ROWS - LOST, count(index));
      }
    }
  }

  private static void damage(ObjectStore store) {
    String slab = store.list(NAMES.slabFolder(), null).getFirst().name();
    byte[] bytes = store.read(slab, Integer.MAX_VALUE);
    try (SlabFile file = SlabFile.open(store.open(slab))) {
      bytes[(int) file.find(SectionKind.RAW_VECTORS).entry().offset()] ^= 1;
    }
    store.delete(slab);
    store.create(slab, bytes);
  }
}
