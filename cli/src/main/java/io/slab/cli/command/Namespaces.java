package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.index.SlabIndex;
import io.slab.lsm.LiveSlab;
import io.slab.lsm.Snapshot;

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
}
