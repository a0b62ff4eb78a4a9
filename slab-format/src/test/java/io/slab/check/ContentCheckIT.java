package io.slab.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.SlabException;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import io.slab.inspect.SlabInspector;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.Utf8;
import io.slab.model.VectorType;
import io.slab.testkit.Breadth;
import io.slab.testkit.HeapObject;
import io.slab.testkit.RandomRecords;
import io.slab.testkit.Seeds;
import io.slab.testkit.SlabFixture;
import io.slab.testkit.SlabSurgeon;
import io.slab.testkit.TestSlabs;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Slabs whose every checksum is right and whose content is not: what only a faulty writer makes.
 */
class ContentCheckIT {
  private static final byte[] GOOD = SlabFixture.slab();

  private static CheckReport check(byte[] slab, CheckLevel level) {
    return SlabCheck.report(HeapObject.source("s.slab", slab, true), level);
  }

  private static void forged(
      SectionKind kind, UnaryOperator<byte[]> change, String section, String text) {
    forged(kind, SlabFormat.NO_COLUMN, change, section, text);
  }

  private static void forged(
      SectionKind kind, int column, UnaryOperator<byte[]> change, String section, String text) {
    byte[] twin = SlabFixture.forge(GOOD, kind, column, change);
    if (kind != SectionKind.MANIFEST) {
      // Opening a slab decodes its manifest, and the quick check opens it.
      assertEquals("ok", check(twin, CheckLevel.QUICK).status());
    }
    CheckReport report = check(twin, CheckLevel.CHECKSUMS);
    assertEquals(1, report.problems().size(), report.problems().toString());
    Problem problem = report.problems().getFirst();
    assertEquals(section, problem.section(), problem.toString());
    assertTrue(problem.problem().contains(text), problem.toString());
    assertEquals(0, report.recordsAtRisk(), "all bytes are as they were written");
  }

  private static UnaryOperator<byte[]> flip(int at) {
    return bytes -> {
      byte[] copy = bytes.clone();
      copy[at < 0 ? copy.length + at : at] ^= 1;
      return copy;
    };
  }

  private static UnaryOperator<byte[]> replace(String from, String to) {
    return bytes -> {
      String text = Utf8.string(bytes);
      assertTrue(text.contains(from), from);
      return Utf8.bytes(text.replace(from, to));
    };
  }

  @Test
  void ledger() {
    String digits = "\"ledger\":\"";
    forged(
        SectionKind.MANIFEST,
        bytes -> {
          byte[] copy = bytes.clone();
          int at = Utf8.string(bytes).indexOf(digits) + digits.length();
          copy[at] = (byte) (copy[at] == '0' ? '1' : '0');
          return copy;
        },
        "MANIFEST",
        "who wrote it lost, doubled or changed a row");
    // The LSN of row 2, which is none of the ends.
    forged(SectionKind.ROW_LSN, flip(16 + 2), "MANIFEST", "who wrote it lost");
  }

  @Test
  void aGoodSlabHasNoProblems() {
    for (CheckLevel level : CheckLevel.values()) {
      CheckReport report = check(GOOD, level);
      assertEquals("ok", report.status(), report.problems().toString());
    }
    byte[] same = SlabFixture.forge(GOOD, SectionKind.MANIFEST, 0xFFFF, bytes -> bytes);
    assertEquals("ok", check(same, CheckLevel.CHECKSUMS).status(), "forging changes nothing else");
  }

