package io.slab.snapshot;

import io.slab.ann.Quantizer;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabInput;
import io.slab.format.SlabRequest;
import io.slab.format.SlabView;
import io.slab.format.VectorIndexer;
import io.slab.manifest.SlabEntry;
import io.slab.model.IndexSpec;
import io.slab.model.Vintage;
import io.slab.store.ByteSource;
import io.slab.store.ObjectUpload;
import io.slab.testkit.FixedIndexer;

/**
 * Slabs with rows in the order of cells however few they are, a slab of level 0 too, which real
 * ones of this size never have.
 *
 * @param cells in each slab of more rows than that
 */
public record CellSlabs(int cells) implements SlabFiles {
  /** An index for all slabs but the smallest. */
  private VectorIndexer indexer() {
    return (spec, level, rows) ->
        rows <= cells ? null : new FixedIndexer(cells, Quantizer.SIGN).start(spec, level, rows);
  }

  @Override
  public Written write(ObjectUpload out, SlabRequest request, SlabInput rows) {
    return Written.of(SlabBuilder.build(request, rows, out, indexer()));
  }

  @Override
  public Vintage vintage(IndexSpec spec, int level) {
    return SlabBuilder.vintage(spec, level, indexer());
  }

  @Override
  public SlabView open(ByteSource source, IndexSpec spec, SlabEntry entry) {
    return new FormatSlabs().open(source, spec, entry);
  }

  @Override
  public Lsns lsns(ByteSource source) {
    return new FormatSlabs().lsns(source);
  }
}
