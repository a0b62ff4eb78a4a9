package io.slab.cli.command;

import io.slab.cli.input.LocalFile;
import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Listing;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Session;
import io.slab.filter.Filter;
import io.slab.index.SlabIndex;
import io.slab.model.Metric;
import io.slab.queries.FileQuery;
import io.slab.queries.QueryFileReader;
import io.slab.search.Match;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.snapshot.Snapshot;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Many queries from one file: read and answered in blocks, so that a block shares its passes over
 * the vectors.
 */
final class QueryBatch {
  private static final int BLOCK = 256;

  /** The same while the engine is going to change. */
  private static final int FIRST_BLOCK = 64;

  private final Query options;
  private final Session session;
  private final SlabIndex index;
  private final boolean metadata;
  private boolean any;
  private QueryTexts texts;

  QueryBatch(Query options, Session session, SlabIndex index, boolean metadata) {
    this.options = options;
    this.session = session;
    this.index = index;
    this.metadata = metadata;
  }

  ExitCode run() {
    options.namespace.require(index);
    Filter filter = options.filter.parse(session, index.spec());
    String name = options.queries.equals("-") ? "stdin" : path().toString();
    try (QueryFileReader reader = new QueryFileReader(open(), name, index.spec());
        QueryTexts asked = new QueryTexts(session, index, options.input, name);
        BatchEngines engines = new BatchEngines(index, options.input.threads())) {
      texts = asked;
      session.output().begin(listing());
      List<FileQuery> block = new ArrayList<>();
      for (FileQuery query = reader.next(); query != null; query = reader.next()) {
        // A block has one namespace.
        if (block.size() == (engines.mayChange() ? FIRST_BLOCK : BLOCK)
            || (!block.isEmpty() && !namespace(block.getFirst()).equals(namespace(query)))) {
          answer(engines, filter, block);
          block.clear();
        }
        block.add(query);
      }
      if (!block.isEmpty()) {
        answer(engines, filter, block);
      }
      session
          .output()
          .end(options.withSkipped(new Doc().put("namespace", options.namespace.name())));
    }
    return options.found(!any);
  }

  private Path path() {
    return LocalFile.of(
        "--queries",
        options.queries.startsWith("@") ? options.queries.substring(1) : options.queries);
  }

  private InputStream open() {
    if (options.queries.equals("-")) {
      return session.console().stdin();
    }
    return LocalFile.open("--queries", path());
  }

  private String namespace(FileQuery query) {
    return query.namespace() == null ? options.namespace.name() : query.namespace();
  }

  private void answer(BatchEngines engines, Filter filter, List<FileQuery> read) {
    List<FileQuery> block = texts.withVectors(read);
    String namespace = namespace(block.getFirst());
    if (!options.asOf.given()) {
      NamespaceOption.require(index, namespace);
    }
    try (Snapshot snapshot = options.asOf.snapshot(index, namespace)) {
      List<QueryResult> results =
          texts.asked() && block.stream().anyMatch(query -> query.text() != null)
              ? byWords(snapshot, block, filter)
              : engines.answer(
                  snapshot,
                  namespace,
                  block.stream().map(query -> request(query, filter)).toList(),
                  session.cancellation());
      for (int i = 0; i < block.size(); i++) {
        if (results.get(i).matches().isEmpty()) {
          FilterAdvice.warn(session, request(block.get(i), filter).filter(), snapshot);
        }
        print(block.get(i), results.get(i));
      }
    }
  }

  /** One after the other: each looks at the counts of its own terms. */
  private List<QueryResult> byWords(Snapshot snapshot, List<FileQuery> block, Filter filter) {
    List<QueryResult> results = new ArrayList<>();
    try (EngineLease lease = EngineLease.of(index.spec(), options.input.threads())) {
      for (FileQuery query : block) {
        QueryRequest request = request(query, filter);
        results.add(
            QueryWords.answer(
                index,
                lease.engine(),
                snapshot,
                request,
                query.text(),
                null,
                session.cancellation()));
      }
    }
    return results;
  }

  private QueryRequest request(FileQuery query, Filter filter) {
    return new QueryRequest(
        query.vector(),
        query.sparse(),
        query.filter() == null ? filter : query.filter(),
        query.topK() == 0 ? options.input.topK : query.topK(),
        options.input.values,
        metadata,
        options.input.recall());
  }

  /** In the JSON forms a row is a query with its matches; elsewhere each match is a row. */
  private Listing listing() {
    return session.output().format().isJson()
        ? new Listing("results", "query", List.of(Column.text("queryId"), Column.text("matches")))
        : options.listing(List.of(Column.text("queryId")), index.spec().givenType(), metadata);
  }

  private void print(FileQuery query, QueryResult result) {
    String id = query.id() == null ? Long.toString(query.number()) : query.id();
    List<Doc> matches = new ArrayList<>();
    // By words more is better, with every metric of the vectors.
    Metric metric =
        texts.asked() && query.text() != null ? Metric.DOTPRODUCT : index.spec().metric();
    for (Match match : options.choice.goodEnough(result.matches(), metric)) {
      matches.add(Query.doc(match, options.input.values, metadata));
    }
    any |= !matches.isEmpty();
    if (!session.output().format().isJson()) {
      for (int i = 0; i < matches.size(); i++) {
        session
            .output()
            .row(new Doc().put("queryId", id).put("position", i + 1).putAll(matches.get(i)));
      }
      return;
    }
    Doc row = new Doc().put("queryId", id).put("matches", matches);
    if (options.profile) {
      row.put("profile", Profiles.doc(result.profile(), null));
    }
    session.output().row(row);
  }
}
