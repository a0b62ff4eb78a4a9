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
      List<QueryRequest> requests = block.stream().map(query -> request(query, filter)).toList();
      List<QueryResult> results =
          options.choice.given()
              ? options.choice.ask(
                  requests,
                  place -> metric(block.get(place)),
                  (asked, places) -> {
                    List<FileQuery> some = places.stream().map(block::get).toList();
                    return ask(engines, snapshot, namespace, some, asked);
                  })
              : ask(engines, snapshot, namespace, block, requests);
      for (int i = 0; i < block.size(); i++) {
        if (results.get(i).matches().isEmpty()) {
          FilterAdvice.warn(session, requests.get(i).filter(), snapshot);
        }
        print(block.get(i), results.get(i), snapshot);
      }
    }
  }

  private List<QueryResult> ask(
      BatchEngines engines,
      Snapshot snapshot,
      String namespace,
      List<FileQuery> block,
      List<QueryRequest> requests) {
    return block.stream().allMatch(query -> texts.words(query) == null)
        ? engines.answer(snapshot, namespace, requests, session.cancellation())
        : byWords(snapshot, block, requests);
  }

  /** One after the other: each looks at the counts of its own terms. */
  private List<QueryResult> byWords(
      Snapshot snapshot, List<FileQuery> block, List<QueryRequest> requests) {
    List<QueryResult> results = new ArrayList<>();
    try (EngineLease lease = EngineLease.of(index.spec(), options.input.threads())) {
      for (int i = 0; i < block.size(); i++) {
        results.add(
            QueryWords.answer(
                index,
                lease.engine(),
                snapshot,
                requests.get(i),
                texts.words(block.get(i)),
                options.input.alpha,
                session.cancellation()));
      }
    }
    return results;
  }

  /** By words more is better, under each metric of the vectors. */
  private Metric metric(FileQuery query) {
    return texts.words(query) == null ? index.spec().metric() : Metric.DOTPRODUCT;
  }

  private QueryRequest request(FileQuery query, Filter filter) {
    QueryInput.Vectors vectors = new QueryInput.Vectors(query.vector(), query.sparse(), null);
    if (texts.words(query) == null) {
      vectors = options.input.weighted(vectors);
    }
    int topK = query.topK() == 0 ? options.input.topK : query.topK();
    options.choice.requireFew(topK);
    return new QueryRequest(
        vectors.dense(),
        vectors.sparse(),
        query.filter() == null ? filter : query.filter(),
        topK,
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

  private void print(FileQuery query, QueryResult result, Snapshot snapshot) {
    String id = query.id() == null ? Long.toString(query.number()) : query.id();
    List<Doc> matches = options.docs(result.matches(), snapshot, metadata);
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
