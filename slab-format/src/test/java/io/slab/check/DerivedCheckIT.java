package io.slab.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.ann.Quantizer;
import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabRequest;
import io.slab.format.VectorIndexer;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.FixedIndexer;
import io.slab.testkit.HeapObject;
import io.slab.testkit.SlabFixture;
import io.slab.testkit.SlabSurgeon;
import io.slab.testkit.TestSlabs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Slabs whose derived sections are not what the rows give, though every checksum is right. */
class DerivedCheckIT {
  /** Sections of the index that are read when a slab is opened for a search. */
  private static final Set<SectionKind> ROUNDED =
      Set.of(SectionKind.IVF_CENTROIDS, SectionKind.PQ_CODEBOOK);

  private static final Set<SectionKind> OPENED = Set.of(SectionKind.ROTATION, SectionKind.IVF_DIR);

  private static final int ROWS = 700;

  /** The same set can be written in several ways, so that a changed byte may leave it as it is. */
  private static final Set<SectionKind> SETS =
      Set.of(SectionKind.BITMAP_DICT, SectionKind.BITMAP_DATA, SectionKind.RANK_SLICES);

  private static CheckReport check(byte[] slab, CheckLevel level) {
    return SlabCheck.report(HeapObject.source("s.slab", slab, true), level);
  }

  private static void ok(byte[] slab) {
    CheckReport report = check(slab, CheckLevel.DEEP);
    assertEquals("ok", report.status(), report.problems().toString());
  }

  private static Metadata metadata(int row) {
    return Metadata.of(
        Map.of(
            "s", new MetaValue.Str("v" + row % 90),
            "n", new MetaValue.Num(row % 33),
            "b", new MetaValue.Bool(row % 3 == 0),
            "l", new MetaValue.StrList(List.of("x" + row % 5, "y")),
            "unindexed", new MetaValue.Num(row)));
  }

