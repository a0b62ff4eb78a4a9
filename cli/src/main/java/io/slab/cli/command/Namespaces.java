package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.index.SlabIndex;
import io.slab.namespace.LevelRules;
import io.slab.namespace.Thresholds;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import java.util.SortedMap;
import java.util.TreeMap;

/** Namespaces as documents. */
final class Namespaces {
  private Namespaces() {}

  static Doc doc(SlabIndex index, String name) {
    try (Snapshot snapshot = index.snapshot(name)) {
      long bytes = 0;
      for (LiveSlab slab : snapshot.slabs()) {
        bytes += slab.entry().bytes();
      }
      return new Doc()
          .put("name", name)
          .put("recordCount", snapshot.count())
          .put("slabs", snapshot.slabs().size())
          .put("bytes", bytes)
          .put("unflushed", snapshot.memtable().size())
          .put("manifest", snapshot.manifest() == null ? 0 : snapshot.manifest().id());
    }
  }

  /** A namespace of which nothing is known but its name, with what every empty one has. */
  static Doc empty(String name) {
    return new Doc()
        .put("name", name)
        .put("recordCount", 0L)
        .put("slabs", 0)
        .put("bytes", 0L)
        .put("unflushed", 0)
        .put("manifest", 0L);
  }

  /** The profile and all thresholds of a namespace. */
  static Doc thresholds(SortedMap<String, Long> thresholds) {
    Doc doc = new Doc().put("profile", Thresholds.profile(new LevelRules(thresholds)));
    thresholds.forEach(doc::put);
    return doc;
  }

  /** The profile, and those thresholds that are not what a new namespace has. */
  static Doc changedThresholds(SortedMap<String, Long> thresholds) {
    SortedMap<String, Long> changed = new TreeMap<>(thresholds);
    changed.entrySet().removeAll(Thresholds.defaults().entrySet());
    Doc doc = new Doc().put("profile", Thresholds.profile(new LevelRules(thresholds)));
    changed.forEach(doc::put);
    return doc;
  }
}
