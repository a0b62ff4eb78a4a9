package io.slab.format;

import io.slab.error.CancellationToken;
import io.slab.format.file.SlabFileWriter;
import io.slab.model.IndexSpec;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * Adds derived sections over the dense vectors to a slab that is being built, and says in which
 * order the slab keeps its rows. It stands between the file format and the algorithms above it,
 * which the format does not know. Thread-safe; each build belongs to one thread.
 */
public interface VectorIndexer {
  /** Starts a slab of so many rows; null when it gets no such sections. */
  Build start(IndexSpec spec, int level, int rows);

  /** Folder for the files that a build needs for a while; null for the system's. */
  default Path scratch() {
    return null;
  }

  /**
   * Version of the rules for slabs of a level, also where they end in no sections; 0 when slabs of
   * that level get no such sections.
   */
  default int version(int level) {
    return 0;
  }

  /** One slab. */
  interface Build extends AutoCloseable {
    /** True when rows stay in id order, so that nothing but the vectors is needed twice. */
    default boolean keepsOrder() {
      return false;
    }

    /**
     * Builds.
     *
     * @param vectors of all rows in id order: packed little-endian f32 outside the heap, readable
     *     until this returns
     */
    void build(MemorySegment vectors);

    /**
     * As {@link #build(MemorySegment)}.
     *
     * @param work hears how far the build is
     */
    default void build(MemorySegment vectors, CancellationToken work) {
      build(vectors);
    }

    /**
     * The order of the slab's rows: of each row the rank of its id; null when rows are in id order.
     * Valid after {@link #build}.
     */
    int[] order();

    /** Name for the slab's manifest; valid after {@link #build}. */
    String algorithm();

    /** Measurements for the slab's manifest; valid after {@link #build}. */
    List<SlabManifest.Measurement> measured();

    /** Writes the sections of which a search reads parts. */
    void writeLists(SlabFileWriter out);

    /** Writes the sections that every search begins with; they come just before the hot tail. */
    void writeHead(SlabFileWriter out);

    @Override
    default void close() {}
  }
}