  @Test
  void manifest() {
    SectionKind kind = SectionKind.MANIFEST;
    forged(kind, replace("\"rows\":300", "\"rows\":299"), "MANIFEST", "rows is 299, expected 300");
    forged(
        kind,
        replace(SlabFixture.ID.toString(), "01JA0000000000000000000001"),
        "MANIFEST",
        "id is");
    forged(
        kind, replace("\"lsnMin\":\"1000\"", "\"lsnMin\":\"1002\""), "ROW_LSN", "2 rows have LSNs");
    forged(
        kind, replace("\"lsnMax\":\"1299\"", "\"lsnMax\":\"1298\""), "ROW_LSN", "1 rows have LSNs");
    forged(kind, replace("232", "231"), "MANIFEST[0]", "231 rows with 5 values");
    forged(kind, replace("\"distinct\":150", "\"distinct\":149"), "MANIFEST[2]", "149 values");
    forged(kind, replace("\"cosine\"", "\"other\""), "RAW_VECTORS", "metric other");
    forged(kind, replace("\"dimension\":3", "\"dimension\":4"), "RAW_VECTORS", "dimension");
    forged(kind, replace("{\"format\"", "{\"format\":1,\"format\""), "MANIFEST", "twice");
  }

  @Test
  void columnsOfTheManifest() {
    SectionKind kind = SectionKind.MANIFEST;
    String text = "not numbered from 0";
    forged(kind, replace("\"type\":\"list\"", "\"kind\":\"list\""), "MANIFEST", text);
    forged(kind, replace("{\"id\":1,", "{\"id\":7,"), "MANIFEST", text);
    forged(kind, replace("\"columns\":[", "\"columns\":[5,"), "MANIFEST", text);
    forged(kind, replace("[\"g\",\"n\"", "[\"g\",\"m\",\"n\""), "MANIFEST", "its fields are");
  }

  @Test
  void ids() {
    forged(SectionKind.ID_TOP, flip(-1), "ID_TOP", "block 1 begins with another id");
    forged(
        SectionKind.ID_BLOOM,
        bytes -> new byte[bytes.length],
        "ID_BLOOM",
        "300 of 300 ids are not in the filter");
  }

  /** What can be said without the ids is said, and nothing else is blamed for them. */
  @Test
  void damagedIdsHideNothingElse() {
    byte[] twin = SlabFixture.forge(GOOD, SectionKind.ID_BLOCKS, SlabFormat.NO_COLUMN, flip(0));
    byte[] notANumber = {0, 0, (byte) 0xC0, 0x7F};
    twin =
        SlabFixture.forge(
            twin,
            SectionKind.RAW_VECTORS,
            SlabFormat.NO_COLUMN,
            bytes -> {
              byte[] copy = bytes.clone();
              System.arraycopy(notANumber, 0, copy, 0, 4);
              return copy;
            });
    CheckReport report = check(twin, CheckLevel.CHECKSUMS);
    assertEquals("ID_BLOCKS", report.problems().getFirst().section());
    assertTrue(
        report.problems().stream()
            .anyMatch(p -> "row 0".equals(p.section()) && p.problem().startsWith("a record: ")),
        report.problems().toString());
    assertEquals(1, report.problems().stream().filter(p -> p.section().contains("ID_")).count());
  }

  @Test
  void sequenceNumbersAndVectors() {
    forged(SectionKind.ROW_LSN, flip(2), "ROW_LSN", "300 rows have LSNs outside");
    forged(SectionKind.INVERSE_NORMS, flip(40), "INVERSE_NORMS", "row 10");
    forged(
        SectionKind.RAW_VECTORS,
        bytes -> {
          byte[] copy = bytes.clone();
          copy[4 * 3 * 7 + 2] = (byte) 0x80;
          copy[4 * 3 * 7 + 3] = 0x7F;
          return copy;
        },
        "INVERSE_NORMS",
        "for row 7");
    forged(SectionKind.RAW_VECTORS, flip(4 * 3 * 7 + 2), "INVERSE_NORMS", "for row 7");
  }

