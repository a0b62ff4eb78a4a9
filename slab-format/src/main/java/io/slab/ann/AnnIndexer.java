package io.slab.ann;

import io.slab.bytes.LittleEndian;
import io.slab.error.StoreException;
import io.slab.format.SlabManifest;
import io.slab.format.VectorIndexer;
import io.slab.format.file.SlabFileWriter;
import io.slab.model.IndexSpec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Gives slabs above level 0 the index that {@link AnnChooser} chooses. The vectors are read where
 * the slab has them already, or wait in a scratch file, mapped: the heap holds none of them however
 * large the slab is. Thread-safe.
 *
 * @param scratch folder for the file, or null for the system's
 * @param threads that a build may use; slabs are the same for any number
 * @param seed of all random choices
 */
public record AnnIndexer(Path scratch, int threads, long seed, AnnKernels kernels)
    implements VectorIndexer {
  /** Indexes with the system's scratch folder and the quickest kernels there are. */
  public static AnnIndexer of(int threads) {
    return new AnnIndexer(null, threads, DEFAULT_SEED, AnnKernels.best());
  }

  /** Any number would do; slabs are reproducible because it is always the same. */
  private static final long DEFAULT_SEED = 0x51AB;

  @Override
  public VectorIndexer.Build start(IndexSpec spec, int level, int rows) {
    return level == 0 || rows < AnnChooser.MIN_ROWS ? null : new Session(spec, rows);
  }

  @Override
  public int version(int level) {
    return level == 0 ? 0 : AnnChooser.VERSION;
  }

  private final class Session implements VectorIndexer.Build {
    private final IndexSpec spec;
    private final Arena arena = Arena.ofShared();
    private final int rows;

    /** The scratch file, once a row was added; or what was stored elsewhere. */
    private MemorySegment bytes;

    private int added;
    private AnnIndex chosen;

    Session(IndexSpec spec, int rows) {
      this.spec = spec;
      this.rows = rows;
    }

    private MemorySegment map(long length) {
      try {
        Path file =
            scratch == null
                ? Files.createTempFile("slab", ".vectors")
                : Files.createTempFile(scratch, ".tmp-", ".vectors");
        // Gone from the folder at once, from the disk when the mapping ends.
        try (FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE)) {
          return channel.map(FileChannel.MapMode.READ_WRITE, 0, length, arena);
        }
      } catch (IOException e) {
        throw new StoreException(
            StoreException.Kind.FAILED,
            "cannot make a scratch file of " + length + " bytes",
            "free some space in the temporary folder",
            e);
      }
    }

    @Override
    public void add(float[] values) {
      if (bytes == null) {
        bytes = map(4L * rows * spec.dimension());
      }
      long at = 4L * added++ * spec.dimension();
      MemorySegment.copy(values, 0, bytes, LittleEndian.FLOAT, at, spec.dimension());
    }

    @Override
    public void stored(MemorySegment vectors) {
      bytes = vectors;
      added = rows;
    }

    @Override
    public void finish() {
      if (added != rows) {
        throw new IllegalStateException(added + " of " + rows + " rows were added");
      }
      MemoryRows data = new MemoryRows(rows, spec.dimension(), bytes);
      chosen = new AnnChooser(data, spec.metric(), seed, threads, kernels).choose();
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
          point.rescored(),
          point.cost());
    }

    @Override
    public void writeCold(SlabFileWriter out) {
      if (chosen != null) {
        new AnnSectionsWriter(chosen.index()).writeCold(out);
      }
    }

    @Override
    public void writeHot(SlabFileWriter out) {
      if (chosen != null) {
        new AnnSectionsWriter(chosen.index()).writeHot(out);
      }
    }

    @Override
    public void close() {
      arena.close();
    }
  }
}
