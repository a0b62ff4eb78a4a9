package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Listing;
import io.slab.cli.output.Output;
import io.slab.cli.output.OutputFormat;
import io.slab.cli.report.LevelsText;
import io.slab.cli.report.NamespaceDocs;
import io.slab.cli.verb.Session;
import io.slab.manifest.SlabEntry;
import io.slab.objects.NamespaceInfo;
import io.slab.objects.ObjectInspector;
import io.slab.store.ObjectStore;
import java.util.List;

/** What the newest manifest of each namespace of an index says. */
final class InspectManifests {
  private static final Listing SLABS =
      new Listing(
          "slabs",
          "slab",
          List.of(
              Column.text("namespace"),
              Column.text("slab"),
              Column.number("level"),
              Column.number("rows"),
              Column.number("dead"),
              Column.text("algorithm"),
              Column.number("bytes")));
  private static final Listing LEVELS =
      new Listing(
          "levels",
          "level",
          List.of(
              Column.text("namespace"),
              Column.number("level"),
              Column.number("slabs"),
              Column.number("rows"),
              Column.number("dead"),
              Column.number("bytes"),
              Column.number("fullness")));
  private static final Listing NAMESPACES =
      new Listing(
          "namespaces",
          "namespace",
          List.of(
              Column.text("namespace"),
              Column.number("manifest"),
              Column.text("operation"),
              Column.number("slabCount"),
              Column.number("walObjects"),
              Column.number("unflushedWalObjects"),
              Column.text("thresholds")));

  private final List<NamespaceInfo> namespaces;

  private InspectManifests(List<NamespaceInfo> namespaces) {
    this.namespaces = namespaces;
  }

  /** Reads the newest manifests; fails when one of them is damaged. */
  static InspectManifests read(ObjectStore store) {
    return new InspectManifests(ObjectInspector.namespaces(store));
  }

  /** The levels of all namespaces: drawn for people, one row each for programs. */
  void levels(Session session, String target) {
    Output output = session.output();
    if (output.format() == OutputFormat.TABLE && session.fields().isEmpty()) {
      output.text(levelsText(session, target));
      return;
    }
    output.begin(LEVELS);
    Doc due = new Doc();
    for (NamespaceInfo info : namespaces) {
      if (info.manifest() != null) {
        for (Doc level : NamespaceDocs.levels(info.manifest())) {
          output.row(new Doc().put("namespace", info.namespace()).putAll(level));
        }
        due.put(info.namespace(), NamespaceDocs.due(info.manifest()));
      }
    }
    output.end(new Doc().put("compactionDue", due));
  }

  String levelsText(Session session, String target) {
    return new LevelsText(session.outStyle(), session.chartWidth(), target).text(namespaces);
  }

  void beginSlabs(Output output) {
    output.begin(SLABS);
    for (NamespaceInfo info : namespaces) {
      for (SlabEntry entry : entries(info)) {
        output.row(new Doc().put("namespace", info.namespace()).putAll(slab(entry)));
      }
    }
  }

  void beginNamespaces(Output output) {
    output.begin(NAMESPACES);
    namespaces.forEach(info -> output.row(namespace(info)));
  }

  /** Everything, by namespace. */
  Doc doc() {
    Doc all = new Doc();
    for (NamespaceInfo info : namespaces) {
      List<Doc> slabs = entries(info).stream().map(InspectManifests::slab).toList();
      all.put(
          info.namespace() == null ? info.folder() : info.namespace(),
          namespace(info)
              .put("slabs", slabs)
              .put("levels", info.manifest() == null ? null : NamespaceDocs.levels(info.manifest()))
              .put(
                  "compactionDue",
                  info.manifest() == null ? null : NamespaceDocs.due(info.manifest())));
    }
    return all;
  }

  private static List<SlabEntry> entries(NamespaceInfo info) {
    return info.manifest() == null ? List.of() : info.manifest().slabs();
  }

  private static Doc namespace(NamespaceInfo info) {
    Doc thresholds = new Doc();
    boolean any = info.manifest() != null;
    if (any) {
      info.manifest().thresholds().forEach(thresholds::put);
    }
    return new Doc()
        .put("namespace", info.namespace())
        .put("folder", info.folder())
        .put("manifest", any ? Long.toString(info.manifest().id()) : null)
        .put("operation", any ? info.manifest().operation() : null)
        .put("deleted", any && info.manifest().deleted())
        .put("slabCount", entries(info).size())
        .put("slabFiles", info.slabFiles())
        .put("walObjects", info.walObjects())
        .put("unflushedWalObjects", info.unflushedWalObjects())
        .put("thresholds", thresholds);
  }

  private static Doc slab(SlabEntry entry) {
    return new Doc()
        .put("slab", entry.id().toString())
        .put("level", entry.level())
        .put("rows", entry.rows())
        .put("dead", entry.deletes().cardinality())
        .put("algorithm", entry.algorithm())
        .put("bytes", entry.bytes());
  }
}
