package io.slab.check;

import io.slab.format.SlabManifest;
import io.slab.format.SlabReader;
import io.slab.format.VectorIndexer;
import io.slab.format.file.SlabFileWriter;
import io.slab.model.IndexSpec;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Lets a slab be built again with its rows in the order that they have, and no index.
 *
 * @param ranks of the ids of the rows
 */
record StoredOrder(int[] ranks) implements VectorIndexer {
  /** The order of a slab; null where it is that of the ids. */
  static StoredOrder of(SlabReader slab) {
    if (slab.inIdOrder()) {
      return null;
    }
    int[] ranks = new int[slab.rows()];
    for (int rank = 0; rank < ranks.length; rank++) {
      ranks[slab.rowAt(rank)] = rank;
    }
    return new StoredOrder(ranks);
  }

  @Override
  public Build start(IndexSpec spec, int level, int rows) {
    return new Build() {
      @Override
      public void build(MemorySegment vectors) {}

      @Override
      public int[] order() {
        return ranks;
      }

      @Override
      public String algorithm() {
        return SlabManifest.EXACT;
      }

      @Override
      public List<SlabManifest.Measurement> measured() {
        return List.of();
      }

      @Override
      public void writeLists(SlabFileWriter out) {}

      @Override
      public void writeHead(SlabFileWriter out) {}
    };
  }
}
