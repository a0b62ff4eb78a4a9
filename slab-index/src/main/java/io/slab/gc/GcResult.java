package io.slab.gc;

import java.util.List;

/**
 * What a garbage collection removed, or would remove.
 *
 * @param removed in the order of removal
 * @param failed objects that could not be removed, with the reason; the next run tries again
 * @param kept garbage that is too young, or over the limit of this run
 */
public record GcResult(List<Item> removed, List<Item> failed, long kept) {
  /**
   * One object.
   *
   * @param reason why it is garbage, or why it could not be removed
   */
  public record Item(String name, long bytes, long ageMillis, String reason) {}

  public GcResult {
    removed = List.copyOf(removed);
    failed = List.copyOf(failed);
  }

  public long bytes() {
    return removed.stream().mapToLong(Item::bytes).sum();
  }
}
