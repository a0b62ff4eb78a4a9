package io.slab.namespace;

/** What became of an attempt to commit a manifest that names new files. */
public enum CommitOutcome {
  COMMITTED,
  /** Another process was first; it is proved that this manifest never will be committed. */
  LOST,
  /** Nothing was committed, since gc has condemned or deleted a file that it would name. */
  FILES_GONE
}
