package io.slab.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rules as a library caller meets them; the reader's tests cover those that text can break. */
class RecordCheckTest {
  private static final IndexSpec DENSE = JsonlReaderTest.DENSE;

  private static String problem(String id, float[] values, SparseVector sparse, IndexSpec spec) {
    return RecordCheck.problem(new VectorRecord(id, values, sparse, Metadata.EMPTY), spec);
  }

  private static String metadata(String name, MetaValue value) {
    return RecordCheck.problem(
        new VectorRecord("a", new float[] {1, 0}, null, Metadata.of(Map.of(name, value))), DENSE);
  }

  @Test
  void whatOnlyBuiltRecordsCanHave() {
    float[] good = {1, 0};
    assertNull(problem("a", good, null, DENSE));
    assertEquals(
        "Vector ID is not valid Unicode: it holds an unpaired surrogate",
        problem("\ud800", good, null, DENSE));
    assertEquals(
        "Vector values must be finite numbers, got NaN at position 1",
        problem("a", new float[] {1, Float.NaN}, null, DENSE));
    assertEquals(
        "Vector values must be finite numbers, got -Infinity at position 0",
        problem("a", new float[] {Float.NEGATIVE_INFINITY, Float.NaN}, null, DENSE));
    assertEquals(
        "Sparse values must be finite numbers, got NaN",
        problem(
            "a",
            null,
            new SparseVector(new int[] {1}, new float[] {Float.NaN}),
            JsonlReaderTest.SPARSE));
    assertEquals(
        "Metadata field 'x' holds an unpaired surrogate",
        metadata("x", new MetaValue.Str("\udc00")));
    assertEquals(
        "Metadata field 'x' holds an unpaired surrogate",
        metadata("x", new MetaValue.StrList(List.of("ok", "\ud800"))));
    assertEquals(
        "The name of metadata field 'x\ud800' holds an unpaired surrogate",
        metadata("x\ud800", new MetaValue.Bool(true)));
    assertEquals(
        "Metadata value must be a string, number, boolean or list of strings, got 'NaN' for field 'x'",
        metadata("x", new MetaValue.Num(Double.NaN)));
    assertNull(metadata("", new MetaValue.Str("😀")));
  }

  @Test
  void aVectorWithoutDirectionMattersUnderCosineOnly() {
    float[] tiny = {0, -9.9e-9f};
    assertEquals(
        "Dense vectors must contain at least one non-zero value. Vector ID 'a' contains only zeros",
        problem("a", tiny, null, DENSE));
    for (Metric metric : new Metric[] {Metric.EUCLIDEAN, Metric.DOTPRODUCT}) {
      assertNull(problem("a", tiny, null, JsonlReaderTest.spec(2, metric, VectorType.DENSE)));
    }
  }

  @Test
  void findingsNameTheField() {
    assertEquals(
        new RecordCheck.Finding("id", "Vector ID must not be empty"),
        RecordCheck.find(new VectorRecord("", null, null, Metadata.EMPTY), DENSE));
    Metadata metadata = Metadata.of(Map.of("$a", new MetaValue.Bool(true)));
    assertEquals("metadata.$a", RecordCheck.metadata(metadata).field());
  }
}
