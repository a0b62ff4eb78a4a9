package io.slab.compaction;

import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabEntry;
import io.slab.namespace.LevelRules;
import java.util.List;

/**
 * One compaction: neighbouring slabs (in age) that become slabs of one level.
 *
 * @param inputs oldest first, at least one
 * @param level of the outputs
 * @param reason for people
 */
public record CompactionPlan(List<SlabEntry> inputs, int level, String reason) {
  public CompactionPlan {
    inputs = List.copyOf(inputs);
  }

  /** What the thresholds of a manifest call for next, or null when nothing is due. */
  public static CompactionPlan due(NamespaceManifest manifest) {
    return new CompactionPlanner(LevelRules.of(manifest), manifest.slabs())
        .next(CompactionRequest.auto(), entry -> false);
  }

  /**
   * The first inputs, as many as may be read.
   *
   * @param bytes most bytes to read
   * @return null when these are fewer than two, which would merge nothing, and not all
   */
  CompactionPlan within(long bytes) {
    long sum = 0;
    int count = 0;
    while (count < inputs.size() && sum + inputs.get(count).bytes() <= bytes) {
      sum += inputs.get(count++).bytes();
    }
    if (count == inputs.size()) {
      return this;
    }
    return count < 2 ? null : new CompactionPlan(inputs.subList(0, count), level, reason);
  }

  /** Bytes that it reads. */
  public long bytesIn() {
    return inputs.stream().mapToLong(SlabEntry::bytes).sum();
  }

  /** Rows that it reads, dead ones included. */
  public long rowsIn() {
    return inputs.stream().mapToLong(SlabEntry::rows).sum();
  }

  /** Rows that it writes, when nothing dies meanwhile. */
  public long rowsOut() {
    return inputs.stream().mapToLong(SlabEntry::liveRows).sum();
  }

  /** Bytes that it will write, by the share of rows that live. */
  public long bytesOut() {
    return inputs.stream().mapToLong(CompactionPlan::liveBytes).sum();
  }

  /** Bytes of a slab by the share of rows that live; all of one of deletes alone. */
  static long liveBytes(SlabEntry slab) {
    return slab.rows() == 0
        ? slab.bytes()
        : Math.round((double) slab.bytes() * slab.liveRows() / slab.rows());
  }
}
