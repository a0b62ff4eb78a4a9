package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Listing;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.index.SlabIndex;
import io.slab.model.Metric;
import io.slab.model.Ulid;
import io.slab.model.VectorType;
import io.slab.repair.RepairReport;
import io.slab.repair.SalvagedIndex;
import io.slab.search.Match;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.snapshot.Snapshot;
import io.slab.store.Traffic;
import io.slab.store.TrafficTrace;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab query}. */
@Command
public final class Query extends Verb {
  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin AsOfOption asOf = new AsOfOption();
  @Mixin QueryInput input = new QueryInput();
  @Mixin FilterOption filter = new FilterOption();
  @Mixin ChoiceOptions choice = new ChoiceOptions();
  @Mixin QueryScope scope = new QueryScope();

  @Option(
      names = "--queries",
      paramLabel = "FILE",
      description =
          "many queries: JSON lines or FILE.npy; - for JSON lines on stdin (see `slab help formats`)")
  String queries;

  @Seldom
  @Option(
      names = "--profile-query",
      description = "add where the time went: a member of json and ndjson, else a line on stderr")
  boolean profile;

  @Seldom
  @Option(
      names = "--include-slab",
      description = "matches with the slab that holds them; null for those in the log only")
  boolean slab;

  @Seldom
  @Option(names = "--fail-empty", description = "exit 3 when nothing matches")
  boolean failEmpty;

  @Seldom
  @Option(
      names = "--skip-damaged",
      description = "where data are damaged: answer from the rest, say what is left out, exit 8")
  boolean skipDamaged;

  /** What was left out, where something was. */
  private List<Doc> skipped = List.of();

