package io.slab.migrate;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.TextIndex;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.source.Declared;
import io.slab.source.Shape;
import io.slab.source.Source;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An index with texts has sparse values inside, and takes none. */
class TextIndexPlanTest {
  private static final IndexSpec SPEC =
      new IndexSpec(
          "t", 1, Metric.COSINE, VectorType.HYBRID, null, new TextIndex("text", "english"), 0);

  @Test
  void sparseValuesAreLeftOutWhereThatIsWanted() {
    VectorRecord record =
        new VectorRecord(
            "a", new float[] {1}, new SparseVector(new int[] {1}, new float[] {1}), Metadata.EMPTY);
    MigrationOptions options = MigrationOptions.in(Path.of("unused")).droppingSparse();
    assertNull(options.fitted(record, SPEC).sparse());
  }

  @Test
  void theTypeIsTheOneThatWritersGive() {
    Source none = new Source("x", Shape.JSONL, List.of(), Declared.NOTHING, List.of(), false);
    IndexPlan.requireFit(none, SPEC, wishes(VectorType.DENSE));
    String refused =
        assertThrows(
                InvalidInputException.class,
                () -> IndexPlan.requireFit(none, SPEC, wishes(VectorType.HYBRID)))
            .getMessage();
    assertTrue(refused.contains("the index is dense, not hybrid"), refused);
  }

  private static IndexPlan.Wishes wishes(VectorType type) {
    return new IndexPlan.Wishes(null, null, null, type, null, false);
  }
}
