package io.slab.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.slab.ann.Quantizer;
import io.slab.bytes.LittleEndian;
import io.slab.check.Problem;
import io.slab.error.CorruptException;
import io.slab.error.SlabException;
import io.slab.error.UnsupportedException;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFile;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.RangeTombstone;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.Breadth;
import io.slab.testkit.FixedIndexer;
import io.slab.testkit.HeapObject;
import io.slab.testkit.RandomRecords;
import io.slab.testkit.Seeds;
import io.slab.testkit.SlabSurgeon;
import io.slab.testkit.TestSlabs;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CorruptSlabIT {
  private static final IndexSpec COSINE = TestSlabs.spec(VectorType.DENSE, 5, Metric.COSINE);
  private static final IndexSpec HYBRID = TestSlabs.spec(VectorType.HYBRID, 4, Metric.DOTPRODUCT);
  private static final byte[] SLAB = sample(COSINE, 600);
  private static final byte[] SMALL = sample(HYBRID, 60);

  private static final byte[] CELLS = cells();

  /** Rows in the order of cells. */
  private static byte[] cells() {
    List<ListInput.Row> rows = new ArrayList<>();
    for (VectorRecord record : new io.slab.testkit.spec.RandomRecords(5, HYBRID).records(90)) {
      rows.add(ListInput.Row.of(record, 1 + rows.size()));
    }
    HeapObject out = new HeapObject();
    SlabRequest request = SlabRequest.flush(TestSlabs.ID, TestSlabs.CREATED, HYBRID, "ns");
    SlabBuilder.build(request, ListInput.of(rows), out, new FixedIndexer(6, Quantizer.SIGN));
    return out.bytes();
  }

  private static byte[] sample(IndexSpec spec, int rows) {
    SlabRequest request =
        new SlabRequest(
            TestSlabs.ID,
            TestSlabs.CREATED,
            spec,
            "ns",
            0,
            List.of(),
            SlabTombstones.sorted(
                List.of(
                    new SlabRequest.Tombstone(new byte[] {1}, 1_000),
                    new SlabRequest.Tombstone(new byte[] {1, 2}, 1_001)),
                List.of(
                    RangeTombstone.all(1_002),
                    RangeTombstone.filter(1_003, "{\"genre\":\"drama\"}"),
                    RangeTombstone.otherSlabs(1_004, List.of(TestSlabs.ID))),
                1L << 40));
    return TestSlabs.build(request, new RandomRecords(new Random(17), spec).list(rows));
  }

  /** Reads all there is to read; damage must end in an exception. */
  private static void readAll(byte[] bytes) {
    try (SlabReader slab = TestSlabs.open(bytes)) {
      uses(slab).forEach(Runnable::run);
    }
    List<Problem> problems = TestSlabs.problems(bytes);
    if (!problems.isEmpty() && problems.getFirst().unsupported()) {
      throw new UnsupportedException("test.slab", -1, problems.toString(), "a known slab");
    }
    if (!problems.isEmpty()) {
      throw new CorruptException("test.slab", -1, problems.toString(), "a sound slab");
    }
  }

  private static void assertRefused(byte[] bytes, String what) {
    SlabException error = assertThrows(SlabException.class, () -> readAll(bytes), what);
    assertTrue(
        error instanceof CorruptException || error instanceof UnsupportedException, what + error);
  }

  @Test
  void theUndamagedSlabsAreFine() {
    readAll(SLAB);
    readAll(SMALL);
    readAll(CELLS);
  }

  @Test
  void aFlippedBitInAnySectionIsNoticed() {
    for (byte[] slab : List.of(SLAB, SMALL, CELLS)) {
      Random random = new Random(3);
      List<DirectoryEntry> entries;
      try (SlabFile file = SlabFile.open(HeapObject.source("t", slab, true))) {
        entries = file.entries();
      }
      for (DirectoryEntry entry : entries) {
        for (int i = 0; i < 12 && entry.storedLength() > 0; i++) {
          long at = entry.offset() + random.nextLong(entry.storedLength());
          byte[] damaged = slab.clone();
          damaged[(int) at] ^= (byte) (1 << random.nextInt(8));
          assertRefused(damaged, entry.label() + " byte " + at);
        }
      }
    }
  }

  @Test
  void truncationAtAnyBoundaryIsNoticed() {
    TreeSet<Long> cuts = new TreeSet<>(List.of(0L, 1L, 63L, 64L, 143L, 144L));
    for (DirectoryEntry entry : SlabSurgeon.sections(SLAB)) {
      cuts.addAll(List.of(entry.offset(), entry.end(), entry.end() - 1));
    }
    try (SlabFile file = SlabFile.open(HeapObject.source("t", SLAB, true))) {
      cuts.add(file.trailer().directoryOffset());
      cuts.add(file.trailer().directoryOffset() + 64);
      cuts.add(file.length() - 80);
      cuts.add(file.length() - 1);
    }
    for (long cut : cuts) {
      assertRefused(Arrays.copyOf(SLAB, (int) Math.max(0, cut)), "cut at " + cut);
    }
    assertRefused(Arrays.copyOf(SLAB, SLAB.length + 1), "one byte more");
  }

  /**
   * Right checksums over wrong content: never anything but an exception of ours, and never an
   * absurd allocation.
   */
  @Test
  void lyingSectionsEndInDataErrors() {
    lies(SMALL);
    lies(CELLS);
  }

  private static void lies(byte[] honest) {
    long seed = Seeds.of("CorruptSlabIT.lyingSectionsEndInDataErrors");
    Random random = new Random(seed);
    int refused = 0;
    int tried = 0;
    for (DirectoryEntry entry : SlabSurgeon.sections(honest)) {
      for (int i = 0; i < Breadth.of(20, 80); i++) {
        byte[] liar = SlabSurgeon.change(honest, entry, part -> lie(part, random));
        tried++;
        refused += survives(liar, entry.label()) ? 0 : 1;
      }
    }
    // Some changes do no harm (another float, another bloom bit); most must be noticed.
    assertTrue(refused > tried / 2, refused + " of " + tried + " refused");
  }

  private static SlabSurgeon.Part lie(SlabSurgeon.Part part, Random random) {
    byte[] bytes = part.bytes().clone();
    int[] extremes = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xFFFF, 255, 1 << 30};
    int kind = random.nextInt(8);
    if (bytes.length < 8 && kind < 5) {
      kind = 7;
    }
    switch (kind) {
      case 0, 1 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      case 2, 3 ->
          MemorySegment.ofArray(bytes)
              .set(
                  LittleEndian.INT,
                  kind == 2 ? 4 * random.nextInt(2) : random.nextInt(bytes.length - 3),
                  extremes[random.nextInt(extremes.length)]);
      case 4 ->
          bytes[random.nextInt(Math.min(64, bytes.length))] ^= (byte) (1 << random.nextInt(8));
      case 5 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      case 6 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
      default -> {
        long lie = random.nextBoolean() ? random.nextLong() & Long.MAX_VALUE : random.nextInt(300);
        return random.nextBoolean() ? part.items(lie) : part.spec(part.spec().param(lie));
      }
    }
    return part.bytes(bytes);
  }

  /**
   * True when nothing was noticed. Uses the reader like a query would, also where the check refuses
   * it.
   */
  private static boolean survives(byte[] bytes, String what) {
    boolean[] fine = {true};
    try (SlabReader slab = TestSlabs.open(bytes)) {
      List<Runnable> uses = uses(slab);
      fine[0] = TestSlabs.problems(bytes).isEmpty();
      for (Runnable use : uses) {
        try {
          use.run();
        } catch (CorruptException | UnsupportedException e) {
          fine[0] = false;
        }
      }
    } catch (CorruptException | UnsupportedException e) {
      return false;
    } catch (RuntimeException | OutOfMemoryError e) {
      fail(what + ": " + e, e);
    }
    return fine[0];
  }

  private static List<Runnable> uses(SlabReader slab) {
    List<Runnable> uses = new ArrayList<>();
    for (int row = 0; row < slab.rows(); row += 7) {
      int at = row;
      uses.add(() -> slab.record(at));
      uses.add(() -> slab.find(slab.rowId(at)));
      uses.add(() -> slab.lsn(at));
    }
    uses.add(() -> slab.find(new byte[] {5}));
    uses.add(() -> slab.lowerBound(new byte[] {100}));
    uses.add(() -> slab.tombstones().ids().forEach(tombstone -> {}));
    for (SlabColumn column : slab.columns()) {
      String field = column.info().field();
      uses.add(() -> slab.fields().exists(field).getCardinality());
      uses.add(() -> slab.fields().equalTo(field, "a").getCardinality());
      uses.add(() -> slab.fields().equalTo(field, 1).getCardinality());
      uses.add(() -> slab.fields().equalTo(field, true).getCardinality());
      uses.add(() -> slab.fields().range(field, 0, true, 1950, true).toArray());
      uses.add(() -> slab.fields().range(field, 1901, true, 1e9, true).toArray());
      uses.add(() -> column.topValues(3));
    }
    return uses;
  }

  @Test
  void aMissingCriticalSectionIsNoticedAndMissingHelpersAreNot() {
    for (DirectoryEntry entry : SlabSurgeon.sections(SLAB)) {
      byte[] without = SlabSurgeon.change(SLAB, entry, part -> null);
      SectionKind kind = SectionKind.ofCode(entry.kind());
      switch (kind) {
        case ID_BLOOM, RANGE_TOMBSTONES, INVERSE_NORMS, RANK_SLICES -> readAll(without);
        default -> assertRefused(without, entry.label());
      }
    }
  }

  @Test
  void unknownEncodingsAndCodecsNeedANewerReader() {
    for (DirectoryEntry entry : SlabSurgeon.sections(SLAB)) {
      if (entry.kind() == SectionKind.MANIFEST.code()) {
        continue;
      }
      byte[] encoding =
          SlabSurgeon.change(SLAB, entry, part -> part.spec(part.spec().encoding(77)));
      assertThrows(UnsupportedException.class, () -> readAll(encoding), entry.label());
      byte[] codec =
          SlabSurgeon.change(
              SLAB,
              entry,
              part ->
                  part.spec(
                      new SectionSpec(
                          part.spec().kind(),
                          part.spec().column(),
                          9,
                          part.spec().encoding(),
                          part.spec().alignmentLog2(),
                          part.spec().param())));
      assertThrows(UnsupportedException.class, () -> readAll(codec), entry.label());
    }
  }

  @Test
  void oneDamagedColumnLeavesTheRestReadable() {
    DirectoryEntry target =
        SlabSurgeon.sections(SLAB).stream()
            .filter(entry -> entry.kind() == SectionKind.BITMAP_DATA.code())
            .findFirst()
            .orElseThrow();
    byte[] damaged = SLAB.clone();
    damaged[(int) target.offset() + 3] ^= 4;
    try (SlabReader slab = TestSlabs.open(damaged)) {
      for (int row = 0; row < slab.rows(); row++) {
        assertFalse(slab.record(row).id().isEmpty());
      }
      String field = slab.columns().get(target.column()).info().field();
      assertThrows(CorruptException.class, () -> slab.fields().exists(field));
      assertThrows(CorruptException.class, () -> slab.fields().exists(field));
      List<Problem> problems = TestSlabs.problems(damaged);
      assertEquals(1, problems.size(), problems.toString());
    }
  }

  @Test
  void aVectorRecordIsNeverWrong() {
    // Flip bits all over the file; every record that can be read must be the one that was written.
    List<VectorRecord> expected =
        TestSlabs.sorted(new RandomRecords(new Random(17), HYBRID).list(60));
    Random random = new Random(8);
    for (int round = 0; round < 400; round++) {
      byte[] damaged = SMALL.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      try (SlabReader slab = TestSlabs.open(damaged)) {
        for (int row = 0; row < slab.rows(); row++) {
          VectorRecord found = slab.record(row);
          assertEquals(expected.get(row).id(), found.id());
          assertEquals(expected.get(row).metadata(), found.metadata());
          assertTrue(Arrays.equals(expected.get(row).values(), found.values()));
          SparseVector sparse = expected.get(row).sparse();
          assertEquals(sparse == null, found.sparse() == null);
          if (sparse != null) {
            assertTrue(Arrays.equals(sparse.indices(), found.sparse().indices()));
            assertTrue(Arrays.equals(sparse.weights(), found.sparse().weights()));
          }
        }
      } catch (CorruptException | UnsupportedException e) {
        // Noticed.
      }
    }
  }
}