  @Override
  public String about() {
    return "Nearest first, ties in the order of the ids. Scores: cosine similarity, inner product, or squared Euclidean"
        + " distance (smallest first).";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "query books --vector '[0.1, 0.2]' --top-k 5 --filter '{\"genre\":\"poetry\"}' --include-metadata",
        "query books --id book-dune --fields rank,score,metadata.text",
        "query books --queries queries.jsonl --output ndjson");
  }

  @Override
  protected List<ExitCode> moreExits() {
    return List.of(ExitCode.PRECONDITION, ExitCode.PARTIAL);
  }

  @Override
  public ExitCode run(Session session) {
    input.checkTopK();
    choice.check(input.topK);
    boolean wantsMetadata =
        input.metadata || session.fields().stream().anyMatch(f -> f.startsWith("metadata"));
    try (TrafficTrace trace = Traffic.begin()) {
      if (skipDamaged && asOf.given()) {
        throw new UsageException("--skip-damaged and --as-of exclude each other", null);
      }
      if (skipDamaged && scope.allNamespaces) {
        throw new UsageException(
            "--skip-damaged and --all-namespaces exclude each other",
            "ask one namespace after the other");
      }
      if (skipDamaged) {
        return withoutDamaged(session, trace, wantsMetadata);
      }
      try (SlabIndex index = target.open(namespace)) {
        return answer(session, index, trace, wantsMetadata);
      }
    }
  }

  /** Whole data are answered from as always; else from what a repair would save of them. */
  private ExitCode withoutDamaged(Session session, TrafficTrace trace, boolean wantsMetadata) {
    // The answers of many questions are printed as they come: nothing may fail on the way.
    if (queries == null) {
      try (SlabIndex index = target.open(namespace)) {
        return answer(session, index, trace, wantsMetadata);
      } catch (CorruptException | MissingException e) {
        session.say("damaged: " + e.getMessage());
      }
    }
    try (SalvagedIndex salvaged =
        SalvagedIndex.open(
            target.store(),
            List.of(namespace.name()),
            Target.environment(),
            session.cancellation())) {
      RepairReport report = salvaged.reports().getFirst();
      DamageDocs.say(session, report);
      boolean whole = report.isWhole();
      skipped = whole ? List.of() : List.of(DamageDocs.doc(report));
      ExitCode code = answer(session, salvaged.index(), trace, wantsMetadata);
      return report.losesAny() || !report.resurrected().isEmpty() ? ExitCode.PARTIAL : code;
    }
  }

  /** Puts what was left out into a summary, where something was. */
  Doc withSkipped(Doc summary) {
    return skipped.isEmpty() ? summary : summary.put("skipped", skipped);
  }

  private ExitCode answer(
      Session session, SlabIndex index, TrafficTrace trace, boolean wantsMetadata) {
    if (choice.lambda != null && !index.spec().vectorType().hasDense()) {
      throw new UsageException("--mmr compares vectors, and this index has none", null);
    }
    if (queries != null) {
      if (input.given()) {
        throw new UsageException("--queries and a single query exclude each other", null);
      }
      if (scope.given()) {
        throw new UsageException(
            "--prefix, --all-namespaces and --offset go with a single query", null);
      }
      return new QueryBatch(this, session, index, wantsMetadata).run();
    }
    if (scope.given()) {
      scope.requireAlone(choice.given());
      return new ScopedQuery(this, session, index, wantsMetadata).run();
    }
    try (Snapshot snapshot = asOf.snapshot(index, namespace);
        EngineLease lease = EngineLease.of(index.spec(), input.threads())) {
      QueryInput.Vectors vectors = input.vectors(session, index, snapshot);
      QueryRequest request =
          new QueryRequest(
              vectors.dense(),
              vectors.sparse(),
              filter.parse(session, index.spec()),
              input.topK,
              input.values,
              wantsMetadata,
              input.recall());
      QueryEngine engine = lease.engine();
      // The lambda of a choice would cost every other query some milliseconds.
      QueryResult result =
          choice.given()
              ? choice.ask(
                  request,
                  vectors.words() == null ? index.spec().metric() : Metric.DOTPRODUCT,
                  asked -> ask(session, index, engine, snapshot, asked, vectors))
              : ask(session, index, engine, snapshot, request, vectors);
      FilterAdvice.warn(session, request.filter(), snapshot);
      if (result.matches().isEmpty()) {
        namespace.tellOthers(session, index, snapshot);
      }
      print(session, index.spec().givenType(), result, snapshot, wantsMetadata, trace);
      return found(result.matches().isEmpty());
    }
  }

  private QueryResult ask(
      Session session,
      SlabIndex index,
      QueryEngine engine,
      Snapshot snapshot,
      QueryRequest request,
      QueryInput.Vectors vectors) {
    return QueryWords.answer(
        index, engine, snapshot, request, vectors.words(), input.alpha, session.cancellation());
  }

  ExitCode found(boolean nothing) {
    if (nothing && failEmpty) {
      throw new NotFoundException("nothing matches");
    }
    return ExitCode.OK;
  }

  private void print(
      Session session,
      VectorType type,
      QueryResult result,
      Snapshot snapshot,
      boolean wantsMetadata,
      TrafficTrace trace) {
    session.output().begin(listing(List.of(), type, wantsMetadata));
    for (Doc doc : docs(result.matches(), snapshot, wantsMetadata)) {
      session.output().row(doc);
    }
    Doc summary = new Doc().put("namespace", namespace.name());
    if (profile) {
      summary.put("profile", Profiles.doc(result.profile(), trace));
    }
    session.output().end(withSkipped(summary));
    if (profile && !session.output().format().isJson()) {
      session.say(Profiles.line(result.profile(), trace));
    }
    Profiles.tellLeftOut(session, result.profile());
    if (result.matches().isEmpty()) {
      session.say("nothing matches");
    }
  }

  Listing listing(List<Column> first, VectorType type, boolean wantsMetadata) {
    List<Column> columns = new ArrayList<>(first);
    columns.add(first.isEmpty() ? Column.number(Column.RANK) : Column.number("position"));
    columns.add(Column.text("id"));
    columns.add(Column.number("score"));
    if (slab) {
      columns.add(Column.text("slab"));
    }
    if (input.values && type.hasDense()) {
      columns.add(Column.text("values"));
    }
    if (input.values && type.hasSparse()) {
      columns.add(Column.text("sparse_values"));
    }
    if (wantsMetadata) {
      columns.add(Column.text("metadata"));
    }
    return new Listing("matches", "match", columns);
  }

  /** The rows of matches, with what the options add to each. */
  List<Doc> docs(List<Match> matches, Snapshot snapshot, boolean wantsMetadata) {
    if (slab) {
      snapshot.findAhead(matches.stream().map(Match::id).toList());
    }
    List<Doc> docs = new ArrayList<>();
    for (Match match : matches) {
      Doc doc = doc(match, input.values, wantsMetadata);
      if (slab) {
        Ulid holder = snapshot.slabOf(match.id());
        doc.put("slab", holder == null ? null : holder.toString());
      }
      docs.add(doc);
    }
    return docs;
  }

  private static Doc doc(Match match, boolean values, boolean metadata) {
    Doc doc = new Doc().put("id", match.id()).put("score", match.score());
    return match.record() == null ? doc : Records.parts(doc, match.record(), values, metadata);
  }
}
