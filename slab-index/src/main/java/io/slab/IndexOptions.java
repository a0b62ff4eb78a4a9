package io.slab;

import java.nio.file.Path;
import java.util.Map;

/**
 * How this process works on an index. Immutable and thread-safe.
 *
 * @param threads that share a search, the calling one among them, and that build the index of a
 *     slab's vectors; at least 1
 * @param store settings of a store with a scheme, by name; for {@code s3://}: {@code profile},
 *     {@code region}, {@code endpoint}, {@code path-style}, {@code anonymous}, {@code timeout},
 *     {@code connections}. What is left out comes from the environment and {@code ~/.aws}, and keys
 *     always do. A folder takes none
 * @param cache folder that keeps what is fetched of a remote index, shared with other processes;
 *     null to keep it only while the index is open, in the folder for temporary files. Where it
 *     cannot be written, a line on stderr says so, and what is fetched is kept as with null
 * @param cacheBytes most bytes of that folder, about
 */
public record IndexOptions(int threads, Map<String, String> store, Path cache, long cacheBytes) {
  private static final long CACHE_BYTES = 10L << 30;

  /**
   * Copies the settings.
   *
   * @throws IllegalArgumentException for no thread, or a negative size
   */
  public IndexOptions {
    if (threads < 1 || cacheBytes < 0) {
      throw new IllegalArgumentException(threads + " threads, a cache of " + cacheBytes + " bytes");
    }
    store = Map.copyOf(store);
  }

  /** As many threads as there are processors, everything else from the environment, no cache. */
  public static IndexOptions defaults() {
    return new IndexOptions(
        Runtime.getRuntime().availableProcessors(), Map.of(), null, CACHE_BYTES);
  }

  /** The same with so many threads. */
  public IndexOptions withThreads(int count) {
    return new IndexOptions(count, store, cache, cacheBytes);
  }

  /** The same with other settings of the store. */
  public IndexOptions withStore(Map<String, String> settings) {
    return new IndexOptions(threads, settings, cache, cacheBytes);
  }

  /** The same with a cache folder of at most about so many bytes. */
  public IndexOptions withCache(Path folder, long bytes) {
    return new IndexOptions(threads, store, folder, bytes);
  }
}
