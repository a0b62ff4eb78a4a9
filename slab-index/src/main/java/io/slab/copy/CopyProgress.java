package io.slab.copy;

/** Told, now and then and by one thread, how far a copy is. */
@FunctionalInterface
public interface CopyProgress {
  /**
   * @param namespace the one that is being copied
   * @param done bytes of its slabs that are done, all of them at the end; one that is copied and
   *     not yet read back is half done
   * @param all bytes of its slabs
   */
  void at(String namespace, long done, long all);

  /**
   * Told before each namespace, and after the last one; may throw to end the copy there.
   *
   * @param done namespaces that are copied
   * @param all namespaces
   */
  default void namespaces(int done, int all) {}
}
