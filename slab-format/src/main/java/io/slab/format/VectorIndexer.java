package io.slab.format;

import io.slab.format.file.SlabFileWriter;
import io.slab.model.IndexSpec;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Adds derived sections over the dense vectors to a slab that is being built. It stands between the
 * file format and the algorithms above it, which the format does not know. Thread-safe; each build
 * belongs to one thread.
 */
public interface VectorIndexer {
  /** Starts a slab of so many rows; null when it gets no such sections. */
  Build start(IndexSpec spec, int level, int rows);

  /**
   * Version of the rules for slabs of a level, also where they end in no sections; 0 when slabs of
   * that level get no such sections.
   */
  default int version(int level) {
    return 0;
  }

  /** One slab. */
  interface Build extends AutoCloseable {
    /** Takes the vector of the next row; the array may change afterwards. */
    void add(float[] values);

    /**
     * Takes the vectors of all rows at once, instead of {@link #add} for each: packed little-endian
     * f32 that stays readable until {@link #close}.
     */
    void stored(MemorySegment vectors);

    /** Builds, once all rows are added. */
    void finish();

    /** Name for the slab's manifest; valid after {@link #finish}. */
    String algorithm();

    /** Measurements for the slab's manifest; valid after {@link #finish}. */
    List<SlabManifest.Measurement> measured();

    /** Writes the sections that are read in parts. */
    void writeCold(SlabFileWriter out);

    /** Writes the sections that every search needs whole. */
    void writeHot(SlabFileWriter out);

    @Override
    void close();
  }
}
