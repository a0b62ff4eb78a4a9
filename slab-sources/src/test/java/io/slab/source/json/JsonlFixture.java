package io.slab.source.json;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.source.SourceProblem;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

/** Lines of JSON and what a reader makes of them. */
public abstract class JsonlFixture {
  public static final IndexSpec DENSE = spec(2, Metric.COSINE, VectorType.DENSE);

  public static final IndexSpec SPARSE = spec(0, Metric.DOTPRODUCT, VectorType.SPARSE);

  public static final IndexSpec HYBRID = spec(2, Metric.DOTPRODUCT, VectorType.HYBRID);

  public static IndexSpec spec(int dimension, Metric metric, VectorType type) {
    return new IndexSpec("t", dimension, metric, type, null, 0);
  }

  public static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  static IndexLines reader(String text, IndexSpec spec) {
    return new IndexLines(stream(text), "f.jsonl", spec);
  }

  static VectorRecord one(String text, IndexSpec spec) {
    try (IndexLines reader = reader(text, spec)) {
      assertTrue(reader.next());
      assertNull(reader.problem(), () -> reader.problem().toString());
      VectorRecord record = reader.record();
      assertFalse(reader.next());
      return record;
    }
  }

  static SourceProblem refused(byte[] line, IndexSpec spec) {
    try (IndexLines reader = new IndexLines(new ByteArrayInputStream(line), "f.jsonl", spec)) {
      assertTrue(reader.next());
      assertNull(reader.record());
      SourceProblem problem = reader.problem();
      assertNotNull(problem);
      assertFalse(reader.next());
      return problem;
    }
  }

  static final String V = "\"values\":[1,0]";
}
