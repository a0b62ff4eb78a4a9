package io.slab.migrate;

import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.search.Match;
import io.slab.vector.CanonicalScore;
import java.util.ArrayList;
import java.util.List;

/**
 * One query of a verification, answered by plain comparison with every record of the source: no
 * index, no kernels, no code of the query engine but the definition of a score. One thread only.
 */
final class SampledQuery {
  private final IndexSpec spec;
  private final VectorRecord query;
  private final int topK;

  /** The nearest so far, nearest first, ties by id. */
  private final List<Match> nearest = new ArrayList<>();

  SampledQuery(IndexSpec spec, VectorRecord query, int topK) {
    this.spec = spec;
    this.query = query;
    this.topK = topK;
  }

  VectorRecord query() {
    return query;
  }

  List<Match> nearest() {
    return nearest;
  }

  /** Compares with a record; one that was offered before with the same content changes nothing. */
  void offer(VectorRecord record) {
    float score = score(record);
    if (query.values() == null && score == 0) {
      return;
    }
    Match match = new Match(record.id(), score, null);
    int at = nearest.size();
    while (at > 0 && order(match, nearest.get(at - 1)) < 0) {
      at--;
    }
    boolean known = at > 0 && order(match, nearest.get(at - 1)) == 0;
    if (known || at == topK) {
      return;
    }
    nearest.add(at, match);
    if (nearest.size() > topK) {
      nearest.removeLast();
    }
  }

  private float score(VectorRecord record) {
    double score =
        query.values() == null
            ? 0
            : CanonicalScore.dense(spec.metric(), query.values(), record.values());
    if (query.sparse() != null && record.sparse() != null) {
      double sparse = CanonicalScore.sparseDot(query.sparse(), record.sparse());
      score = query.values() == null ? sparse : score + sparse;
    }
    return (float) score + 0.0f;
  }

  private int order(Match a, Match b) {
    int order = Float.compare(a.score(), b.score());
    if (order != 0) {
      return spec.metric() == Metric.EUCLIDEAN ? order : -order;
    }
    return Utf8.compare(a.id(), b.id());
  }
}
