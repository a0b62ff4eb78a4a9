package io.slab.snapshot;

import io.slab.ann.AnnIndexer;
import io.slab.ann.AnnKernels;
import io.slab.check.CheckLevel;
import io.slab.check.Problem;
import io.slab.check.SlabCheck;
import io.slab.error.CorruptException;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabInput;
import io.slab.format.SlabManifest;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.format.SlabView;
import io.slab.manifest.SlabEntry;
import io.slab.model.IndexSpec;
import io.slab.model.Vintage;
import io.slab.store.ByteSource;
import io.slab.store.ObjectUpload;
import java.util.List;

/** Slabs as the specification has them. Thread-safe. */
public final class FormatSlabs implements SlabFiles {
  /** Any number will do, as long as it stays: the same rows then always give the same index. */
  private static final long SEED = 0x51AB;

  private final int threads;

  /** Builds indexes of vectors with all processors. */
  public FormatSlabs() {
    this(Runtime.getRuntime().availableProcessors());
  }

  /**
   * Builds indexes of vectors with so many threads; slabs are the same for any number.
   *
   * @param threads at least 1
   */
  public FormatSlabs(int threads) {
    this.threads = threads;
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
    SlabReader slab = SlabReader.open(source, entry.hotOffset(), spec);
    if (slab.manifest().level() != entry.level()) {
      throw new CorruptException(
          source.name(),
          -1,
          "a slab of level " + slab.manifest().level(),
          "level " + entry.level() + " as the manifest of the namespace says");
    }
    return slab;
  }

  @Override
  public SlabView openUnnamed(ByteSource source, IndexSpec spec) {
    return SlabReader.open(source, -1, spec);
  }

  @Override
  public Problem problem(ByteSource source, CheckLevel level) {
    List<Problem> problems = SlabCheck.report(source, level).problems();
    return problems.isEmpty() ? null : problems.getFirst();
  }

  @Override
  public Lsns lsns(ByteSource source) {
    try (SlabReader slab = SlabReader.open(source)) {
      SlabManifest manifest = slab.manifest();
      return new Lsns(slab.rows(), manifest.lsnMin(), manifest.lsnMax(), manifest.lsnAsOf());
    }
  }

  /**
   * Gives slabs above level 0 an approximate index where one pays; made anew so that kernels loaded
   * late are used.
   */
  private AnnIndexer indexer() {
    return new AnnIndexer(null, threads, SEED, AnnKernels.best());
  }
}
