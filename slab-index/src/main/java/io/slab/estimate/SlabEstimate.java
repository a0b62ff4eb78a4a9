package io.slab.estimate;

import io.slab.inspect.SectionGroup;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * One slab that was not built.
 *
 * @param level it would have
 * @param rows in it
 * @param algorithm that would search it
 * @param cells of its index, 0 when it has none
 * @param groups bytes by group; groups of no bytes are left out
 */
public record SlabEstimate(
    int level, long rows, String algorithm, long cells, Map<SectionGroup, Long> groups) {
  public SlabEstimate {
    EnumMap<SectionGroup, Long> copy = new EnumMap<>(SectionGroup.class);
    groups.forEach((group, bytes) -> {
      if (bytes > 0) {
        copy.put(group, bytes);
      }
    });
    groups = Collections.unmodifiableMap(copy);
  }

  /** Bytes of a group. */
  public long bytes(SectionGroup group) {
    return groups.getOrDefault(group, 0L);
  }

  /** Bytes of the whole file. */
  public long bytes() {
    return groups.values().stream().mapToLong(Long::longValue).sum();
  }
}
