package io.slab.cli.command;

import io.slab.cli.output.Cells;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.OutputFormat;
import io.slab.cli.report.Percent;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.filter.Filter;
import io.slab.filter.FilterExplanation;
import io.slab.index.SlabIndex;
import io.slab.model.IndexSpec;
import io.slab.model.Numbers;
import io.slab.query.SnapshotSource;
import io.slab.query.TextSearch;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.snapshot.Snapshot;
import io.slab.store.Traffic;
import io.slab.store.TrafficTrace;
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
    return "Runs the query and shows, instead of its matches, which slabs were left out and why, what the filter selected"
        + " in each, how hard an index was searched and what recall to expect of that, and where the time went. Where a vector"
        + " and words are two searches it shows both.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "explain books --id book-dune --filter '{\"year\":{\"$gte\":1900}}'",
        "explain books --vector @vector.json --top-k 100 --json");
  }

  @Override
  protected List<ExitCode> moreExits() {
    return List.of(ExitCode.PRECONDITION);
  }

  @Override
  public ExitCode run(Session session) {
    input.checkTopK();
    try (TrafficTrace trace = Traffic.begin();
        SlabIndex index = target.open(namespace)) {
      try (Snapshot snapshot = namespace.snapshot(index);
          EngineLease lease = EngineLease.of(index.spec(), input.threads())) {
        Filter matching = filter.parse(session, index.spec());
        QueryInput.Vectors vectors = input.vectors(session, index, snapshot);
        List<QueryRequest> searches =
            searches(
                index.spec(),
                snapshot,
                new QueryRequest(
                    vectors.dense(),
                    vectors.sparse(),
                    matching,
                    input.topK,
                    input.values,
                    input.metadata,
                    input.recall()),
                vectors.words());
        List<Explained> explained = new ArrayList<>();
        for (QueryRequest request : searches) {
          QueryResult result =
              lease.engine().query(SnapshotSource.of(snapshot), request, session.cancellation());
          explained.add(new Explained(request, result, plans(snapshot, result, matching, request)));
        }
        FilterAdvice.warn(session, matching, snapshot);
        print(session, index.spec(), snapshot, matching, explained, trace);
      }
    }
    return ExitCode.OK;
  }

  /** A search of the question, and how each slab was searched for it. */
  private record Explained(QueryRequest request, QueryResult result, List<SlabPlan> plans) {}

  private void print(
      Session session,
      IndexSpec spec,
      Snapshot snapshot,
      Filter matching,
      List<Explained> explained,
      TrafficTrace trace) {
    boolean two = explained.size() > 1;
    OutputFormat format = session.output().format();
    if (format != OutputFormat.TABLE && format != OutputFormat.LINE) {
      // What was asked of a remote store is told of both at once where they are two.
      TrafficTrace own = two ? null : trace;
      Doc doc =
          new Doc()
              .put("namespace", namespace.name())
              .put("topK", input.topK)
              .put("recall", explained.getFirst().request().recall())
              .put("filter", matching == null ? null : new Doc.RawJson(matching.toJson()));
      put(doc, explained.getFirst(), matching, own);
      if (two) {
        Explained words = explained.getLast();
        Doc inner = new Doc().put("recall", words.request().recall());
        doc.put("words", put(inner, words, matching, own));
      }
      session.output().document(doc);
      return;
    }
    for (int i = 0; i < explained.size(); i++) {
      Explained search = explained.get(i);
      ExplainText text = new ExplainText(session.outStyle(), session.chartWidth());
      List<String> head = head(spec, snapshot, search, matching);
      if (two) {
        String what = i == 0 ? "search 1 of 2, by the vector: " : "search 2 of 2, by the words: ";
        head.set(0, what + head.getFirst());
      }
      boolean last = i == explained.size() - 1;
      session
          .output()
          .text(text.tree(head, search.plans(), search.result().profile(), last ? trace : null));
    }
  }

  /**
   * What the query asks of the engine, found as the query itself finds it: two searches where the
   * ranks of a vector's matches and of those of words are put together.
   */
  private List<QueryRequest> searches(
      IndexSpec spec, Snapshot snapshot, QueryRequest request, String words) {
    if (words == null) {
      return List.of(request);
    }
    return TextSearch.searches(snapshot, spec, request, words, QueryWords.alpha(input.alpha));
  }

  private static List<SlabPlan> plans(
      Snapshot snapshot, QueryResult result, Filter matching, QueryRequest request) {
    List<SlabPlan> plans = new ArrayList<>();
    for (int i = 0; i < snapshot.slabs().size(); i++) {
      plans.add(
          SlabPlan.of(snapshot.slabs().get(i), result.profile().slabs().get(i), matching, request));
    }
    return plans;
  }

  private List<String> head(IndexSpec spec, Snapshot snapshot, Explained search, Filter matching) {
    QueryRequest request = search.request();
    QueryResult result = search.result();
    List<SlabPlan> plans = search.plans();
    List<String> lines = new ArrayList<>();
    String recall =
        request.recall() == 1
            ? "exact"
            : "recall of " + Numbers.text(request.recall()) + " or more";
    int found = result.matches().size();
    lines.add(
        String.format(
            Locale.ROOT,
            "query of namespace %s: top %d by %s, %s; %d found",
            namespace.name(),
            input.topK,
            spec.metric().label(),
            recall,
            found));
    long live = snapshot.count();
    lines.add(
        Human.plural(live, "record")
            + " in "
            + Human.plural(plans.size(), "slab")
            + " and "
            + Human.count(snapshot.memtable().size())
            + " in the log; "
            + Human.plural(result.profile().threads(), "thread")
            + ", "
            + result.profile().kernel()
            + " kernel");
    if (matching != null) {
      long some =
          plans.stream().mapToLong(plan -> plan.profile().matchingRows()).sum()
              + result.profile().memtableMatching();
      String share = Percent.of(live == 0 ? 0 : (double) some / live);
      lines.add(
          "filter "
              + Cells.clean(matching.toJson())
              + " -> "
              + Human.count(some)
              + " of them ("
              + share
              + ")");
    }
    return lines;
  }

  private static Doc put(Doc doc, Explained search, Filter matching, TrafficTrace trace) {
    return doc.put("matches", search.result().matches().size())
        .put("slabs", search.plans().stream().map(ExplainDoc::slab).toList())
        .put(
            "filterPlans",
            matching == null
                ? List.of()
                : search.plans().stream().map(p -> filterPlan(p, matching)).toList())
        .put("profile", Profiles.doc(search.result().profile(), trace));
  }

  private static Doc filterPlan(SlabPlan plan, Filter matching) {
    return ExplainDoc.filter(
        plan.filter() != null
            ? plan.filter()
            : new FilterExplanation(matching.toJson(), 0, plan.profile().rows(), List.of()));
  }
}
