package io.slab.writer;

import io.slab.error.SlabException;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.NamespaceManifest;
import io.slab.namespace.NamespaceHandle;

/**
 * What became of slabs that were to be committed.
 *
 * @param state committed, or why not
 * @param manifest the manifest that named the slabs first; 0 when they are not committed
 */
public record CommitResult(State state, long manifest) {
  /** Whether a manifest names the slabs. In every other state nothing was changed. */
  public enum State {
    /** By this call or by an earlier one. */
    COMMITTED,
    /** The namespace is not empty, so that a bulk load has no place in it. */
    NOT_EMPTY,
    /**
     * Others wrote since a bulk load reserved its place, and deleted it again, so that the rows
     * would be older than these deletes: begin anew.
     */
    OVERTAKEN,
    /** Another compaction took an input away. */
    INPUTS_TAKEN,
    /** Gc has condemned or deleted a built slab: build them again. */
    FILES_GONE
  }

  public static CommitResult committed(long manifest) {
    return new CommitResult(State.COMMITTED, manifest);
  }

  public static CommitResult not(State why) {
    return new CommitResult(why, 0);
  }

  /**
   * The manifest that named slabs first, when it is known that one did: an attempt that found its
   * commit in the history may have found that of another process with the same slabs.
   *
   * @param attempt the manifest of the attempt
   */
  public static long whereCommitted(
      NamespaceHandle namespace, BuiltSlabs built, NamespaceManifest attempt) {
    try {
      return namespace.manifests().committedIn(namespace.newest(), built);
    } catch (SlabException e) {
      // They are committed: that the number cannot be looked up must not read as a failure.
      return attempt.id();
    }
  }

  public boolean committed() {
    return state == State.COMMITTED;
  }
}
