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
    TextQuery words = TextQuery.of(snapshot, spec, text);
    if (request.vector() == null) {
      QueryResult found = byWords(snapshot, request, words, cancellation);
      List<Match> best =
          found.matches().subList(0, Math.min(request.topK(), found.matches().size()));
      return new QueryResult(records(snapshot, request, best), found.profile());
    }
    return alpha != null
        ? weighed(snapshot, request, words.terms(), alpha, cancellation)
        : fused(snapshot, request, words, cancellation);
  }

  /**
   * The best by the words, more of them than are wanted: found by their stored weights, and put in
   * order by the average length of today.
   */
  private QueryResult byWords(
      Snapshot snapshot, QueryRequest request, TextQuery words, CancellationToken cancellation) {
    int depth = RankFusion.depth(request.topK());
    QueryRequest terms = QueryRequest.terms(words.terms(), request.filter(), depth);
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

  private QueryResult weighed(
      Snapshot snapshot,
      QueryRequest request,
      SparseVector terms,
      double alpha,
      CancellationToken cancellation) {
    float[] vector = scaled(request.vector(), (float) alpha);
    SparseVector weights =
        new SparseVector(terms.indices(), scaled(terms.weights(), (float) (1 - alpha)));
    return engine.query(
        source(snapshot), with(request, vector, weights, request.recall()), cancellation);
  }

  private static float[] scaled(float[] values, float factor) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = values[i] * factor;
    }
    return scaled;
  }

  /** Two searches; what matches carry is read of the best of both alone. */
  private QueryResult fused(
      Snapshot snapshot, QueryRequest request, TextQuery words, CancellationToken cancellation) {
    int depth = RankFusion.depth(request.topK());
    QueryRequest dense =
        new QueryRequest(
            request.vector(), null, request.filter(), depth, false, false, request.recall());
    QueryResult near = engine.query(source(snapshot), dense, cancellation);
    QueryResult having = byWords(snapshot, request, words, cancellation);
    List<Match> best = RankFusion.of(near.matches(), having.matches(), request.topK());
    return new QueryResult(records(snapshot, request, best), near.profile());
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
