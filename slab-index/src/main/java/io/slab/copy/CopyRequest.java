package io.slab.copy;

/**
 * What to copy, and how.
 *
 * @param namespace the only one, or null for the whole index
 * @param threads slabs at once, at least 1
 * @param verify to read every slab back at the destination and check all its checksums
 * @param dryRun to change nothing
 * @param checkpoint the state to copy, by the name of a checkpoint, or null for that of now. A
 *     namespace that has none of that name is left out
 * @param empty to copy the index without any namespace
 */
public record CopyRequest(
    String namespace,
    int threads,
    boolean verify,
    boolean dryRun,
    String checkpoint,
    boolean empty) {
  /** With its namespaces. */
  public CopyRequest(
      String namespace, int threads, boolean verify, boolean dryRun, String checkpoint) {
    this(namespace, threads, verify, dryRun, checkpoint, false);
  }

  /** Of what is there now. */
  public CopyRequest(String namespace, int threads, boolean verify, boolean dryRun) {
    this(namespace, threads, verify, dryRun, null);
  }

  public CopyRequest {
    if (threads < 1) {
      throw new IllegalArgumentException("threads " + threads);
    }
  }
}
