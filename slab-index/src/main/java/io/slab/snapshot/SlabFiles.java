package io.slab.snapshot;

import io.slab.check.CheckLevel;
import io.slab.check.Problem;
import io.slab.format.SlabInput;
import io.slab.format.SlabManifest;
import io.slab.format.SlabRequest;
import io.slab.format.SlabSummary;
import io.slab.format.SlabView;
import io.slab.manifest.SlabEntry;
import io.slab.model.Extent;
import io.slab.model.IndexSpec;
import io.slab.model.Ledger;
import io.slab.model.Vintage;
import io.slab.store.ByteSource;
import io.slab.store.ObjectUpload;
import java.util.List;

/** How this layer writes and opens slab files: the one seam to the file format. Thread-safe. */
public interface SlabFiles {
  /**
   * What was written.
   *
   * @param hotOffset where the hot tail begins
   * @param algorithm how the slab is searched
   * @param lsnMin smallest LSN of a row or tombstone
   * @param lsnMax largest LSN of a row or tombstone
   * @param ledger of the rows
   * @param vintage what made the derived sections
   * @param ahead what a search needs as soon as it has the hot tail
   */
  record Written(
      long hotOffset,
      String algorithm,
      long lsnMin,
      long lsnMax,
      Ledger ledger,
      Vintage vintage,
      List<Extent> ahead) {
    /** What the builder says about a slab. */
    public static Written of(SlabSummary summary) {
      SlabManifest manifest = summary.manifest();
      return new Written(
          summary.hotOffset(),
          manifest.algorithm(),
          manifest.lsnMin(),
          manifest.lsnMax(),
          manifest.ledger(),
          manifest.vintage(),
          summary.ahead());
    }
  }

  /** The vintage of slabs of a level that are written now. */
  Vintage vintage(IndexSpec spec, int level);

  /** Writes a whole slab, of at least one row or delete, without committing the upload. */
  Written write(ObjectUpload out, SlabRequest request, SlabInput rows);

  /**
   * Opens a slab, which then owns the source.
   *
   * @param entry what the manifest of the namespace says about it
   * @throws io.slab.error.CorruptException when it is a slab of another level than that, or of
   *     another kind than the index
   */
  SlabView open(ByteSource source, IndexSpec spec, SlabEntry entry);

  /**
   * Opens a slab of which no manifest says anything; the slab then owns the source.
   *
   * @throws io.slab.error.CorruptException when it cannot be read, or is of another kind of index
   */
  default SlabView openUnnamed(ByteSource source, IndexSpec spec) {
    throw new UnsupportedOperationException("slabs without a manifest");
  }

  /** The first thing that a check of a slab finds, or null; the caller closes the source. */
  default Problem problem(ByteSource source, CheckLevel level) {
    return null;
  }

  /**
   * What a slab says about its LSNs.
   *
   * @param asOf LSN of the last write that its rows take account of, -1 when it does not say
   */
  record Lsns(int rows, long min, long max, long asOf) {}

  /**
   * The LSNs of a slab of which nothing is known; closes the source.
   *
   * @throws io.slab.error.CorruptException when the slab cannot be read
   */
  Lsns lsns(ByteSource source);
}
