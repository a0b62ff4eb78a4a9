package io.slab.lsm;

import io.slab.format.SlabBuilder;
import io.slab.format.SlabInput;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.format.SlabSummary;
import io.slab.format.SlabView;
import io.slab.model.IndexSpec;
import io.slab.store.ByteSource;
import io.slab.store.ObjectUpload;

/** Slabs as the specification has them. Thread-safe. */
public final class FormatSlabs implements SlabFiles {
  @Override
  public Written write(ObjectUpload out, SlabRequest request, SlabInput rows) {
    SlabSummary summary = SlabBuilder.build(request, rows, out);
    return new Written(summary.hotOffset(), summary.manifest().algorithm());
  }

  @Override
  public SlabView open(ByteSource source, IndexSpec spec, long hotOffset) {
    return SlabReader.open(source, hotOffset, spec);
  }
}
