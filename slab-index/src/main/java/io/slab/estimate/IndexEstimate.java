package io.slab.estimate;

import io.slab.inspect.SectionGroup;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The slabs of a namespace that was not built.
 *
 * @param records in all of them, and in the log
 * @param logged records that are in the log and in no slab yet
 * @param levels the highest first; levels without slabs are left out
 */
public record IndexEstimate(long records, long logged, List<LevelEstimate> levels) {
  public IndexEstimate {
    levels = List.copyOf(levels);
  }

  public long slabs() {
    return levels.stream().mapToLong(LevelEstimate::slabs).sum();
  }

  /** Bytes of all slabs. */
  public long bytes() {
    return levels.stream().mapToLong(LevelEstimate::bytes).sum();
  }

  /** Bytes by group over all slabs. */
  public Map<SectionGroup, Long> groups() {
    Map<SectionGroup, Long> sums = new EnumMap<>(SectionGroup.class);
    for (LevelEstimate level : levels) {
      level
          .each()
          .groups()
          .forEach((group, bytes) -> sums.merge(group, level.slabs() * bytes, Long::sum));
    }
    return sums;
  }
}
