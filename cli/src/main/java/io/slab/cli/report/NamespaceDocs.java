package io.slab.cli.report;

import io.slab.cli.output.Doc;
import io.slab.compaction.CompactionPlan;
import io.slab.manifest.NamespaceManifest;
import io.slab.objects.LevelInfo;
import java.util.List;

/** Levels of a namespace and what its thresholds call for, as documents. */
public final class NamespaceDocs {
  private NamespaceDocs() {}

  /** One document for each level that has slabs. */
  public static List<Doc> levels(NamespaceManifest manifest) {
    return LevelInfo.of(manifest).stream()
        .map(level ->
            new Doc()
                .put("level", level.level())
                .put("slabs", level.slabs())
                .put("rows", level.rows())
                .put("dead", level.dead())
                .put("bytes", level.bytes())
                .put("fullness", SlabDocs.share(level.fullness(), 1)))
        .toList();
  }

  /** The compaction that is due, with the members that {@code stats} gives it, or null. */
  public static Doc due(NamespaceManifest manifest) {
    CompactionPlan plan = CompactionPlan.due(manifest);
    return plan == null
        ? null
        : new Doc()
            .put("reason", plan.reason())
            .put("inputs", plan.inputs().size())
            .put("level", "L" + plan.level())
            .put("rowsIn", plan.rowsIn())
            .put("rowsOut", plan.rowsOut())
            .put("bytesIn", plan.bytesIn())
            .put("bytesOut", plan.bytesOut());
  }
}
