package io.slab.estimate;

import io.slab.model.Limits;
import io.slab.namespace.LevelRules;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * How many slabs of which size a namespace has. Immutable and thread-safe.
 *
 * @param slab sizes of single slabs
 * @param rules thresholds of the namespace
 */
public record IndexEstimator(SlabEstimator slab, LevelRules rules) {
  /**
   * Goes by thresholds as a manifest records them.
   *
   * @param thresholds those of a namespace, or {@link LevelRules#defaults()}
   */
  public static IndexEstimator of(
      RowShape rows, SearchShape search, SortedMap<String, Long> thresholds) {
    return new IndexEstimator(new SlabEstimator(rows, search), new LevelRules(thresholds));
  }

  /**
   * Everything in as few slabs as the size cap allows: after a bulk load, or {@code compact
   * --full}.
   */
  public IndexEstimate compacted(long records) {
    if (records == 0) {
      return new IndexEstimate(0, 0, List.of());
    }
    int level = 1;
    while (level < rules.topLevel() && records >= threshold(level, "Records")) {
      level++;
    }
    long bytes = slab.slab(records, level).bytes();
    long slabs = Math.max(1, Math.ceilDiv(bytes, rules.maxBytes(level)));
    return new IndexEstimate(records, 0, spread(records, slabs, level));
  }

  /**
   * Records that come by the log, with a flush at every {@value Limits#MAX_MEMTABLE_RECORDS} of
   * them and a compaction whenever one is due.
   */
  public IndexEstimate levelled(long records) {
    long flush = Limits.MAX_MEMTABLE_RECORDS;
    List<Long> sizes = new ArrayList<>(List.of(flush));
    while (sizes.size() <= rules.topLevel()) {
      int level = sizes.size() - 1;
      long rows = sizes.getLast();
      long bytes = slab.slab(rows, level).bytes();
      sizes.add(rows * inputs(level, rows, bytes));
    }
    List<LevelEstimate> levels = new ArrayList<>();
    long left = records;
    for (int level = sizes.size() - 1; level >= 0; level--) {
      long slabs = left / sizes.get(level);
      if (slabs > 0) {
        levels.add(new LevelEstimate(slabs, slab.slab(sizes.get(level), level)));
        left -= slabs * sizes.get(level);
      }
    }
    return new IndexEstimate(records, left, levels);
  }

  /** Slabs of a level that make one of the next. */
  private long inputs(int level, long rows, long bytes) {
    long due = threshold(level, "Slabs");
    due = Math.min(due, Math.ceilDiv(threshold(level, "Records"), rows));
    due = Math.min(due, Math.ceilDiv(threshold(level, "Bytes"), bytes));
    long most = Math.min(rules.maxInputs(), rules.maxBytes(level + 1) / bytes);
    return Math.max(1, Math.min(Math.max(2, due), most));
  }

  private long threshold(int level, String what) {
    return rules.get("level" + level + what);
  }

  private List<LevelEstimate> spread(long records, long slabs, int level) {
    long each = records / slabs;
    long longer = records - each * slabs;
    List<LevelEstimate> levels = new ArrayList<>();
    if (longer > 0) {
      levels.add(new LevelEstimate(longer, slab.slab(each + 1, level)));
    }
    levels.add(new LevelEstimate(slabs - longer, slab.slab(each, level)));
    return levels;
  }
}
