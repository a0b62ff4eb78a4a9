package io.slab.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.slab.ann.Quantizer;
import io.slab.bytes.ByteWriter;
import io.slab.bytes.XxHash64;
import io.slab.format.section.MetadataCodec;
import io.slab.model.IndexSpec;
import io.slab.model.Ledger;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.FixedIndexer;
import io.slab.testkit.HeapObject;
import io.slab.testkit.Seeds;
import io.slab.testkit.TestSlabs;
import io.slab.testkit.spec.RandomRecords;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerSumTest {
  private static final float[] VALUES = {1, -2, 3};
  private static final SparseVector SPARSE =
      new SparseVector(new int[] {1, 7}, new float[] {0.5f, 2});
  private static final Metadata FIELDS =
      Metadata.of(
          Map.of(
              "a", new MetaValue.Num(1),
              "b", new MetaValue.Str("x"),
              "c", new MetaValue.StrList(List.of("x", "y")),
              "d", new MetaValue.Bool(true)));

  private static ListInput.Row row(
      String id, long lsn, float[] values, SparseVector sparse, Metadata metadata) {
    return ListInput.Row.of(new VectorRecord(id, values, sparse, metadata), lsn);
  }

  private static Ledger ledger(ListInput.Row... rows) {
    return LedgerSum.of(ListInput.of(List.of(rows)));
  }

  /** The rules of spec/slab-file.md, section 8.7, step by step. */
  @Test
  void isTheSumOfTheHashesOfTheParts() {
    byte[] id = Utf8.bytes("id");
    ByteWriter first = new ByteWriter().bytes(id).u64(9);
    ByteWriter dense = new ByteWriter().floats(VALUES);
    ByteWriter sparse = new ByteWriter().u32(1).u32(7).f32(0.5f).f32(2);
    ByteWriter metadata = new ByteWriter();
    MetadataCodec.writeNamed(metadata, FIELDS);
    long key = XxHash64.hash(first.toBytes());
    long[] sums = new long[4];
    for (int lane = 0; lane < 4; lane++) {
      sums[lane] += hash(first, lane);
      sums[lane] += hash(dense, key + 4 + lane);
      sums[lane] += hash(sparse, key + 8 + lane);
      sums[lane] += hash(metadata, key + 12 + lane);
    }
    Ledger expected = new Ledger(sums[0], sums[1], sums[2], sums[3]);
    assertEquals(expected, ledger(row("id", 9, VALUES, SPARSE, FIELDS)));
  }

  private static long hash(ByteWriter bytes, long seed) {
    return XxHash64.hash(bytes.array(), 0, bytes.size(), seed);
  }

  /** The check value of spec/slab-file.md, section 8.7. */
  @Test
  void hasTheCheckValueOfTheSpecification() {
    Metadata genre = Metadata.of(Map.of("genre", new MetaValue.Str("drama")));
    assertEquals(
        "edf9b129249d6aa2a0b9ec5847ba426c10997c96e92af974a31dc4aafa8ab1c1",
        ledger(row("a", 1, new float[] {1, 2}, null, genre)).toString());
  }

  @Test
  void everyPartCounts() {
    float[] flipped = VALUES.clone();
    flipped[2] = Float.intBitsToFloat(Float.floatToRawIntBits(flipped[2]) ^ 1);
    Metadata other = Metadata.of(Map.of("a", new MetaValue.Num(-0.0)));
    Metadata zero = Metadata.of(Map.of("a", new MetaValue.Num(0.0)));
    Metadata renamed = Metadata.of(Map.of("b", new MetaValue.Num(0.0)));
    Metadata text = Metadata.of(Map.of("a", new MetaValue.Str("0")));
    Metadata list = Metadata.of(Map.of("a", new MetaValue.StrList(List.of("0"))));
    Metadata empty = Metadata.of(Map.of("a", new MetaValue.StrList(List.of())));
    SparseVector weight = new SparseVector(new int[] {1, 7}, new float[] {0.5f, -2});
    SparseVector index = new SparseVector(new int[] {1, 8}, new float[] {0.5f, 2});
    List<Ledger> all =
        List.of(
            ledger(row("id", 9, VALUES, SPARSE, FIELDS)),
            ledger(row("ie", 9, VALUES, SPARSE, FIELDS)),
            ledger(row("id", 8, VALUES, SPARSE, FIELDS)),
            ledger(row("id", 9, flipped, SPARSE, FIELDS)),
            ledger(row("id", 9, null, SPARSE, FIELDS)),
            ledger(row("id", 9, VALUES, weight, FIELDS)),
            ledger(row("id", 9, VALUES, index, FIELDS)),
            ledger(row("id", 9, VALUES, null, FIELDS)),
            ledger(row("id", 9, VALUES, SPARSE, other)),
            ledger(row("id", 9, VALUES, SPARSE, zero)),
            ledger(row("id", 9, VALUES, SPARSE, renamed)),
            ledger(row("id", 9, VALUES, SPARSE, text)),
            ledger(row("id", 9, VALUES, SPARSE, list)),
            ledger(row("id", 9, VALUES, SPARSE, empty)),
            ledger(row("id", 9, VALUES, SPARSE, Metadata.EMPTY)));
    Set<Long> lanes = new HashSet<>();
    for (Ledger one : all) {
      lanes.addAll(List.of(one.lane0(), one.lane1(), one.lane2(), one.lane3()));
    }
    assertEquals(4 * all.size(), lanes.size(), "each lane tells them apart");
  }

  @Test
  void partsBelongToTheirRows() {
    float[] other = {4, 5, 6};
    ListInput.Row a = row("a", 1, VALUES, null, FIELDS);
    ListInput.Row b = row("b", 2, other, null, Metadata.EMPTY);
    ListInput.Row swappedA = row("a", 1, other, null, FIELDS);
    ListInput.Row swappedB = row("b", 2, VALUES, null, Metadata.EMPTY);
    assertEquals(ledger(a).plus(ledger(b)), ledger(a, b));
    assertNotEquals(ledger(a, b), ledger(swappedA, swappedB));
    assertNotEquals(
        ledger(a, b),
        ledger(row("a", 1, VALUES, null, Metadata.EMPTY), row("b", 2, other, null, FIELDS)));
    assertNotEquals(ledger(a, b), ledger(a, b).plus(ledger(b)));
    assertNotEquals(Ledger.EMPTY, ledger(a).plus(ledger(a)));
  }

  /** What the builder wrote, in each order of rows, has the ledger of what went in. */
  @Test
  void theBuilderWritesTheLedgerOfItsRows() {
    for (VectorType type : VectorType.values()) {
      long seed = Seeds.of(LedgerSumTest.class);
      IndexSpec spec = TestSlabs.spec(type, type.hasDense() ? 8 : 0, Metric.DOTPRODUCT);
      List<ListInput.Row> rows = new ArrayList<>();
      for (VectorRecord record : new RandomRecords(seed, spec).records(200)) {
        rows.add(ListInput.Row.of(record, 1_000 + rows.size()));
      }
      Collections.shuffle(rows, new java.util.Random(seed));
      Ledger expected = LedgerSum.of(ListInput.of(rows));
      for (VectorIndexer indexer :
          new VectorIndexer[] {null, new FixedIndexer(6, Quantizer.SIGN)}) {
        HeapObject object = new HeapObject();
        SlabRequest request = SlabRequest.flush(TestSlabs.ID, 1, spec, "ns");
        SlabSummary summary = SlabBuilder.build(request, ListInput.of(rows), object, indexer);
        assertEquals(expected, summary.manifest().ledger(), "seed " + seed);
        try (SlabReader slab = TestSlabs.open(object.bytes())) {
          assertEquals(expected, slab.manifest().ledger());
          assertEquals(expected, readBack(slab), "read back, seed " + seed);
        }
        assertEquals(List.of(), TestSlabs.problems(object.bytes()), "seed " + seed);
      }
    }
  }

  private static Ledger readBack(SlabReader slab) {
    LedgerSum sum = new LedgerSum();
    try (SlabInput.Cursor rows = slab.cursor()) {
      while (rows.next()) {
        sum.add(rows);
      }
    }
    return sum.ledger();
  }
}
