package io.slab.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.TextIndex;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.SlabFixture;
import io.slab.testkit.TestSlabs;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a check takes for the length of a text, and what for the language of one. */
class TextIndexCheckTest {
  @Test
  void theLastDimensionOfOrdinarySparseValuesIsNoLength() {
    IndexSpec spec = TestSlabs.spec(VectorType.HYBRID, 2, Metric.DOTPRODUCT);
    VectorRecord record =
        new VectorRecord(
            "a",
            new float[] {1, 0},
            new SparseVector(new int[] {3, 0xFFFF_FFFF}, new float[] {1, -3.5f}),
            Metadata.EMPTY);
    byte[] slab = TestSlabs.build(spec, List.of(record));
    assertEquals(List.of(), TestSlabs.problems(slab));
    assertEquals(-3.5f, TestSlabs.open(slab).record(0).sparse().weights()[1]);
  }

  @Test
  void aLanguageThatIsNoneIsDamage() {
    IndexSpec spec =
        new IndexSpec(
            "t",
            0,
            Metric.DOTPRODUCT,
            VectorType.SPARSE,
            null,
            new TextIndex("text", "english"),
            TestSlabs.CREATED);
    VectorRecord record =
        new VectorRecord(
            "a",
            null,
            new SparseVector(new int[] {3, 0xFFFF_FFFF}, new float[] {0.5f, 1}),
            Metadata.EMPTY);
    byte[] slab = TestSlabs.build(spec, List.of(record));
    assertEquals(List.of(), TestSlabs.problems(slab));
    byte[] forged =
        SlabFixture.forge(
            slab,
            SectionKind.MANIFEST,
            SlabFormat.NO_COLUMN,
            bytes -> Utf8.bytes(Utf8.string(bytes).replace("english", "English")));
    List<Problem> problems = TestSlabs.problems(forged);
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().problem().contains("language"), problems.toString());
  }
}
