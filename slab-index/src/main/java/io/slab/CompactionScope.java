package io.slab;

import io.slab.compaction.CompactionRequest;

/** Which slabs {@link Namespace#beginCompactions} merges or writes anew. */
public enum CompactionScope {
  /** Those that the thresholds of the namespace call for. */
  DUE,
  /** All of them, into as few as their largest size allows; one order. */
  ALL,
  /** Each by itself that an older version made, or whose derived parts are damaged. */
  OUTDATED;

  CompactionRequest request() {
    return switch (this) {
      case DUE -> CompactionRequest.auto();
      case ALL -> CompactionRequest.full();
      case OUTDATED -> CompactionRequest.rebuild();
    };
  }
}
