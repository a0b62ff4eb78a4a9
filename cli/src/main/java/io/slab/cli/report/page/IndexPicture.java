package io.slab.cli.report.page;

import io.slab.cli.output.Doc;
import io.slab.cli.report.NamespaceDocs;
import io.slab.manifest.SlabEntry;
import io.slab.model.IndexSpec;
import io.slab.objects.NamespaceInfo;
import java.util.List;

/**
 * Everything that a page shows of an index.
 *
 * @param largest its slab of most rows, null when it has none
 */
public record IndexPicture(IndexSpec spec, List<NamespaceInfo> namespaces, SlabPicture largest) {
  public IndexPicture {
    namespaces = List.copyOf(namespaces);
  }

  long records() {
    return namespaces.stream()
        .flatMap(info -> slabs(info).stream())
        .mapToLong(SlabEntry::liveRows)
        .sum();
  }

  long slabs() {
    return namespaces.stream().mapToLong(info -> slabs(info).size()).sum();
  }

  long bytes() {
    return namespaces.stream()
        .flatMap(info -> slabs(info).stream())
        .mapToLong(SlabEntry::bytes)
        .sum();
  }

  /** When the newest slab was made, in milliseconds since 1970; 0 when there is none. */
  long newest() {
    return namespaces.stream()
        .flatMap(info -> slabs(info).stream())
        .mapToLong(slab -> slab.id().high() >>> 16)
        .max()
        .orElse(0);
  }

  static List<SlabEntry> slabs(NamespaceInfo info) {
    return info.manifest() == null ? List.of() : info.manifest().slabs();
  }

  /** The numbers behind the page. */
  Doc doc() {
    Doc all = new Doc();
    for (NamespaceInfo info : namespaces) {
      if (info.manifest() != null) {
        all.put(
            info.namespace(),
            new Doc()
                .put("manifest", Long.toString(info.manifest().id()))
                .put("unflushedWalObjects", info.unflushedWalObjects())
                .put("levels", NamespaceDocs.levels(info.manifest()))
                .put("compactionDue", NamespaceDocs.due(info.manifest())));
      }
    }
    return new Doc()
        .put("object", "index")
        .put("name", spec.name())
        .put("dimension", spec.dimension() == 0 ? null : spec.dimension())
        .put("metric", spec.metric().label())
        .put("records", records())
        .put("slabs", slabs())
        .put("bytes", bytes())
        .put("namespaces", all)
        .put("largest", largest == null ? null : largest.doc());
  }
}
