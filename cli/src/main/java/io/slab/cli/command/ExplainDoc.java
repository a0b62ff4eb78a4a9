package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.report.SlabDocs;
import io.slab.filter.FilterExplanation;
import io.slab.search.SlabProfile;

/** The plan of one slab as a document. */
final class ExplainDoc {
  private ExplainDoc() {}

  static Doc slab(SlabPlan plan) {
    SlabProfile profile = plan.profile();
    Doc doc =
        new Doc()
            .put("slab", profile.slab().toString())
            .put("level", plan.slab().entry().level())
            .put("rows", profile.rows())
            .put("dead", plan.slab().dead() == null ? 0 : plan.slab().dead().getLongCardinality())
            .put("strategy", Profiles.strategy(profile))
            .put("why", plan.why())
            .put("algorithm", profile.algorithm())
            .put("matchingRows", profile.matchingRows())
            .put("selectivity", SlabDocs.share(profile.matchingRows(), profile.rows()))
            .put("filterPlan", plan.filter() == null ? null : filter(plan.filter()))
            .put("effort", plan.effort() == null ? null : effort(plan));
    doc.put("cellsScanned", profile.cellsScanned())
        .put("rowsScored", profile.rowsScored())
        .put("rowsRescored", profile.rowsRescored())
        .put("bytesRead", profile.bytesRead())
        .put("filterMicros", profile.filterNanos() / 1000)
        .put("scanMicros", profile.scanNanos() / 1000);
    return Profiles.leftOut(doc, profile);
  }

  private static Doc effort(SlabPlan plan) {
    Doc doc =
        new Doc()
            .put(
                "probes",
                plan.effort().probes() == Integer.MAX_VALUE ? null : plan.effort().probes())
            .put("margin", plan.effort().margin());
    if (plan.measured() != null) {
      doc.put("measuredAtTopK", plan.measured().k())
          .put("expectedRecall", plan.measured().recall())
          .put("assuredRecall", plan.measured().assured());
    }
    return doc;
  }

  static Doc filter(FilterExplanation plan) {
    return new Doc()
        .put("filter", new Doc.RawJson(plan.filter()))
        .put("matching", plan.matching())
        .put("rows", plan.rows())
        .put("parts", plan.parts().stream().map(ExplainDoc::filter).toList());
  }
}
