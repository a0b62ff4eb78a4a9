package io.slab.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rules as a library caller meets them; the reader's tests cover those that text can break. */
class RecordRulesTest {
  private static final IndexSpec DENSE = spec(2, Metric.COSINE, VectorType.DENSE);

  private static IndexSpec spec(int dimension, Metric metric, VectorType type) {
    return new IndexSpec("rules", dimension, metric, type, null, 0);
  }

  private static String problem(String id, float[] values, SparseVector sparse, IndexSpec spec) {
    return RecordRules.problem(new VectorRecord(id, values, sparse, Metadata.EMPTY), spec);
  }

  private static String metadata(String name, MetaValue value) {
    return RecordRules.problem(
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
            spec(0, Metric.DOTPRODUCT, VectorType.SPARSE)));
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
      assertNull(problem("a", tiny, null, spec(2, metric, VectorType.DENSE)));
    }
  }

  @Test
  void findingsNameTheField() {
    assertEquals(
        new RecordRules.Finding("id", "Vector ID must not be empty"),
        RecordRules.find(new VectorRecord("", null, null, Metadata.EMPTY), DENSE));
    Metadata metadata = Metadata.of(Map.of("$a", new MetaValue.Bool(true)));
    assertEquals("metadata.$a", RecordRules.metadata(metadata).field());
  }
}
