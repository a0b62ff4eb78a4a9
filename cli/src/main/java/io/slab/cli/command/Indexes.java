package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.index.SlabIndex;
import io.slab.model.IndexSpec;
import io.slab.model.TextIndex;
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
    Doc doc =
        new Doc()
            .put("name", spec.name())
            .put("dimension", spec.vectorType().hasDense() ? spec.dimension() : null)
            .put("metric", spec.metric().label())
            .put("vectorType", spec.givenType().label())
            .put("schema", spec.schema());
    if (spec.textIndex() != null) {
      doc.put("textIndex", textIndex(spec.textIndex()));
    }
    return doc.put("namespaces", namespaces)
        .put("deletionProtection", protection(deletionProtected))
        .put("formatVersion", Version.FORMAT)
        .put("created", Instant.ofEpochMilli(spec.createdMillis()).toString());
  }

  static Doc textIndex(TextIndex text) {
    return new Doc().put("field", text.field()).put("language", text.language());
  }

  static String protection(boolean enabled) {
    return enabled ? "enabled" : "disabled";
  }
}
