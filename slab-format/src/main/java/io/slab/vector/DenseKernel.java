package io.slab.vector;

import java.lang.foreign.MemorySegment;

/**
 * Float arithmetic over a block of dense rows: quick, in an order of its own, and therefore only
 * good for finding out which rows cannot be in the answer (see {@link ErrorBound}). Load a block,
 * then ask as many questions about it as needed while it is in cache. Holds buffers: one thread at
 * a time, and reusable for blocks of any shape.
 */
public interface DenseKernel {
  /** The name shown in profiles: {@code scalar} or {@code vector}. */
  String name();

  /**
   * The most roundings that any term of a sum passes in the single-query methods and {@link
   * #squaredNorms}.
   */
  int depth(int dimension);

  /** The same for the tile methods. */
  int tileDepth(int dimension);

  /** Queries that one tile takes; 1 when this kernel gains nothing from tiles and has none. */
  int tileQueries();

  /**
   * Chooses the rows to work on. The segment must stay valid until the next load.
   *
   * @param rows {@code count * dimension} little-endian floats, row-major
   */
  void load(MemorySegment rows, int count, int dimension);

  /** Writes the inner product of each loaded row with the query to {@code out[row]}. */
  void dot(float[] query, float[] out);

  /** As {@link #dot}, and the squared norm of each row to {@code norms[row]} in the same pass. */
  void dotAndNorms(float[] query, float[] out, float[] norms);

  /** Writes the squared Euclidean distance of each loaded row to {@code out[row]}. */
  void squaredDistance(float[] query, float[] out);

  /** Writes the squared norm of each loaded row to {@code norms[row]}. */
  void squaredNorms(float[] norms);

  /**
   * Inner products of each loaded row with {@link #tileQueries} queries, to {@code out[row *
   * tileQueries + query]}.
   *
   * @param panel the queries transposed: {@code panel[i * tileQueries + query]} is dimension i of a
   *     query
   */
  void dotTile(float[] panel, float[] out);

  /** Squared Euclidean distances, laid out as in {@link #dotTile}. */
  void squaredDistanceTile(float[] panel, float[] out);
}
