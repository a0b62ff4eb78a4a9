package io.slab.cli.command;

import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.error.InvalidInputException;
import io.slab.namespace.LevelRules;
import io.slab.namespace.Thresholds;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Changes of what flush and compaction of a namespace go by. */
final class ThresholdOptions {
  @Option(
      names = "--level-profile",
      paramLabel = "NAME",
      description = "standard, or dedicated: a level 3 without the 10 GB cap")
  String profile;

  @Option(
      names = "--flush-records",
      paramLabel = "N",
      description = "records in the log at which they become a slab, at most 10000")
  Long flushRecords;

  @Option(
      names = "--l0-trigger",
      paramLabel = "N",
      description = "slabs of level 0 at which `compact` merges them")
  Long l0Trigger;

  @Seldom
  @Option(names = "--l1-trigger", paramLabel = "N", description = "the same for level 1")
  Long l1Trigger;

  @Seldom
  @Option(names = "--l2-trigger", paramLabel = "N", description = "the same for level 2")
  Long l2Trigger;

  @Option(
      names = "--threshold",
      paramLabel = "NAME=N",
      description = "any other one, as `slab namespace describe` shows them; may be repeated")
  Map<String, Long> thresholds = new LinkedHashMap<>();

  /** The thresholds to change, empty when none was given. */
  Map<String, Long> changes() {
    Map<String, Long> changes = new TreeMap<>(thresholds);
    put(changes, Thresholds.MEMTABLE_RECORDS, flushRecords);
    put(changes, LevelRules.slabs(0), l0Trigger);
    put(changes, LevelRules.slabs(1), l1Trigger);
    put(changes, LevelRules.slabs(2), l2Trigger);
    try {
      if (profile != null) {
        changes.putAll(Thresholds.profile(profile));
      }
      Thresholds.check(changes);
    } catch (InvalidInputException e) {
      throw new UsageException(e.getMessage(), e.hint());
    }
    return changes;
  }

  private static void put(Map<String, Long> changes, String name, Long value) {
    if (value != null) {
      changes.put(name, value);
    }
  }
}