  @Test
  void columns() {
    forged(SectionKind.BITMAP_DICT, SlabFixture.T, flip(16), "BITMAP_DATA[3]", "bitmap");
    forged(SectionKind.BITMAP_DATA, SlabFixture.G_STRING, flip(-1), "BITMAP_DATA[0]", "");
    forged(SectionKind.COLUMN_DICT, SlabFixture.N, flip(8 * 20), "COLUMN_DICT[2]", "rank 20 is");
    forged(SectionKind.COLUMN_CODES, SlabFixture.G_STRING, flip(0), "COLUMN_CODES[0]", "row 0");
    forged(
        SectionKind.COLUMN_CODES,
        SlabFixture.G_LIST,
        flip(4 * 8),
        "COLUMN_CODES[1]",
        "begin elsewhere");
    forged(SectionKind.COLUMN_CODES, SlabFixture.N, flip(3), "COLUMN_CODES[2]", "the code");
    forged(SectionKind.RANK_SLICES, SlabFixture.N, flip(-1), "RANK_SLICES[2]", "");
    forged(
        SectionKind.COLUMN_CODES,
        SlabFixture.T,
        bytes -> Arrays.copyOf(bytes, bytes.length - 8),
        "COLUMN_CODES[3]",
        "expected");
  }

  /** Random bytes of a faulty writer in each section: a report, and never another exception. */
  @Test
  void hostileContentEndsInProblemsOnly() {
    long seed = Seeds.of("ContentCheckIT.hostileContentEndsInProblemsOnly");
    Random random = new Random(seed);
    SectionKind[] kinds = SectionKind.values();
    for (int round = 0; round < Breadth.of(1_000, 50_000); round++) {
      SectionKind kind = kinds[random.nextInt(kinds.length)];
      int column = kind.code() >= 0x40 ? random.nextInt(4) : SlabFormat.NO_COLUMN;
      byte[] twin = SlabFixture.forge(GOOD, kind, column, bytes -> damage(bytes, random));
      check(twin, CheckLevel.CHECKSUMS);
      try (SlabInspector slab = SlabInspector.open(HeapObject.source("s", twin, true))) {
        slab.sections();
        look(slab::summary);
        look(() -> slab.columns(5));
        look(() -> slab.bitmaps("g", 50));
        look(() -> slab.row(random.nextInt(SlabFixture.ROWS)));
        look(() -> slab.row("r123"));
      }
    }
  }

  private static byte[] damage(byte[] bytes, Random random) {
    byte[] copy =
        Arrays.copyOf(bytes, Math.max(0, bytes.length - (random.nextInt(9) == 0 ? 8 : 0)));
    int near = random.nextBoolean() ? Math.min(copy.length, 64) : copy.length;
    for (int n = 1 + random.nextInt(3); n > 0 && near > 0; n--) {
      copy[random.nextInt(near)] = (byte) (random.nextBoolean() ? -1 : random.nextInt());
    }
    return copy;
  }

  private static void look(Runnable view) {
    try {
      view.run();
    } catch (SlabException e) {
      assertTrue(e.getMessage() != null);
    }
  }

  @Test
  void aColumnWithoutWhatItsFiltersNeed() {
    for (DirectoryEntry entry : SlabSurgeon.sections(GOOD)) {
      SectionKind kind = SectionKind.ofCode(entry.kind());
      if (kind == SectionKind.BITMAP_DICT || kind == SectionKind.BITMAP_DATA) {
        byte[] without = SlabSurgeon.change(GOOD, entry, part -> null);
        assertEquals("errors", check(without, CheckLevel.CHECKSUMS).status(), entry.label());
      }
    }
  }

  @Test
  void postingsThatDisagreeWithTheSparseRows() {
    IndexSpec spec = TestSlabs.spec(VectorType.SPARSE, 0, Metric.DOTPRODUCT);
    byte[] good = TestSlabs.build(spec, new RandomRecords(new Random(5), spec).list(300));
    assertEquals("ok", check(good, CheckLevel.CHECKSUMS).status());
    for (DirectoryEntry entry : SlabSurgeon.sections(good)) {
      if (SectionKind.ofCode(entry.kind()) == SectionKind.SPARSE_POSTINGS) {
        byte[] bad =
            SlabSurgeon.change(
                good,
                entry,
                part -> {
                  byte[] bytes = part.bytes().clone();
                  bytes[bytes.length / 2] ^= 1;
                  return part.bytes(bytes);
                });
        assertEquals("errors", check(bad, CheckLevel.CHECKSUMS).status());
        return;
      }
    }
    throw new AssertionError("no postings in a sparse slab");
  }
}
