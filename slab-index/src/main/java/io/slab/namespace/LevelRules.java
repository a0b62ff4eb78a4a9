package io.slab.namespace;

import io.slab.manifest.NamespaceManifest;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * When slabs of a level are merged into one of the next, in slabs, records and bytes
 * (spec/index.md, "Thresholds"). The numbers stand in the namespace manifest, so that every process
 * goes by the same ones and a later version may choose others; manifests without them mean these
 * defaults.
 */
public record LevelRules(SortedMap<String, Long> thresholds) {
  /** Most slabs one compaction reads. */
  public static final String MAX_INPUTS = "compactInputs";

  /** Largest file a compaction writes below level 3. */
  public static final String MAX_BYTES = "slabBytes";

  /** Highest level: 2, or 3 under the dedicated profile. */
  public static final String TOP_LEVEL = "topLevel";

  /** Dead rows in a hundred from which a slab is rewritten for their sake alone. */
  public static final String DEAD_PERCENT = "deadPercent";

  private static final Map<String, Long> DEFAULTS =
      Map.ofEntries(
          Map.entry(MAX_INPUTS, 100L),
          Map.entry(MAX_BYTES, 10_000_000_000L),
          Map.entry(TOP_LEVEL, 2L),
          Map.entry(DEAD_PERCENT, 30L),
          Map.entry(slabs(0), 100L),
          Map.entry(records(0), 100_000L),
          Map.entry(bytes(0), 1_000_000_000L),
          Map.entry(slabs(1), 100L),
          Map.entry(records(1), 1_000_000L),
          Map.entry(bytes(1), 8_000_000_000L),
          Map.entry(slabs(2), 100L),
          Map.entry(records(2), 10_000_000L),
          Map.entry(bytes(2), 80_000_000_000L));

  /** The rules in force in a namespace. */
  public static LevelRules of(NamespaceManifest manifest) {
    return new LevelRules(manifest.thresholds());
  }

  /** Everything by default, as a new namespace records it. */
  public static SortedMap<String, Long> defaults() {
    return new TreeMap<>(DEFAULTS);
  }

  /** Name of the threshold. */
  public static String slabs(int level) {
    return "level" + level + "Slabs";
  }

  /** Name of the threshold. */
  public static String records(int level) {
    return "level" + level + "Records";
  }

  /** Name of the threshold. */
  public static String bytes(int level) {
    return "level" + level + "Bytes";
  }

  /** One number. */
  public long get(String name) {
    return thresholds.getOrDefault(name, DEFAULTS.get(name));
  }

  public int topLevel() {
    return Math.clamp(get(TOP_LEVEL), 1, 3);
  }

  public int maxInputs() {
    return Math.clamp(get(MAX_INPUTS), 2, 10_000);
  }

  /** Largest file to write at a level; level 3 has no cap but the format's. */
  public long maxBytes(int level) {
    return level >= 3 ? Long.MAX_VALUE : get(MAX_BYTES);
  }

  /**
   * How near slabs of a level, together, are to being merged: 1 when they are due, by the count
   * that is nearest; 0 for the top level, which is never merged by itself.
   */
  public double fullness(int level, long slabs, long records, long size) {
    if (level >= topLevel()) {
      return 0;
    }
    double most = (double) slabs / get(slabs(level));
    most = Math.max(most, (double) records / get(records(level)));
    return Math.max(most, (double) size / get(bytes(level)));
  }

  /** True when slabs of a level, together, are enough to be merged. */
  public boolean due(int level, int slabs, long records, long bytes) {
    return slabs > 1
        && (slabs >= get(slabs(level))
            || records >= get(records(level))
            || bytes >= get(bytes(level)));
  }

  /** The level whose slabs usually have this many rows: where a bulk load puts them. */
  public int levelFor(long rows) {
    int level = 1;
    while (level < topLevel() && rows >= get(records(level))) {
      level++;
    }
    return level;
  }
}
