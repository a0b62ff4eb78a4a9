package io.slab.testkit;

import io.slab.ann.AnnIndex;
import io.slab.ann.AnnKernels;
import io.slab.ann.AnnSectionsWriter;
import io.slab.ann.IvfBuilder;
import io.slab.ann.IvfIndex;
import io.slab.ann.IvfParams;
import io.slab.ann.MemoryRows;
import io.slab.ann.Quantizer;

import io.slab.format.file.SlabFileWriter;
import io.slab.format.SlabManifest;
import io.slab.format.VectorIndexer;
import io.slab.model.IndexSpec;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Gives every slab an index of a wanted shape, however few its rows.
 *
 * @param probes what is said of it: that so many cells suffice for any recall; 0 to say nothing
 */
public record FixedIndexer(int cells, Quantizer quantizer, int probes) implements VectorIndexer {
  /** An index of which nothing was measured, so that all its cells are visited. */
  public FixedIndexer(int cells, Quantizer quantizer) {
    this(cells, quantizer, 0);
  }

  @Override
  public Build start(IndexSpec spec, int level, int rows) {
    return new Build() {
      private IvfIndex index;

      @Override
      public void build(MemorySegment vectors) {
        IvfParams params = IvfParams.of(cells, quantizer, 99, 1);
        MemoryRows data = new MemoryRows(rows, spec.dimension(), vectors);
        index = new IvfBuilder(data, spec.metric(), params, AnnKernels.best()).build();
      }

      @Override
      public int[] order() {
        return index.order();
      }

      @Override
      public String algorithm() {
        return AnnIndex.algorithm(index);
      }

      @Override
      public List<SlabManifest.Measurement> measured() {
        return probes == 0
            ? List.of()
            : List.of(new SlabManifest.Measurement(10, probes, 1.9, 1, 1, probes, 1, 1, 1, 1));
      }

      @Override
      public void writeLists(SlabFileWriter out) {
        new AnnSectionsWriter(index).writeLists(out);
      }

      @Override
      public void writeHead(SlabFileWriter out) {
        new AnnSectionsWriter(index).writeHead(out);
      }
    };
  }
}
