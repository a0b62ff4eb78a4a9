package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Listing;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.error.NotFoundException;
import io.slab.filter.Filter;
import io.slab.index.SlabIndex;
import io.slab.model.Metric;
import io.slab.model.Utf8;
import io.slab.model.VectorType;
import io.slab.query.QueryMode;
import io.slab.query.SnapshotSource;
import io.slab.search.Match;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A query with a {@link QueryScope}: asked of one namespace after the other, and merged. */
final class ScopedQuery {
  /** A match, where it is, and its row. */
  private record Found(String namespace, Match match, Doc row) {}

  private final Query options;
  private final Session session;
  private final SlabIndex index;
  private final boolean metadata;
  private final FilterAdvice advice = new FilterAdvice();

  /** Namespaces that answered. */
  private final List<String> asked = new ArrayList<>();

  /** Why the last one of those that are left out is, or null. */
  private NotFoundException without;

  ScopedQuery(Query options, Session session, SlabIndex index, boolean metadata) {
    this.options = options;
    this.session = session;
    this.index = index;
    this.metadata = metadata;
  }

  ExitCode run() {
    requireNoWords();
    Filter filter = options.filter.parse(session, index.spec());
    List<Found> found = new ArrayList<>();
    QueryInput.Vectors vectors = vectors();
    try (EngineLease lease = EngineLease.of(index.spec(), options.input.threads())) {
      for (String namespace : namespaces()) {
        try (Snapshot snapshot = snapshot(namespace)) {
          if (snapshot == null) {
            continue;
          }
          asked.add(namespace);
          advice.add(snapshot);
          QueryResult result =
              lease
                  .engine()
                  .query(
                      SnapshotSource.of(options.scope.narrow(snapshot)),
                      request(vectors, filter),
                      session.cancellation());
          Profiles.tellLeftOut(session, result.profile());
          List<Doc> rows = options.docs(result.matches(), snapshot, metadata);
          for (int i = 0; i < rows.size(); i++) {
            found.add(new Found(namespace, result.matches().get(i), rows.get(i)));
          }
        }
      }
    }
    if (asked.isEmpty() && without != null) {
      throw without;
    }
    found.sort(order(index.spec().metric()));
    advice.warn(session, filter);
    if (found.isEmpty() && !options.scope.allNamespaces) {
      try (Snapshot own = snapshot(options.namespace.name())) {
        options.namespace.tellOthers(session, index, own);
      }
    }
    print(found);
    return options.found(found.size() <= options.scope.offset);
  }

  /** Refuses words, before an embedder is asked for a vector beside them. */
  private void requireNoWords() {
    QueryInput input = options.input;
    if (QueryWords.mode(session, index, input) == QueryMode.DENSE) {
      return;
    }
    boolean own = input.vector != null || input.id != null;
    throw new UsageException(
        options.scope.name() + " goes with vectors, and the words of --text have none",
        own
            ? "leave --text out"
            : index.spec().vectorType().hasDense()
                ? "--mode dense asks by the vector that an embedder makes of the text"
                : null);
  }

  /** Only the vectors of a record need the namespace that the options name. */
  private QueryInput.Vectors vectors() {
    if (options.scope.allNamespaces && options.input.id == null) {
      return options.input.vectors(session, index, null);
    }
    try (Snapshot own = options.asOf.snapshot(index, options.namespace)) {
      return options.input.vectors(session, index, own);
    }
  }

  /** What is in a namespace; null for one of many that has no such state, which is said. */
  private Snapshot snapshot(String namespace) {
    try {
      return options.asOf.snapshot(index, namespace);
    } catch (NotFoundException e) {
      if (!options.scope.allNamespaces || !options.asOf.given()) {
        throw e;
      }
      without = e;
      session.console().warn("namespace " + namespace + " is left out: " + e.getMessage());
      return null;
    }
  }

  private List<String> namespaces() {
    return options.scope.allNamespaces
        ? options.asOf.namespaces(index)
        : List.of(options.namespace.name());
  }

  /** Few rows of a slab have an id that begins so: they are compared one by one. */
  private QueryRequest request(QueryInput.Vectors vectors, Filter filter) {
    return new QueryRequest(
        vectors.dense(),
        vectors.sparse(),
        filter,
        options.scope.asked(options.input.topK),
        options.input.values,
        metadata,
        options.scope.prefix == null ? options.input.recall() : 1);
  }

  private static Comparator<Found> order(Metric metric) {
    Comparator<Found> near = Comparator.comparing(found -> found.match().score());
    return (metric == Metric.EUCLIDEAN ? near : near.reversed())
        .thenComparing(found -> found.match().id(), Utf8.ORDER)
        .thenComparing(Found::namespace, Utf8.ORDER);
  }

  private void print(List<Found> found) {
    int end = Math.min(found.size(), options.scope.offset + options.input.topK);
    session.output().begin(listing(index.spec().givenType()));
    for (int i = options.scope.offset; i < end; i++) {
      Doc doc = found.get(i).row();
      doc.put("position", i + 1);
      if (options.scope.allNamespaces) {
        doc.put("namespace", found.get(i).namespace());
      }
      session.output().row(doc);
    }
    Doc summary = new Doc();
    // A full page: whether there are more is known when they are asked for.
    boolean more = end - options.scope.offset == options.input.topK;
    if (more) {
      summary.put("nextOffset", end);
    }
    if (!options.scope.allNamespaces) {
      summary.put("namespace", options.namespace.name());
    } else {
      summary.put("namespaces", asked);
    }
    session.output().end(options.withSkipped(summary));
    if (found.size() <= options.scope.offset) {
      session.say("nothing matches");
    } else if (more) {
      session.say("more: --offset " + end);
    }
  }

  private Listing listing(VectorType type) {
    List<Column> columns =
        new ArrayList<>(
            options.listing(List.of(Column.number("position")), type, metadata).columns());
    columns.remove(1); // The place among all, and not among those of this page.
    if (options.scope.allNamespaces) {
      columns.add(2, Column.text("namespace"));
    }
    return new Listing("matches", "match", columns);
  }
}
