package io.slab.query;

import io.slab.error.CancellationToken;
import io.slab.error.InvalidInputException;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.search.Match;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.snapshot.Snapshot;
import io.slab.text.Bm25;
import java.util.ArrayList;
import java.util.List;

/**
 * Questions by words, alone or together with a vector. Thread-safe; queries of several threads
 * share the engine.
 */
public final class TextSearch {
  private final IndexSpec spec;
  private final QueryEngine engine;

  public TextSearch(IndexSpec spec, QueryEngine engine) {
    this.spec = spec;
    this.engine = engine;
  }

  /**
   * Answers a question.
   *
   * @param request what else is asked for; its vector is that of a hybrid question, null asks for
   *     the text alone. It has no sparse values
   * @param text what is looked for
   * @param alpha null to put ranks together; else what the scores of the vectors count, 0 to 1, and
   *     those of the text the rest, under the metric dotproduct
   * @throws InvalidInputException when the index cannot be asked this
   */
  public QueryResult query(
      Snapshot snapshot,
      QueryRequest request,
      String text,
      Double alpha,
      CancellationToken cancellation) {
    check(request, alpha);
    TextQuery words = TextQuery.of(snapshot, spec, text);
    List<QueryRequest> searches = searches(request, words, alpha);
    if (alpha != null) {
      return engine.query(source(snapshot), searches.getFirst(), cancellation);
    }
    QueryResult having = byWords(snapshot, searches.getLast(), words, cancellation);
    if (request.vector() == null) {
      List<Match> best =
          having.matches().subList(0, Math.min(request.topK(), having.matches().size()));
      return new QueryResult(records(snapshot, request, best), having.profile());
    }
    QueryResult near = engine.query(source(snapshot), searches.getFirst(), cancellation);
    // What matches carry is read of the best of both alone.
    List<Match> best = RankFusion.of(near.matches(), having.matches(), request.topK());
    return new QueryResult(records(snapshot, request, best), near.profile());
  }

  /**
   * The searches that a question is answered by, for those who explain it: one, or first that by
   * the vector and then that by the words, whose ranks are put together.
   *
   * @throws InvalidInputException as {@link #query}
   */
  public static List<QueryRequest> searches(
      Snapshot snapshot, IndexSpec spec, QueryRequest request, String text, Double alpha) {
    TextSearch search = new TextSearch(spec, null);
    search.check(request, alpha);
    return search.searches(request, TextQuery.of(snapshot, spec, text), alpha);
  }

  private void check(QueryRequest request, Double alpha) {
    if (request.sparse() != null) {
      throw new InvalidInputException(
          "a question by text takes no sparse values",
          "the terms of the text are its sparse values");
    }
    if (alpha != null && (spec.metric() != Metric.DOTPRODUCT || request.vector() == null)) {
      throw new InvalidInputException(
          "alpha weighs the scores of a vector against those of a text, and needs both and the"
              + " metric dotproduct",
          "without alpha the ranks of both are put together");
    }
  }

  private List<QueryRequest> searches(QueryRequest request, TextQuery words, Double alpha) {
    if (alpha != null) {
      return List.of(weighed(request, words.terms(), alpha));
    }
    int depth = RankFusion.depth(request.topK());
    QueryRequest terms = QueryRequest.terms(words.terms(), request.filter(), depth);
    if (request.vector() == null) {
      return List.of(terms);
    }
    return List.of(
        new QueryRequest(
            request.vector(), null, request.filter(), depth, false, false, request.recall()),
        terms);
  }

  /**
   * The best by the words, more of them than are wanted: found by their stored weights, and put in
   * order by the average length of today.
   */
  private QueryResult byWords(
      Snapshot snapshot, QueryRequest terms, TextQuery words, CancellationToken cancellation) {
    QueryResult found = engine.query(source(snapshot), terms, cancellation);
    List<Match> scored = new ArrayList<>();
    for (Match match : found.matches()) {
      double score = Bm25.score(words.terms(), match.record().sparse(), words.averageLength());
      scored.add(new Match(match.id(), (float) score, null));
    }
    scored.sort(RankFusion.ORDER);
    return new QueryResult(scored, found.profile());
  }

  private static SnapshotSource source(Snapshot snapshot) {
    return SnapshotSource.of(snapshot);
  }

  private static QueryRequest with(
      QueryRequest request, float[] vector, SparseVector terms, double recall) {
    return new QueryRequest(
        vector,
        terms,
        request.filter(),
        request.topK(),
        request.includeValues(),
        request.includeMetadata(),
        recall,
        true);
  }

  private static QueryRequest weighed(QueryRequest request, SparseVector terms, double alpha) {
    float[] vector = scaled(request.vector(), (float) alpha);
    SparseVector weights =
        new SparseVector(terms.indices(), scaled(terms.weights(), (float) (1 - alpha)));
    return with(request, vector, weights, request.recall());
  }

  private static float[] scaled(float[] values, float factor) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = values[i] * factor;
    }
    return scaled;
  }

  private static List<Match> records(Snapshot snapshot, QueryRequest request, List<Match> best) {
    if (!request.includeValues() && !request.includeMetadata()) {
      return best;
    }
    snapshot.findAhead(best.stream().map(Match::id).toList());
    List<Match> matches = new ArrayList<>();
    for (Match match : best) {
      VectorRecord all = snapshot.find(match.id());
      VectorRecord wanted =
          new VectorRecord(
              match.id(),
              request.includeValues() ? all.values() : null,
              null,
              request.includeMetadata() ? all.metadata() : Metadata.EMPTY);
      matches.add(new Match(match.id(), match.score(), wanted));
    }
    return matches;
  }
}
