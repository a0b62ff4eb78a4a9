package io.slab.cli.command;

import io.slab.cli.ExitCode;
import io.slab.cli.Session;
import io.slab.cli.Verb;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterExplanation;
import io.slab.index.SlabIndex;
import io.slab.lsm.LiveSlab;
import io.slab.lsm.Snapshot;
import io.slab.query.QueryEngine;
import io.slab.query.QueryProfile;
import io.slab.query.QueryRequest;
import io.slab.query.QueryResult;
import io.slab.query.SlabProfile;
import io.slab.query.SnapshotSource;
import io.slab.vector.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code slab explain}. */
@Command
public final class Explain extends Verb {
  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin QueryInput input = new QueryInput();
  @Mixin FilterOption filter = new FilterOption();

  @Override
  public String about() {
    return "Runs the query and shows, instead of its matches, what the filter selected in each slab, how each slab was"
        + " searched, and where the time went.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "explain books --id book-dune --filter '{\"year\":{\"$gte\":1900}}'",
        "explain books --vector @vector.json --top-k 100 --json");
  }

  @Override
  public ExitCode run(Session session) {
    input.checkTopK();
    try (SlabIndex index = target.open()) {
      namespace.require(index);
      try (Snapshot snapshot = index.snapshot(namespace.name());
          QueryEngine engine = new QueryEngine(index.spec(), input.threads(), Workload.ONE_SHOT)) {
        Filter matching = filter.parse(session, index.spec());
        QueryInput.Vectors vectors = input.vectors(session, snapshot);
        QueryResult result =
            engine.query(
                SnapshotSource.of(snapshot),
                new QueryRequest(
                    vectors.dense(),
                    vectors.sparse(),
                    matching,
                    input.topK,
                    input.values,
                    input.metadata,
                    input.recall()));
        List<FilterExplanation> plans = plans(snapshot, matching);
        switch (session.output().format()) {
          case TABLE, LINE -> session.output().text(tree(result, plans));
          default -> session.output().document(doc(result, matching, plans));
        }
      }
    }
    return ExitCode.OK;
  }

  private static List<FilterExplanation> plans(Snapshot snapshot, Filter matching) {
    List<FilterExplanation> plans = new ArrayList<>();
    if (matching != null) {
      for (LiveSlab slab : snapshot.slabs()) {
        plans.add(
            slab.mayMatch(matching)
                ? FilterEvaluator.explain(matching, slab.view().fields())
                : new FilterExplanation(matching.toJson(), 0, slab.entry().rows(), List.of()));
      }
    }
    return plans;
  }

  private Doc doc(QueryResult result, Filter matching, List<FilterExplanation> plans) {
    return new Doc()
        .put("namespace", namespace.name())
        .put("topK", input.topK)
        .put("filter", matching == null ? null : new Doc.RawJson(matching.toJson()))
        .put("matches", result.matches().size())
        .put("filterPlans", plans.stream().map(Explain::plan).toList())
        .put("profile", Profiles.doc(result.profile()));
  }

  private static Doc plan(FilterExplanation plan) {
    return new Doc()
        .put("filter", new Doc.RawJson(plan.filter()))
        .put("matching", plan.matching())
        .put("rows", plan.rows())
        .put("parts", plan.parts().stream().map(Explain::plan).toList());
  }

  private String tree(QueryResult result, List<FilterExplanation> plans) {
    QueryProfile profile = result.profile();
    StringBuilder out =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "query of namespace %s: top %d, %s found, %s kernel, %s%n",
                namespace.name(),
                input.topK,
                Human.plural(result.matches().size(), "match").replace("matchs", "matches"),
                profile.kernel(),
                Human.plural(profile.threads(), "thread")));
    for (int i = 0; i < profile.slabs().size(); i++) {
      slab(out, profile.slabs().get(i));
      if (!plans.isEmpty()) {
        plan(out, plans.get(i), "|    ");
      }
    }
    out.append(
        String.format(
            Locale.ROOT,
            "|- memtable: %s, %d of them match%n",
            Human.plural(profile.memtableRows(), "record"),
            profile.memtableMatching()));
    out.append("`- time: filter ").append(micros(profile.planNanos()));
    out.append(", scan ").append(micros(profile.scanNanos()));
    out.append(", merge ").append(micros(profile.mergeNanos()));
    return out.append(", fetch ").append(micros(profile.fetchNanos())).append('\n').toString();
  }

  private static void slab(StringBuilder out, SlabProfile slab) {
    String how =
        switch (slab.strategy()) {
          case SKIPPED_BY_MANIFEST ->
              "skipped by the manifest: its statistics exclude every row, it was not opened";
          case SKIPPED -> "skipped: no row matches, its vectors were not read";
          case INDEX ->
              String.format(
                  Locale.ROOT,
                  "%s: codes of %,d cells scanned, nearest rows rescored",
                  slab.algorithm(),
                  slab.cellsScanned());
          case POSTINGS -> "postings: only the query's dimensions were read";
          case PRE_FILTER -> "pre-filter: only the matching rows were scored";
          case MID_SCAN -> "mid-scan: all rows scanned, matching ones kept";
          case FULL_SCAN -> "full scan: there is no filter";
        };
    out.append("|- slab ").append(slab.slab()).append(": ").append(how).append('\n');
    out.append(
        String.format(
            Locale.ROOT,
            "|    %,d of %s match, %,d scored, %,d rescored exactly, %s read, filter %s, scan %s%n",
            slab.matchingRows(),
            Human.plural(slab.rows(), "row"),
            slab.rowsScored(),
            slab.rowsRescored(),
            Human.bytes(slab.bytesRead()),
            micros(slab.filterNanos()),
            micros(slab.scanNanos())));
  }

  private static void plan(StringBuilder out, FilterExplanation plan, String indent) {
    out.append(
        String.format(
            Locale.ROOT,
            "%s%s -> %,d of %,d (%.1f%%)%n",
            indent,
            plan.filter(),
            plan.matching(),
            plan.rows(),
            plan.selectivity() * 100));
    for (FilterExplanation part : plan.parts()) {
      plan(out, part, indent + "  ");
    }
  }

  private static String micros(long nanos) {
    return nanos < 1_000_000
        ? nanos / 1000 + " us"
        : String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }
}
