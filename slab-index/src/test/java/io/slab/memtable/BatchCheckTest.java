package io.slab.memtable;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.TextIndex;
import io.slab.model.VectorType;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchCheckTest {
  private static final Metadata TEXT = Metadata.of(Map.of("text", new MetaValue.Str("whale")));

  private static IndexSpec spec(VectorType type, TextIndex texts) {
    int dimension = type.hasDense() ? 2 : 0;
    return new IndexSpec("t", dimension, Metric.DOTPRODUCT, type, null, texts, 0);
  }

  private static WriteOp update(float weight) {
    SparseVector terms = new SparseVector(new int[] {3}, new float[] {weight});
    return new WriteOp.UpdateByFilter("{\"n\":1}", terms, TEXT);
  }

  @Test
  void theTermsOfAnUpdateAreCheckedLikeThoseOfARecord() {
    BatchCheck texts = new BatchCheck(spec(VectorType.SPARSE, new TextIndex("text", "english")));
    texts.requireStored(update(0.5f));
    String refused =
        assertThrows(InvalidInputException.class, () -> texts.requireStored(update(Float.NaN)))
            .getMessage();
    assertTrue(refused.contains("finite"), refused);
    BatchCheck dense = new BatchCheck(spec(VectorType.DENSE, null));
    assertThrows(InvalidInputException.class, () -> dense.requireStored(update(0.5f)));
  }
}
