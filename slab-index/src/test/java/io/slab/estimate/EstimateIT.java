package io.slab.estimate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.index.SlabIndex;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.MetadataSize;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.MemoryStore;
import io.slab.writer.BulkResult;
import io.slab.writer.ListRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EstimateIT {
  @Test
  void theBytesOfABulkLoadAreForetold() {
    int rows = 6_000;
    Random random = new Random(7);
    List<VectorRecord> records = new ArrayList<>();
    long metadataBytes = 0;
    for (int i = 0; i < rows; i++) {
      float[] values = new float[96];
      for (int d = 0; d < values.length; d++) {
        values[d] = (float) random.nextGaussian();
      }
      Metadata fields =
          Metadata.of(
              Map.of(
                  "genre", new MetaValue.Str("genre " + random.nextInt(20)),
                  "year", new MetaValue.Num(1900 + random.nextInt(120))));
      metadataBytes += MetadataSize.bytes(fields);
      records.add(new VectorRecord("document-%06d".formatted(i), values, null, fields));
    }
    SizeEstimate estimate =
        SizeEstimate.bulk(RecordMix.ofSums(rows, 96, rows * 15L, metadataBytes, 0));
    IndexSpec spec = new IndexSpec("e", 96, Metric.COSINE, VectorType.DENSE, null, 0);
    Environment environment = new Environment(() -> 1, new SplittableRandom(1));
    try (SlabIndex index = SlabIndex.create(new MemoryStore(), spec, false, environment)) {
      BulkResult result = index.bulkLoad("").run(new ListRows(records), () -> false);
      assertEquals(estimate.slabs(), result.slabs().size());
      assertEquals(estimate.level(), result.slabs().getFirst().level());
      double ratio = (double) estimate.bytes() / result.bytes();
      assertTrue(ratio > 0.85 && ratio < 1.15, "estimated to real bytes: " + ratio);
    }
  }

  @Test
  void largeSetsAreCutIntoSlabsOfTenGigabytes() {
    SizeEstimate estimate = SizeEstimate.bulk(new RecordMix(10_000_000, 1536, 20, 200, 0));
    assertEquals(7, estimate.slabs());
    assertEquals(2, estimate.level());
    assertTrue(estimate.bytes() > 61_440_000_000L);
  }

  @Test
  void costsFollowThePrices() {
    RecordMix mix = new RecordMix(1_000_000, 250, 0, 0, 0);
    assertEquals(1_000_000_000L, mix.cloudBytes());
    PriceTable prices = new PriceTable(2, 3, 4, 5, 6, 7);
    CostEstimate cost = CostEstimate.of(mix, SizeEstimate.bulk(mix), prices);
    assertEquals(2, cost.cloudMonth(), 1e-9);
    assertEquals(15, cost.cloudLoad(), 1e-9);
    assertEquals(0.004, cost.cloudThousandQueries(), 1e-9);
    SizeEstimate none = SizeEstimate.bulk(new RecordMix(0, 250, 0, 0, 0));
    assertEquals(0, none.bytes() + none.loadRequests());
  }
}