  private static byte[] slab(VectorType type, Metric metric, int rows, VectorIndexer indexer) {
    Random random = new Random(7);
    IndexSpec spec = TestSlabs.spec(type, type.hasDense() ? 20 : 0, metric, "s", "n", "b", "l");
    List<ListInput.Row> input = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      float[] values = type.hasDense() ? new float[20] : null;
      for (int d = 0; values != null && d < values.length; d++) {
        values[d] = (float) random.nextGaussian() + row % 7 * (d % 3);
      }
      SparseVector sparse =
          type.hasSparse()
              ? new SparseVector(new int[] {row % 11, 20 + row % 40}, new float[] {1, row})
              : null;
      VectorRecord record =
          new VectorRecord(String.format("%06d", row), values, sparse, metadata(row));
      input.add(ListInput.Row.of(record, row + 1));
    }
    HeapObject out = new HeapObject();
    SlabRequest request =
        new SlabRequest(TestSlabs.ID, TestSlabs.CREATED, spec, "ns", 1, List.of(), List.of());
    SlabBuilder.build(request, ListInput.of(input), out, indexer);
    return out.bytes();
  }

  private static byte[] dense(Metric metric, int cells, Quantizer quantizer) {
    return slab(VectorType.DENSE, metric, ROWS, new FixedIndexer(cells, quantizer));
  }

  @Test
  void whatTheWritersWriteIsRight() {
    for (Metric metric : Metric.values()) {
      for (Quantizer quantizer : Quantizer.values()) {
        ok(dense(metric, 1, quantizer));
        ok(dense(metric, 9, quantizer));
      }
    }
    ok(slab(VectorType.HYBRID, Metric.DOTPRODUCT, ROWS, null));
    ok(slab(VectorType.SPARSE, Metric.DOTPRODUCT, 10, null));
    ok(SlabFixture.slab());
  }

  /** Every derived section, changed at its beginning, in its middle and at its end. */
  @Test
  void everyDerivedSectionIsCompared() {
    Set<String> kinds = new TreeSet<>();
    for (byte[] slab :
        List.of(
            dense(Metric.COSINE, 9, Quantizer.PQ),
            slab(VectorType.HYBRID, Metric.DOTPRODUCT, ROWS, null))) {
      for (DirectoryEntry entry : SlabSurgeon.sections(slab)) {
        if (SectionKind.ofCode(entry.kind()).derived()) {
          kinds.add(entry.kindName());
          twins(slab, entry);
        }
      }
    }
    Set<String> expected = new TreeSet<>();
    Arrays.stream(SectionKind.values())
        .filter(SectionKind::derived)
        .forEach(kind -> expected.add(kind.name()));
    assertEquals(expected, kinds);
  }

  private static void twins(byte[] slab, DirectoryEntry entry) {
    int length = (int) entry.storedLength();
    // The last bits of such numbers change factors no more than the order of a sum does.
    boolean rounded = ROUNDED.contains(SectionKind.ofCode(entry.kind()));
    for (int place : new int[] {0, length / 2 | 1, length - 1}) {
      int at = rounded ? place | 3 : place;
      if (length > 1) {
        byte[] twin = SlabSurgeon.change(slab, entry, part -> part.bytes(flip(at, part.bytes())));
        if (!OPENED.contains(SectionKind.ofCode(entry.kind()))) {
          assertEquals("ok", check(twin, CheckLevel.QUICK).status());
        }
        CheckReport report = check(twin, CheckLevel.DEEP);
        assertNotEquals("ok", report.status(), entry.label() + " byte " + at);
        Problem problem = report.problems().getFirst();
        if (!SETS.contains(SectionKind.ofCode(entry.kind()))) {
          assertEquals(Severity.ERROR, problem.severity(), problem.toString());
        }
        assertEquals("s.slab", problem.object());
        assertTrue(problem.section() != null, problem.toString());
      }
    }
  }

  private static byte[] flip(int at, byte[] bytes) {
    byte[] copy = bytes.clone();
    copy[at] ^= 1;
    return copy;
  }

  private static CheckReport forged(
      byte[] slab, SectionKind kind, UnaryOperator<byte[]> change, String text) {
    byte[] twin = SlabFixture.forge(slab, kind, SlabFormat.NO_COLUMN, change);
    CheckReport shallow = check(twin, CheckLevel.CHECKSUMS);
    assertEquals("ok", shallow.status(), shallow.problems().toString());
    CheckReport report = check(twin, CheckLevel.DEEP);
    assertTrue(!report.problems().isEmpty(), "nothing found");
    Problem problem = report.problems().getFirst();
    assertTrue(problem.problem().contains(text), problem.toString());
    assertTrue(problem.offset() > 0, problem.toString());
    return report;
  }

  @Test
  void onlyTheDeepCheckSeesAFilterThatLetsEverythingPass() {
    CheckReport report =
        forged(
            SlabFixture.slab(),
            SectionKind.ID_BLOOM,
            bytes -> {
              byte[] full = new byte[bytes.length];
              Arrays.fill(full, (byte) -1);
              return full;
            },
            "not what the rows give");
    assertEquals("ID_BLOOM", report.problems().getFirst().section());
  }

  @Test
  void ranksOfOtherRowsAreFound() {
    byte[] slab = dense(Metric.EUCLIDEAN, 9, Quantizer.SIGN);
    CheckReport report =
        forged(
            slab,
            SectionKind.IVF_LISTS,
            bytes -> {
              byte[] copy = bytes.clone();
              System.arraycopy(bytes, 4, copy, 0, 4);
              return copy;
            },
            "for row 0, which has another id");
    assertEquals("IVF_LISTS", report.problems().getFirst().section());
    assertEquals(0, report.recordsAtRisk());
    forged(
        slab,
        SectionKind.IVF_LISTS,
        bytes -> {
          byte[] copy = bytes.clone();
          System.arraycopy(bytes, 0, copy, 4, 4);
          return copy;
        },
        "after rank");
  }

  private static UnaryOperator<byte[]> promise(int probes, double margin) {
    String measured =
        "\"name\":\"ivf\",\"measured\":[{\"k\":10,\"probes\":"
            + probes
            + ",\"margin\":"
            + margin
            + ",\"recall\":0.99,\"assured\":0.97,\"cells\":1.0,\"scanned\":1.0,"
            + "\"refined\":1.0,\"rescored\":1.0,\"cost\":1.0}]";
    return bytes -> Utf8.bytes(Utf8.string(bytes).replace("\"name\":\"ivf\"", measured));
  }

  @Test
  void aPromiseThatIsNotKeptIsAWarning() {
    byte[] slab = dense(Metric.COSINE, 9, Quantizer.SIGN);
    CheckReport report = forged(slab, SectionKind.MANIFEST, promise(1, 1.2), "1 probes find");
    assertEquals("warnings", report.status());
    assertEquals("MANIFEST", report.problems().getFirst().section());
    ok(SlabFixture.forge(slab, SectionKind.MANIFEST, SlabFormat.NO_COLUMN, promise(16, 2.8)));
  }
}
