package io.slab.namespace;

import io.slab.error.InvalidInputException;
import io.slab.manifest.NamespaceManifest;
import io.slab.model.Limits;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The numbers in a namespace manifest that flush and compaction go by: which there are, and what
 * they may be. {@link LevelRules} says what the levels' mean.
 */
public final class Thresholds {
  /** Records of the memtable at which it is flushed. */
  public static final String MEMTABLE_RECORDS = "memtableRecords";

  /** Bytes of the memtable, as it weighs in memory, at which it is flushed. */
  public static final String MEMTABLE_BYTES = "memtableBytes";

  /** Most rows of a slab that a flush writes. */
  public static final String SLAB_ROWS = "level0Rows";

  /**
   * Thousandths of the terms of an average text, by which the texts of an index with a text index
   * are weighed: recorded with the first of them, and never changed.
   */
  public static final String TEXT_LENGTH = "textLengthMilli";

  private static final Range TEXT_LENGTHS = new Range(1, 1L << 40);

  public static final long DEFAULT_MEMTABLE_BYTES = 256L << 20;

  private static final int STANDARD_TOP = 2;
  private static final int DEDICATED_TOP = 3;
  private static final long MANY = 1_000_000_000_000_000L;

  private record Range(long least, long most) {}

  private static final SortedMap<String, Range> RANGES = ranges();

  private Thresholds() {}

  private static SortedMap<String, Range> ranges() {
    TreeMap<String, Range> ranges = new TreeMap<>();
    ranges.put(MEMTABLE_RECORDS, new Range(1, Limits.MAX_MEMTABLE_RECORDS));
    ranges.put(MEMTABLE_BYTES, new Range(1 << 20, 16L << 30));
    ranges.put(SLAB_ROWS, new Range(1, Limits.MAX_MEMTABLE_RECORDS));
    ranges.put(LevelRules.MAX_INPUTS, new Range(2, 10_000));
    ranges.put(LevelRules.MAX_BYTES, new Range(100_000, 10_000_000_000L));
    ranges.put(LevelRules.TOP_LEVEL, new Range(1, DEDICATED_TOP));
    ranges.put(LevelRules.DEAD_PERCENT, new Range(1, 100));
    for (int level = 0; level < DEDICATED_TOP; level++) {
      ranges.put(LevelRules.slabs(level), new Range(2, 10_000));
      ranges.put(LevelRules.records(level), new Range(1, MANY));
      ranges.put(LevelRules.bytes(level), new Range(1, MANY));
    }
    return Collections.unmodifiableSortedMap(ranges);
  }

  /** What a new namespace begins with. */
  public static SortedMap<String, Long> defaults() {
    SortedMap<String, Long> all = LevelRules.defaults();
    all.put(MEMTABLE_RECORDS, (long) Limits.MAX_MEMTABLE_RECORDS);
    all.put(MEMTABLE_BYTES, DEFAULT_MEMTABLE_BYTES);
    all.put(SLAB_ROWS, (long) Limits.MAX_MEMTABLE_RECORDS);
    return all;
  }

  /** All of those in force in a namespace, where its manifest has them and by default elsewhere. */
  public static SortedMap<String, Long> of(NamespaceManifest manifest) {
    SortedMap<String, Long> all = defaults();
    all.putAll(manifest.thresholds());
    return all;
  }

  /**
   * Checks a change.
   *
   * @throws InvalidInputException for an unknown name or a number out of its range
   */
  public static void check(Map<String, Long> changes) {
    changes.forEach((name, value) -> {
      Range range = RANGES.get(name);
      if (range == null) {
        throw new InvalidInputException(
            "there is no threshold '" + name + "'",
            "the thresholds are " + String.join(", ", RANGES.keySet()));
      }
      if (value < range.least || value > range.most) {
        throw new InvalidInputException(
            "the threshold " + name + " cannot be " + value,
            "give a number from " + range.least + " to " + range.most);
      }
    });
  }

  /** What is wrong with a stored threshold; null when nothing is, or its name is not known. */
  public static String problem(String name, long value) {
    Range range = name.equals(TEXT_LENGTH) ? TEXT_LENGTHS : RANGES.get(name);
    return range == null || (value >= range.least && value <= range.most)
        ? null
        : name + " is " + value + ", expected " + range.least + " to " + range.most;
  }

  /**
   * The changes that a profile stands for.
   *
   * @param profile {@code standard}: three levels, files of at most 10 GB; {@code dedicated}: a
   *     fourth level without that cap
   * @throws InvalidInputException for another name
   */
  public static Map<String, Long> profile(String profile) {
    return switch (profile) {
      case "standard" -> Map.of(LevelRules.TOP_LEVEL, (long) STANDARD_TOP);
      case "dedicated" -> Map.of(LevelRules.TOP_LEVEL, (long) DEDICATED_TOP);
      default ->
          throw new InvalidInputException(
              "there is no profile '" + profile + "'", "the profiles are standard and dedicated");
    };
  }

  /** The profile that thresholds amount to. */
  public static String profile(LevelRules rules) {
    return rules.topLevel() == DEDICATED_TOP ? "dedicated" : "standard";
  }
}
