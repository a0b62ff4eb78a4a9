package io.slab.manifest;

/** How it is found out which numbered object is the newest. */
public enum Look {
  /** By a listing: for all who write, seal, collect or copy (spec/index.md, R-1 and R-2). */
  LIST,
  /**
   * For readers an earlier listing counts as long as it is proved that nothing came since.
   */
  READ
}
