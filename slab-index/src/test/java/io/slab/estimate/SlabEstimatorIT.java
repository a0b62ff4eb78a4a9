package io.slab.estimate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.index.SlabIndex;
import io.slab.inspect.SectionGroup;
import io.slab.inspect.SlabInspector;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.namespace.LevelRules;
import io.slab.snapshot.Snapshot;
import io.slab.testkit.MemoryStore;
import io.slab.writer.ListRows;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Estimates against slabs that were really built. */
class SlabEstimatorIT {
  private static final long SEED = 20_25;

  private static SlabIndex index(Metric metric, VectorType type, int dimension) {
    return SlabIndex.create(
        new MemoryStore(),
        new IndexSpec("x", dimension, metric, type, null, 0),
        false,
        new Environment(() -> 1_000L, new SplittableRandom(SEED)));
  }

  /** Records around 30 centres, with a field of few values, one of many, and a list. */
  private static List<VectorRecord> records(int count, VectorType type, int dimension) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[][] centres = new float[30][dimension];
    for (float[] centre : centres) {
      fill(centre, random, 1);
    }
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = random.nextInt(centres.length);
      float[] values = new float[dimension];
      fill(values, random, 0.3f);
      for (int d = 0; d < dimension; d++) {
        values[d] += centres[kind][d];
      }
      Metadata metadata =
          Metadata.of(
              Map.of(
                  "kind", new MetaValue.Str("kind " + kind),
                  "number", new MetaValue.Num(random.nextInt(1 << 20)),
                  "tags", new MetaValue.StrList(List.of("t" + kind % 7, "u" + i % 40))));
      records.add(
          new VectorRecord(
              String.format("%016x", random.nextLong()),
              type.hasDense() ? values : null,
              type.hasSparse() ? sparse(random) : null,
              metadata));
    }
    records.sort((a, b) -> a.id().compareTo(b.id()));
    return records;
  }

  private static void fill(float[] values, SplittableRandom random, float scale) {
    for (int d = 0; d < values.length; d++) {
      values[d] = scale * (float) random.nextGaussian();
    }
  }

  private static SparseVector sparse(SplittableRandom random) {
    int[] indices = new int[20];
    float[] values = new float[20];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = 50 * i + random.nextInt(50);
      values[i] = 1 + random.nextInt(9);
    }
    return new SparseVector(indices, values);
  }

  private static SlabInspector built(SlabIndex index, List<VectorRecord> rows) {
    index.bulkLoad("n").run(new ListRows(rows), () -> false);
    try (Snapshot snapshot = index.snapshot("n")) {
      String file = new NamespaceNames("n").slab(snapshot.slabs().getFirst().entry().id());
      return SlabInspector.open(index.store().open(file));
    }
  }

  private static RowShape shape(SlabInspector slab, VectorType type, Metric metric, int dimension) {
    return RowShape.measured(type, metric, dimension, slab.summary().rows(), slab.sections());
  }

  private static void near(long expected, long actual, double tolerance, String what) {
    assertTrue(
        Math.abs(actual - expected) <= tolerance * expected,
        () -> what + ": estimated " + actual + ", built " + expected + ", tolerance " + tolerance);
  }

  private static long group(SlabInspector slab, SectionGroup group) {
    return slab.sections().stream()
        .filter(section -> SectionGroup.of(section) == group)
        .mapToLong(section -> section.storedLength())
        .sum();
  }

  @Test
  void aSlabOfTwiceTheRowsIsForeseenWithinThreePercent() {
    List<VectorRecord> many = records(10_000, VectorType.DENSE, 24);
    try (SlabIndex small = index(Metric.COSINE, VectorType.DENSE, 24);
        SlabIndex large = index(Metric.COSINE, VectorType.DENSE, 24);
        SlabInspector half = built(small, many.subList(0, 5_000));
        SlabInspector whole = built(large, many)) {
      String algorithm = whole.manifest().json().get("algorithm").get("name").stringValue();
      RowShape shape = shape(half, VectorType.DENSE, Metric.COSINE, 24);
      long cells = Math.max(1, cells(whole));
      SearchShape search = new SearchShape(algorithm, 10_000.0 / cells, 4, 30, true);
      SlabEstimate estimate = new SlabEstimator(shape, search).slab(10_000, 1);
      near(whole.file().length(), estimate.bytes(), 0.03, "bytes");
      for (SectionGroup group :
          List.of(SectionGroup.VECTORS, SectionGroup.CODES, SectionGroup.IDS)) {
        near(group(whole, group), estimate.bytes(group), 0.05, group.label());
      }
      for (SectionGroup group :
          List.of(SectionGroup.METADATA, SectionGroup.COLUMNS, SectionGroup.BITMAPS)) {
        near(group(whole, group), estimate.bytes(group), 0.15, group.label());
      }
    }
  }

  private static long cells(SlabInspector slab) {
    return slab.sections().stream()
        .filter(section -> section.kind().equals("IVF_DIR"))
        .mapToLong(section -> section.items())
        .sum();
  }

  @Test
  void plainNumbersAreWithinAQuarterWhereVectorsAreMost() {
    List<VectorRecord> rows = records(5_000, VectorType.DENSE, 128);
    try (SlabIndex index = index(Metric.COSINE, VectorType.DENSE, 128);
        SlabInspector slab = built(index, rows)) {
      RowShape shape = RowShape.assumed(VectorType.DENSE, Metric.COSINE, 128, 16, 70, 0);
      SlabEstimate estimate = new SlabEstimator(shape, SearchShape.assumed()).slab(5_000, 1);
      near(slab.file().length(), estimate.bytes(), 0.25, "bytes");
      assertEquals(group(slab, SectionGroup.VECTORS), estimate.bytes(SectionGroup.VECTORS));
    }
  }

  @Test
  void sparseSlabsAreForeseenToo() {
    List<VectorRecord> rows = records(9_000, VectorType.SPARSE, 0);
    try (SlabIndex small = index(Metric.DOTPRODUCT, VectorType.SPARSE, 0);
        SlabIndex large = index(Metric.DOTPRODUCT, VectorType.SPARSE, 0);
        SlabInspector part = built(small, rows.subList(0, 3_000));
        SlabInspector whole = built(large, rows)) {
      RowShape shape = shape(part, VectorType.SPARSE, Metric.DOTPRODUCT, 0);
      SlabEstimate estimate = new SlabEstimator(shape, SearchShape.assumed()).slab(9_000, 1);
      near(whole.file().length(), estimate.bytes(), 0.05, "bytes");
      near(group(whole, SectionGroup.SPARSE), estimate.bytes(SectionGroup.SPARSE), 0.05, "sparse");
    }
  }

  @Test
  void recordsThatComeByTheLogFillTheLevelsAsForeseen() {
    List<VectorRecord> rows = records(25_000, VectorType.DENSE, 8);
    try (SlabIndex index = index(Metric.EUCLIDEAN, VectorType.DENSE, 8);
        NamespaceWriter writer = index.writer("n")) {
      for (int at = 0; at < rows.size(); at += 500) {
        writer.append(
            rows.subList(at, at + 500).stream().map(r -> (WriteOp) new WriteOp.Upsert(r)).toList());
        if ((at + 500) % 10_000 == 0) {
          writer.flush();
        }
      }
      try (Snapshot snapshot = index.snapshot("n")) {
        RowShape shape = RowShape.assumed(VectorType.DENSE, Metric.EUCLIDEAN, 8, 16, 70, 0);
        IndexEstimate estimate =
            IndexEstimator.of(shape, SearchShape.assumed(), LevelRules.defaults()).levelled(25_000);
        assertEquals(5_000, estimate.logged());
        assertEquals(snapshot.memtable().size(), estimate.logged());
        assertEquals(snapshot.slabs().size(), estimate.slabs());
        assertEquals(0, estimate.levels().getFirst().level());
        long bytes =
            snapshot.slabs().stream().map(s -> s.entry()).mapToLong(SlabEntry::bytes).sum();
        near(bytes, estimate.bytes(), 0.5, "bytes, of which metadata is most");
      }
    }
  }

  @Test
  void levelsFollowTheThresholds() {
    RowShape shape = RowShape.assumed(VectorType.DENSE, Metric.COSINE, 768, 16, 200, 0);
    IndexEstimator index = IndexEstimator.of(shape, SearchShape.assumed(), LevelRules.defaults());
    IndexEstimate levelled = index.levelled(1_234_567);
    assertEquals(List.of(2, 1, 0), levelled.levels().stream().map(LevelEstimate::level).toList());
    assertEquals(
        List.of(1L, 2L, 3L), levelled.levels().stream().map(LevelEstimate::slabs).toList());
    assertEquals(4_567, levelled.logged());
    assertEquals(1_000_000, levelled.levels().getFirst().each().rows());
    IndexEstimate compacted = index.compacted(10_000_000);
    assertEquals(4, compacted.slabs());
    assertEquals(2, compacted.levels().getFirst().level());
    assertEquals(10_000_000, compacted.levels().stream().mapToLong(LevelEstimate::records).sum());
    assertTrue(compacted.levels().getFirst().each().bytes() <= 10_000_000_000L);
    assertEquals(0, index.compacted(0).bytes());
    assertEquals(0, index.levelled(0).slabs());
    assertEquals(9_999, index.levelled(9_999).logged());
  }

  @Test
  void moneyIsBytesTimesPriceAndRequestsTimesPrice() {
    RowShape shape = RowShape.assumed(VectorType.DENSE, Metric.COSINE, 768, 16, 200, 0);
    SearchShape search = SearchShape.assumed();
    IndexEstimate index =
        IndexEstimator.of(shape, search, LevelRules.defaults()).compacted(1_000_000);
    QueryEstimator queries = new QueryEstimator(new SlabEstimator(shape, search), 10);
    QueryEstimate cold = queries.cold(index);
    QueryEstimate warm = queries.warm();
    String text =
        """
        {"asOf": "2000-01", "currency": "X", "note": "", "offers": [
          {"name": "a", "storagePerGiBMonth": 2, "getPer1000": 1, "putPer1000": 0, "listPer1000": 3, "readPerGiB": 0}],
         "cloud": {"name": "c", "storagePerGBMonth": 1, "writePerMillionUnits": 1, "readPerMillionUnits": 1,
          "minimumPerMonth": 0}}
        """;
    MonthlyCost cost =
        new MonthlyCostEstimator(Prices.parse("prices", text), new Activity(1000, 0.25, 0, 500))
            .of(index, cold, warm)
            .getFirst();
    assertEquals(index.bytes() / (double) (1 << 30) * 2, cost.storage(), 1e-9);
    double expected =
        0.25 * ((cold.requests() - cold.lists()) + 3 * cold.lists())
            + 0.75 * ((warm.requests() - warm.lists()) + 3 * warm.lists());
    assertEquals(expected, cost.queries(), 1e-9);
    assertEquals(0, cost.writes());
    assertEquals(cost.storage() + cost.queries(), cost.total(), 1e-12);
  }

  @Test
  void aPriceTableThatIsNoneIsRefusedWithTheReason() {
    for (String text :
        List.of(
            "{}",
            "{\"offers\": []}",
            "{\"offers\": [{\"name\": \"x\"}]}",
            Prices.defaultText().replaceFirst("0\\.023", "-1"),
            Prices.defaultText().replace("\"asOf\"", "\"of\""),
            Prices.defaultText().replace("\"cloud\"", "\"sky\""))) {
      assertThrows(InvalidInputException.class, () -> Prices.parse("prices", text), text);
    }
    assertTrue(Prices.defaults().asOf().matches("20\\d\\d-\\d\\d"));
    assertTrue(Prices.defaults().note().contains("Assumptions"));
  }
}
