package io.slab.objects;

import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabEntry;
import io.slab.namespace.LevelRules;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The slabs of one level of a namespace.
 *
 * @param level 0 for what flushes wrote
 * @param slabs how many
 * @param rows of all of them, dead ones included
 * @param dead rows that are deleted or replaced
 * @param bytes of all of them
 * @param fullness 1 when the level is due for a compaction, 0 where it is empty or the highest
 */
public record LevelInfo(int level, long slabs, long rows, long dead, long bytes, double fullness) {
  /** The levels that have slabs, ascending. */
  public static List<LevelInfo> of(NamespaceManifest manifest) {
    SortedMap<Integer, LevelInfo> levels = new TreeMap<>();
    for (SlabEntry entry : manifest.slabs()) {
      levels.merge(
          entry.level(),
          new LevelInfo(
              entry.level(), 1, entry.rows(), entry.deletes().cardinality(), entry.bytes(), 0),
          LevelInfo::plus);
    }
    LevelRules rules = LevelRules.of(manifest);
    List<LevelInfo> all = new ArrayList<>();
    for (LevelInfo level : levels.values()) {
      double fullness =
          rules.fullness(level.level, level.slabs, level.rows - level.dead, level.bytes);
      all.add(
          new LevelInfo(level.level, level.slabs, level.rows, level.dead, level.bytes, fullness));
    }
    return all;
  }

  private LevelInfo plus(LevelInfo other) {
    return new LevelInfo(
        level, slabs + other.slabs, rows + other.rows, dead + other.dead, bytes + other.bytes, 0);
  }
}
