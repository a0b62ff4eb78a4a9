package io.slab.copy;

/**
 * What to copy, and how.
 *
 * @param namespace the only one, or null for the whole index
 * @param threads slabs at once, at least 1
 * @param verify to read every slab back at the destination and check all its checksums
 * @param dryRun to change nothing
 */
public record CopyRequest(String namespace, int threads, boolean verify, boolean dryRun) {
  public CopyRequest {
    if (threads < 1) {
      throw new IllegalArgumentException("threads " + threads);
    }
  }
}
