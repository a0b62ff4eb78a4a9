package io.slab;

import io.slab.erase.EraseResult;
import java.util.List;

/**
 * What an erasure did, and what is left to do.
 *
 * @param records live ones that were deleted
 * @param left names of objects that still hold something of an erased record, or may
 * @param nextMillis when the same call removes the last of those that only need time, milliseconds
 *     since 1970 by the storage's clock; -1 when there is none. Others are kept by a checkpoint, or
 *     by a repair in the quarantine
 */
public record Erased(long records, List<String> left, long nextMillis) {
  public Erased {
    left = List.copyOf(left);
  }

  static Erased of(EraseResult result) {
    return new Erased(
        result.records(),
        result.left().stream().map(EraseResult.Left::object).toList(),
        result.nextMillis());
  }

  /** True when no object of the namespace holds anything of the records any more. */
  public boolean finished() {
    return left.isEmpty();
  }
}
