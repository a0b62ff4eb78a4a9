package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.index.SlabIndex;
import io.slab.model.IndexSpec;
import io.slab.model.Version;
import java.time.Instant;
import java.util.List;

/** Indexes as documents. */
final class Indexes {
  private Indexes() {}

  static Doc doc(SlabIndex index) {
    return doc(index.spec(), index.namespaces(), index.deletionProtected());
  }

  static Doc doc(IndexSpec spec, List<String> namespaces, boolean deletionProtected) {
    return new Doc()
        .put("name", spec.name())
        .put("dimension", spec.vectorType().hasDense() ? spec.dimension() : null)
        .put("metric", spec.metric().label())
        .put("vectorType", spec.vectorType().label())
        .put("schema", spec.schema())
        .put("namespaces", namespaces)
        .put("deletionProtection", protection(deletionProtected))
        .put("formatVersion", Version.FORMAT)
        .put("created", Instant.ofEpochMilli(spec.createdMillis()).toString());
  }

  static String protection(boolean enabled) {
    return enabled ? "enabled" : "disabled";
  }
}
