package io.slab.bench.trust;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one process should have left: the text of each of its records by namespace and id, and that
 * of the checkpoint that it made, null without one. Not thread-safe.
 */
record KillState(Map<String, String> records, Map<String, String> checkpoint) {
  static KillState empty() {
    return new KillState(new TreeMap<>(), null);
  }

  KillState copy() {
    return new KillState(
        new TreeMap<>(records), checkpoint == null ? null : new TreeMap<>(checkpoint));
  }

  /** The records of one namespace. */
  static Map<String, String> of(Map<String, String> records, String namespace) {
    Map<String, String> some = new TreeMap<>();
    records.forEach((key, text) -> {
      if (key.startsWith(namespace + "/")) {
        some.put(key, text);
      }
    });
    return some;
  }

  KillState with(Map<String, String> mark) {
    return new KillState(records, mark);
  }
}
