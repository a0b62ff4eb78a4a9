package io.slab.ann;

import io.slab.error.CancellationToken;
import io.slab.format.SlabManifest;
import io.slab.format.VectorIndexer;
import io.slab.format.file.SlabFileWriter;
import io.slab.model.IndexSpec;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives slabs above level 0 the index that {@link AnnChooser} chooses, and those of level 0, which
 * live shortly, codes in a single cell, without a trial. The vectors are read where they wait for
 * it, outside the heap, however large the slab is. Thread-safe.
 *
 * @param scratch folder for the files, or null for the system's
 * @param threads that a build may use; slabs are the same for any number
 * @param seed of all random choices
 */
public record AnnIndexer(Path scratch, int threads, long seed, AnnKernels kernels)
    implements VectorIndexer {
  /** Indexes with the system's scratch folder and the quickest kernels there are. */
  public static AnnIndexer of(int threads) {
    return new AnnIndexer(null, threads, DEFAULT_SEED, AnnKernels.best());
  }

  /** A megabyte of vectors is read in the time that a search of codes takes to begin. */
  private static final int FLAT_NUMBERS = 1 << 18;

  private static final int FLAT_ROWS = 1_000;

  /** Any number would do; slabs are reproducible because it is always the same. */
  private static final long DEFAULT_SEED = 0x51AB;

  @Override
  public VectorIndexer.Build start(IndexSpec spec, int level, int rows) {
    boolean isFlat = level == 0;
    int least = isFlat ? leastFlat(spec.dimension()) : AnnChooser.MIN_ROWS;
    return rows < least ? null : new Session(spec, rows, isFlat);
  }

  /** Rows from which a slab of level 0 gets codes: fewer are scanned as quickly without. */
  public static int leastFlat(int dimension) {
    return Math.max(FLAT_ROWS, FLAT_NUMBERS / dimension);
  }

  @Override
  public int version(int level) {
    return AnnChooser.VERSION;
  }

  /**
   * A build of fewer numbers takes plain loops: the seconds for which vector instructions are not
   * compiled yet cost more than they save.
   */
  private static final long SMALL_NUMBERS = 3L << 20;

  /** A process that makes more than a few small ones has its vector instructions compiled. */
  private static final long FEW_SMALL = 4 * SMALL_NUMBERS;

  private static final AtomicLong SMALL_BUILT = new AtomicLong();

  /** Kernels for a build; all give the same index. */
  private AnnKernels kernelsFor(long numbers) {
    boolean isSmall = numbers < SMALL_NUMBERS && SMALL_BUILT.addAndGet(numbers) < FEW_SMALL;
    return isSmall ? AnnKernels.scalar() : kernels;
  }

  private final class Session implements VectorIndexer.Build {
    private final IndexSpec spec;
    private final int rows;
    private final boolean isFlat;
    private AnnIndex chosen;

    Session(IndexSpec spec, int rows, boolean isFlat) {
      this.spec = spec;
      this.rows = rows;
      this.isFlat = isFlat;
    }

    @Override
    public boolean keepsOrder() {
      return isFlat;
    }

    @Override
    public void build(MemorySegment vectors) {
      build(vectors, CancellationToken.NONE);
    }

    @Override
    public void build(MemorySegment vectors, CancellationToken work) {
      MemoryRows data = new MemoryRows(rows, spec.dimension(), vectors);
      chosen =
          isFlat
              ? flat(data, work)
              : new AnnChooser(
                      data,
                      spec.metric(),
                      seed,
                      threads,
                      kernelsFor((long) rows * spec.dimension()))
                  .watchedBy(work)
                  .choose();
    }

    private AnnIndex flat(MemoryRows data, CancellationToken work) {
      IvfParams params = IvfParams.of(1, Quantizer.SIGN, seed, threads);
      // A flush is often the only one of its process: plain loops are quick from the first row on.
      AnnKernels plain = AnnKernels.scalar();
      IvfIndex index = new IvfBuilder(data, spec.metric(), params, plain).watchedBy(work).build();
      return index.isFinite() && new FlatCodesCheck(index, data, plain).holds(seed + 5)
          ? new AnnIndex(AnnIndex.algorithm(index), index, new Curve(List.of()))
          : null;
    }

    @Override
    public int[] order() {
      return chosen == null ? null : chosen.index().order();
    }

    @Override
    public String algorithm() {
      return chosen == null ? SlabManifest.EXACT : chosen.algorithm();
    }

    @Override
    public List<SlabManifest.Measurement> measured() {
      return chosen == null
          ? List.of()
          : chosen.curve().points().stream().map(this::entry).toList();
    }

    private SlabManifest.Measurement entry(CurvePoint point) {
      return new SlabManifest.Measurement(
          point.k(),
          point.effort().probes(),
          Double.parseDouble(Float.toString(point.effort().margin())),
          point.recall(),
          point.assured(),
          point.cells(),
          point.scanned(),
          point.refined(),
          point.rescored(),
          point.cost());
    }

    @Override
    public void writeLists(SlabFileWriter out) {
      if (chosen != null) {
        new AnnSectionsWriter(chosen.index()).writeLists(out);
      }
    }

    @Override
    public void writeHead(SlabFileWriter out) {
      if (chosen != null) {
        new AnnSectionsWriter(chosen.index()).writeHead(out);
      }
    }
  }
}
