package io.slab.copy;

/** Told, now and then and by one thread, how far a copy is. */
@FunctionalInterface
public interface CopyProgress {
  /**
   * @param namespace the one that is being copied
   * @param done bytes of its slabs that are done
   * @param all bytes of its slabs
   */
  void at(String namespace, long done, long all);
}
