package io.slab.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bytes.LittleEndian;
import io.slab.bytes.XxHash64;
import io.slab.error.CorruptException;
import io.slab.format.section.RawVectorsLayout;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.HeapObject;
import io.slab.testkit.RandomRecords;
import io.slab.testkit.Seeds;
import io.slab.testkit.TestSlabs;
import io.slab.vector.CanonicalScore;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlabRoundTripIT {
  private static final int[] ROWS = {1, 2, 255, 256, 257, 511, 512, 513};

  private static final IndexSpec DENSE = TestSlabs.spec(VectorType.DENSE, 5, Metric.COSINE);
  private static final IndexSpec EUCLIDEAN = TestSlabs.spec(VectorType.DENSE, 3, Metric.EUCLIDEAN);
  private static final IndexSpec SPARSE = TestSlabs.spec(VectorType.SPARSE, 0, Metric.DOTPRODUCT);
  private static final IndexSpec HYBRID = TestSlabs.spec(VectorType.HYBRID, 16, Metric.DOTPRODUCT);

  private static void roundTrip(IndexSpec spec, int count, long seed) {
    List<VectorRecord> records = new RandomRecords(new Random(seed), spec).list(count);
    byte[] bytes = TestSlabs.build(spec, records);
    assertEquals(List.of(), TestSlabs.problems(bytes));
    for (boolean mapped : new boolean[] {true, false}) {
      if (mapped || count <= 300) {
        try (SlabReader slab =
            SlabReader.open(HeapObject.source("t.slab", bytes, mapped), -1, spec)) {
          compare(slab, spec, records);
        }
      }
    }
  }

  private static void compare(SlabReader slab, IndexSpec spec, List<VectorRecord> records) {
    List<VectorRecord> expected = TestSlabs.sorted(records);
    Map<String, Integer> order = new HashMap<>();
    records.forEach(record -> order.put(record.id(), order.size()));
    assertEquals(expected.size(), slab.rows());
    assertEquals(spec.dimension(), slab.dimension());
    for (int row = 0; row < slab.rows(); row++) {
      VectorRecord wanted = expected.get(row);
      byte[] id = Utf8.bytes(wanted.id());
      assertArrayEquals(id, slab.rowId(row));
      assertEquals(row, slab.find(id));
      assertEquals(row, slab.find(id, XxHash64.hash(id)));
      assertEquals(row, slab.lowerBound(id));
      assertEquals(1_000 + 7L * order.get(wanted.id()), slab.lsn(row));
      SameRecords.check(wanted, slab.record(row));
      if (spec.metric() == Metric.COSINE) {
        float norm =
            RawVectorsLayout.inverseNorm(CanonicalScore.dot(wanted.values(), wanted.values()));
        float stored = slab.dense().inverseNorms(row, 1).get(LittleEndian.FLOAT, 0);
        assertEquals(Float.floatToRawIntBits(norm), Float.floatToRawIntBits(stored));
      }
    }
  }

  @Test
  void everyKindOfSlabGivesBackItsRecordsBitForBit() {
    long seed = Seeds.of("SlabRoundTripIT.everyKindOfSlabGivesBackItsRecordsBitForBit");
    for (IndexSpec spec : List.of(DENSE, EUCLIDEAN, SPARSE, HYBRID)) {
      for (int rows : ROWS) {
        roundTrip(spec, rows, seed + rows);
      }
    }
  }

  @Test
  void tenThousandRows() {
    long seed = Seeds.of("SlabRoundTripIT.tenThousandRows");
    roundTrip(HYBRID, 10_000, seed);
  }

  @Test
  void idsThatAreNotThereAreNotFound() {
    List<VectorRecord> records = new RandomRecords(new Random(5), SPARSE).list(700);
    List<byte[]> ids = TestSlabs.sorted(records).stream().map(r -> Utf8.bytes(r.id())).toList();
    try (SlabReader slab = TestSlabs.open(TestSlabs.build(SPARSE, records))) {
      Random random = new Random(6);
      for (int i = 0; i < 5_000; i++) {
        byte[] key = ids.get(random.nextInt(ids.size())).clone();
        key =
            random.nextBoolean()
                ? java.util.Arrays.copyOf(key, random.nextInt(key.length + 3))
                : key;
        if (key.length > 0 && random.nextBoolean()) {
          key[random.nextInt(key.length)] += (byte) (random.nextInt(3) - 1);
        }
        int bound = 0;
        while (bound < ids.size() && Utf8.compareBytes(ids.get(bound), key) < 0) {
          bound++;
        }
        boolean there = bound < ids.size() && Utf8.compareBytes(ids.get(bound), key) == 0;
        assertEquals(bound, slab.lowerBound(key));
        assertEquals(there ? bound : -1, slab.find(key));
      }
      assertEquals(0, slab.lowerBound(new byte[0]));
      assertEquals(700, slab.lowerBound(new byte[] {-1, -1}));
    }
  }

  @Test
  void equalRequestsAndRowsGiveEqualBytesInEachOrderOfArrival() {
    List<VectorRecord> records = new RandomRecords(new Random(9), DENSE).list(600);
    List<ListInput.Row> rows = new ArrayList<>();
    records.forEach(record -> rows.add(ListInput.Row.of(record, rows.size())));
    HeapObject first = new HeapObject();
    SlabRequest request = SlabRequest.flush(TestSlabs.ID, TestSlabs.CREATED, DENSE, "ns");
    SlabSummary summary = SlabBuilder.build(request, ListInput.of(rows), first);
    java.util.Collections.reverse(rows);
    HeapObject second = new HeapObject();
    SlabBuilder.build(request, ListInput.of(rows), second);
    assertArrayEquals(first.bytes(), second.bytes());
    assertEquals(first.bytes().length, summary.bytes());
    try (SlabReader slab = TestSlabs.open(first.bytes())) {
      assertEquals(slab.file().trailer().hotOffset(), summary.hotOffset());
      assertEquals(slab.manifest(), summary.manifest());
    }
  }

  /** Compaction reads slabs through cursors: building from one must give the very same content. */
  @Test
  void aSlabBuiltFromASlabIsTheSame() {
    List<VectorRecord> records = new RandomRecords(new Random(10), HYBRID).list(300);
    byte[] bytes = TestSlabs.build(HYBRID, records);
    try (SlabReader slab = TestSlabs.open(bytes)) {
      HeapObject copy = new HeapObject();
      SlabRequest request = SlabRequest.flush(TestSlabs.ID, TestSlabs.CREATED, HYBRID, "ns");
      SlabBuilder.build(
          request,
          new SlabInput() {
            @Override
            public int rows() {
              return slab.rows();
            }

            @Override
            public Cursor open() {
              return slab.cursor();
            }
          },
          copy);
      assertArrayEquals(bytes, copy.bytes());
    }
  }

  @Test
  void tombstonesAndSourcesAreKept() {
    VectorRecord record = new VectorRecord("b", new float[] {1, 2, 3}, null, Metadata.EMPTY);
    Ulid source = Ulid.parse("01JA0000000000000000000009");
    SlabRequest request =
        new SlabRequest(
            TestSlabs.ID,
            TestSlabs.CREATED,
            EUCLIDEAN,
            "a/b ü",
            2,
            List.of(source),
            List.of(
                new SlabRequest.Tombstone(Utf8.bytes("c"), 5),
                new SlabRequest.Tombstone(Utf8.bytes("a"), -1)));
    try (SlabReader slab = TestSlabs.open(TestSlabs.build(request, List.of(record)))) {
      List<SlabRequest.Tombstone> tombstones = slab.tombstones().ids();
      assertEquals(2, tombstones.size());
      assertArrayEquals(Utf8.bytes("a"), tombstones.get(0).id());
      assertEquals(-1, tombstones.get(0).lsn());
      assertArrayEquals(Utf8.bytes("c"), tombstones.get(1).id());
      assertEquals(5, tombstones.get(1).lsn());
      assertEquals(SlabTombstones.UNKNOWN, slab.tombstones().asOf());
      assertEquals(List.of(), slab.tombstones().ranges());
      assertEquals(5, slab.manifest().lsnMin());
      assertEquals(-1, slab.manifest().lsnMax());
      assertEquals(List.of(source), slab.manifest().sources());
      assertEquals("a/b ü", slab.manifest().namespace());
      assertEquals(2, slab.manifest().level());
    }
  }

  @Test
  void fieldsOutsideTheSchemaAreKeptButNotIndexed() {
    IndexSpec spec = TestSlabs.spec(VectorType.SPARSE, 0, Metric.DOTPRODUCT, "genre", "tags");
    List<VectorRecord> records = new RandomRecords(new Random(3), spec).list(50);
    byte[] bytes = TestSlabs.build(spec, records);
    try (SlabReader slab = TestSlabs.open(bytes)) {
      compare(slab, spec, records);
      assertTrue(slab.fields().isIndexed("genre"));
      assertTrue(slab.fields().isIndexed("never seen"));
      assertTrue(!slab.fields().isIndexed("year"));
      assertEquals(
          List.of("genre", "tags"),
          slab.columns().stream().map(c -> c.info().field()).distinct().toList());
    }
    try (SlabReader slab = SlabReader.open(HeapObject.source("t", bytes, true), -1, spec)) {
      assertTrue(!slab.fields().isIndexed("never seen"));
    }
  }

  @Test
  void aSlabOfAnotherKindOfIndexIsRefused() {
    List<VectorRecord> records = new RandomRecords(new Random(3), DENSE).list(5);
    byte[] bytes = TestSlabs.build(DENSE, records);
    assertThrows(
        CorruptException.class,
        () -> SlabReader.open(HeapObject.source("t", bytes, true), -1, EUCLIDEAN));
  }

  @Test
  void badRowsAreBadCalls() {
    VectorRecord a = new VectorRecord("a", new float[] {1, 2, 3}, null, Metadata.EMPTY);
    VectorRecord shorter = new VectorRecord("b", new float[] {1, 2}, null, Metadata.EMPTY);
    VectorRecord empty = new VectorRecord("", new float[] {1, 2, 3}, null, Metadata.EMPTY);
    for (List<VectorRecord> wrong :
        List.of(List.of(a, a), List.of(a, shorter), List.of(empty), List.<VectorRecord>of())) {
      assertThrows(IllegalArgumentException.class, () -> TestSlabs.build(EUCLIDEAN, wrong));
    }
  }

  @Test
  void denseRowsCanBeReadInAnySlices() {
    List<VectorRecord> records = new RandomRecords(new Random(3), HYBRID).list(3_000);
    List<VectorRecord> expected = TestSlabs.sorted(records);
    try (SlabReader slab = TestSlabs.open(TestSlabs.build(HYBRID, records))) {
      Random random = new Random(4);
      for (int i = 0; i < 200; i++) {
        int first = random.nextInt(3_000);
        int count = random.nextInt(3_000 - first + 1);
        MemorySegment slice = slab.dense().slice(first, count);
        assertEquals(64L * count, slice.byteSize());
        for (int row = 0; row < count; row += 1 + random.nextInt(200)) {
          float[] values = new float[16];
          MemorySegment.copy(slice, LittleEndian.FLOAT, 64L * row, values, 0, 16);
          SameRecords.sameBits(expected.get(first + row).values(), values);
        }
      }
      assertNull(slab.dense().inverseNorms(0, 1));
      assertThrows(IndexOutOfBoundsException.class, () -> slab.dense().slice(2_999, 2));
    }
  }
}
