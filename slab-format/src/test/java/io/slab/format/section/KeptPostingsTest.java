package io.slab.format.section;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.format.file.SlabFile;
import io.slab.model.SparseVector;
import io.slab.testkit.HeapObject;
import io.slab.testkit.SparseIndexes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Heads of lists stay for the next query where they hold no memory but their own. */
class KeptPostingsTest {
  private static final int ROWS = 200;
  private static final int DIMENSIONS = 500;

  /** Each row has each dimension whose number it divides, so that most lists are short. */
  private static SparsePostingsReader index(boolean mapped) {
    List<SparseVector> rows = new ArrayList<>();
    for (int row = 1; row <= ROWS; row++) {
      int[] indices = new int[DIMENSIONS / row];
      float[] weights = new float[indices.length];
      for (int i = 0; i < indices.length; i++) {
        indices[i] = (i + 1) * row;
        weights[i] = row;
      }
      rows.add(new SparseVector(indices, weights));
    }
    byte[] file = SparseIndexes.file(rows, 64, 1 << 20);
    return SparseIndexes.index(
        SlabFile.open(HeapObject.source("sparse.slab", file, mapped)), rows.size());
  }

  @Test
  void aListIsKeptWhereItIsAView() {
    SparsePostingsReader mapped = index(true);
    assertSame(mapped.find(6), mapped.find(6));
    SparsePostingsReader copied = index(false);
    assertNotSame(copied.find(6), copied.find(6));
    assertEquals(mapped.find(6).size(), copied.find(6).size());
  }

  @Test
  void smallSlabsKeepFewLists() {
    SparsePostingsReader index = index(true);
    Set<SparsePostings> first = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int dimension = 1; dimension <= DIMENSIONS; dimension++) {
      first.add(index.find(dimension));
    }
    int kept = 0;
    for (int dimension = DIMENSIONS; dimension >= 1; dimension--) {
      kept += first.contains(index.find(dimension)) ? 1 : 0;
    }
    // 30 kB of lists: an eighth of it, and about 260 bytes for each.
    assertTrue(kept >= 1 && kept <= 32, kept + " kept");
  }
}
