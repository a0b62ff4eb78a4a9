package io.slab.search;

import io.slab.filter.FilterEvaluator;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import java.util.Collection;
import java.util.List;

/** Brute force, written from the rule of the specification and not from the code. */
final class Reference {
  private Reference() {}

  static double dot(float[] a, float[] b) {
    double[] sums = new double[4];
    for (int i = 0; i < a.length; i++) {
      sums[i % 4] += (double) a[i] * (double) b[i];
    }
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }

  static double squaredDistance(float[] a, float[] b) {
    double[] sums = new double[4];
    for (int i = 0; i < a.length; i++) {
      double d = (double) a[i] - (double) b[i];
      sums[i % 4] += d * d;
    }
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }

  static double sparseDot(SparseVector a, SparseVector b) {
    double sum = 0;
    for (int i = 0; i < a.size(); i++) {
      for (int j = 0; j < b.size(); j++) {
        if (a.indices()[i] == b.indices()[j]) {
          sum += (double) a.weights()[i] * (double) b.weights()[j];
        }
      }
    }
    return sum;
  }

  static float score(IndexSpec spec, QueryRequest q, VectorRecord r) {
    double dense = 0;
    if (spec.vectorType().hasDense()) {
      dense =
          switch (spec.metric()) {
            case DOTPRODUCT -> dot(q.vector(), r.values());
            case EUCLIDEAN -> squaredDistance(q.vector(), r.values());
            case COSINE ->
                Math.clamp(
                    dot(q.vector(), r.values())
                        / (Math.sqrt(dot(q.vector(), q.vector()))
                            * Math.sqrt(dot(r.values(), r.values()))),
                    -1.0,
                    1.0);
          };
    }
    double sparse =
        q.sparse() == null || r.sparse() == null ? 0 : sparseDot(q.sparse(), r.sparse());
    return (float) (spec.vectorType().hasDense() ? dense + sparse : sparse) + 0.0f;
  }

  /** What the query must answer over these live records. */
  static List<Match> answer(IndexSpec spec, QueryRequest q, Collection<VectorRecord> live) {
    return live.stream()
        .filter(r -> q.filter() == null || FilterEvaluator.matches(q.filter(), r.metadata()))
        .map(r -> new Match(r.id(), score(spec, q, r), carried(q, r)))
        .filter(m -> spec.vectorType().hasDense() || m.score() != 0)
        .sorted((a, b) -> order(spec, a, b))
        .limit(q.topK())
        .toList();
  }

  private static int order(IndexSpec spec, Match a, Match b) {
    if (a.score() != b.score()) {
      return a.score() > b.score() == (spec.metric() != Metric.EUCLIDEAN) ? -1 : 1;
    }
    return Utf8.ORDER.compare(a.id(), b.id());
  }

  private static VectorRecord carried(QueryRequest q, VectorRecord r) {
    if (!q.includeValues() && !q.includeMetadata()) {
      return null;
    }
    return new VectorRecord(
        r.id(),
        q.includeValues() ? r.values() : null,
        q.includeValues() ? r.sparse() : null,
        q.includeMetadata() ? r.metadata() : Metadata.EMPTY);
  }
}
