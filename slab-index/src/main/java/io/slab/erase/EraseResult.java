package io.slab.erase;

import java.util.List;

/**
 * What an erasure did, and what is left to do.
 *
 * @param records live ones that were deleted, or would be
 * @param ids how many ids it is about, of deleted records and of those that were deleted before
 * @param slabs that were rewritten, or would be
 * @param removed objects that gc removed, old versions not among them
 * @param versions old versions that were removed
 * @param released checkpoints that were deleted
 * @param left objects that still hold something, or may
 */
public record EraseResult(
    long records,
    long ids,
    int slabs,
    int removed,
    int versions,
    List<String> released,
    List<Left> left) {
  /** What has to happen before an object goes. */
  public enum Until {
    /** The same call, at that time or later, removes it. */
    TIME,
    /** A checkpoint keeps it: the same call with the permission to release that. */
    CHECKPOINT,
    /** A repair kept it: the same call with the permission to delete the quarantine. */
    QUARANTINE,
    /** The cause stands in the reason. */
    CAUSE
  }

  /**
   * One object that still holds something of an erased record, or may.
   *
   * @param object its name
   * @param reason what it is, and why it is still there
   * @param goneMillis for {@link Until#TIME} when it may go, milliseconds since 1970 by the store's
   *     clock; else -1
   */
  public record Left(String object, String reason, Until until, long goneMillis) {}

  public EraseResult {
    released = List.copyOf(released);
    left = List.copyOf(left);
  }

  /** True when no object holds anything any more. */
  public boolean finished() {
    return left.isEmpty();
  }

  /** When the same call removes the last of what only needs time; -1 when nothing waits. */
  public long nextMillis() {
    return left.stream().mapToLong(Left::goneMillis).max().orElse(-1);
  }
}
