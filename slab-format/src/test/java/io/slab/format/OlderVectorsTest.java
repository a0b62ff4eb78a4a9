package io.slab.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.ann.Quantizer;
import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.check.SlabCheck;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.FixedIndexer;
import io.slab.testkit.HeapObject;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A vector that an older writer let in spoils nothing that is derived of the others. */
class OlderVectorsTest {
  private static final int ROWS = 200;

  private static byte[] slab(IndexSpec spec, float[] odd, float oddWeight) {
    SplittableRandom random = new SplittableRandom(1);
    List<ListInput.Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      float[] values = new float[8];
      for (int d = 0; d < values.length; d++) {
        values[d] = (float) random.nextGaussian();
      }
      SparseVector sparse =
          spec.vectorType().hasSparse()
              ? new SparseVector(new int[] {1, 5}, new float[] {1, i == 77 ? oddWeight : 2})
              : null;
      VectorRecord record =
          new VectorRecord(
              String.format("r%03d", i), i == 77 ? odd : values, sparse, Metadata.EMPTY);
      rows.add(ListInput.Row.of(record, i + 1));
    }
    SlabRequest request = new SlabRequest(new Ulid(1, 1), 1, spec, "n", 1, List.of(), List.of());
    HeapObject out = new HeapObject();
    SlabBuilder.build(request, ListInput.of(rows), out, new FixedIndexer(4, Quantizer.SIGN));
    return out.bytes();
  }

  private static String algorithm(byte[] slab) {
    try (SlabReader reader = SlabReader.open(HeapObject.source("s.slab", slab, true))) {
      return reader.manifest().algorithm();
    }
  }

  private static CheckReport check(byte[] slab) {
    return SlabCheck.report(HeapObject.source("s.slab", slab, true), CheckLevel.CHECKSUMS);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void noIndexOverAVectorThatIsNotFinite(Metric metric) {
    IndexSpec spec = new IndexSpec("i", 8, metric, VectorType.DENSE, null, 1);
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      byte[] slab = slab(spec, new float[] {1, 2, bad, 4, 5, 6, 7, 8}, 1);
      assertEquals(SlabManifest.EXACT, algorithm(slab));
      CheckReport report = check(slab);
      assertEquals("warnings", report.status(), report.problems().toString());
      String text = report.problems().getFirst().problem();
      assertTrue(text.startsWith("record 'r077': Vector values must be finite numbers"), text);
    }
    byte[] zero = slab(spec, new float[8], 1);
    assertTrue(!algorithm(zero).equals(SlabManifest.EXACT), "a zero vector fits an index");
    assertEquals(metric == Metric.COSINE ? "warnings" : "ok", check(zero).status());
  }

  @ParameterizedTest
  @EnumSource(value = VectorType.class, names = "DENSE", mode = EnumSource.Mode.EXCLUDE)
  void noPostingsOfAWeightThatIsNotFinite(VectorType type) {
    IndexSpec spec = new IndexSpec("i", type.hasDense() ? 8 : 0, Metric.DOTPRODUCT, type, null, 1);
    float[] fine = {1, 2, 3, 4, 5, 6, 7, 8};
    byte[] slab = slab(spec, fine, Float.NaN);
    try (SlabFile file = SlabFile.open(HeapObject.source("s.slab", slab, true))) {
      assertNull(file.find(SectionKind.SPARSE_DICT));
    }
    assertEquals("warnings", check(slab).status());
    assertEquals("ok", check(slab(spec, fine, 3)).status());
  }
}
