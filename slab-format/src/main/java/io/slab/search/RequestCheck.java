package io.slab.search;

import io.slab.error.InvalidInputException;
import io.slab.filter.FilterEvaluator;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.vector.CanonicalScore;

/** Refuses what an index cannot be asked, with {@link InvalidInputException}. */
final class RequestCheck {
  private RequestCheck() {}

  static void check(QueryRequest request, IndexSpec spec) {
    if (request.topK() < 1 || request.topK() > Limits.MAX_TOP_K) {
      throw new InvalidInputException(
          "top_k must be between 1 and " + Limits.MAX_TOP_K + ", got " + request.topK());
    }
    dense(request.vector(), spec);
    sparse(request.sparse(), spec);
    if (request.filter() != null) {
      FilterEvaluator.requireIndexed(request.filter(), spec::indexes);
    }
  }

  private static void dense(float[] vector, IndexSpec spec) {
    if (!spec.vectorType().hasDense()) {
      if (vector != null) {
        throw new InvalidInputException(
            "a sparse index takes no dense vector", "ask with sparse values only");
      }
      return;
    }
    if (vector == null) {
      throw new InvalidInputException(
          "a query of a " + spec.vectorType().label() + " index needs a dense vector");
    }
    if (vector.length != spec.dimension()) {
      throw new InvalidInputException(
          "Vector dimension "
              + vector.length
              + " does not match the dimension of the index "
              + spec.dimension());
    }
    finite("dense", vector);
    if (spec.metric() == Metric.COSINE && CanonicalScore.dot(vector, vector) == 0) {
      throw new InvalidInputException(
          "Dense vectors must contain at least one non-zero value",
          "the cosine similarity with a zero vector is not defined");
    }
  }

  private static void sparse(SparseVector sparse, IndexSpec spec) {
    if (!spec.vectorType().hasSparse()) {
      if (sparse != null) {
        throw new InvalidInputException(
            "a dense index takes no sparse values", "only sparse and hybrid indexes do");
      }
      return;
    }
    if (sparse == null) {
      if (!spec.vectorType().hasDense()) {
        throw new InvalidInputException("a query of a sparse index needs sparse values");
      }
      return;
    }
    if (sparse.size() == 0) {
      throw new InvalidInputException("Sparse vector must contain at least one value");
    }
    if (sparse.size() > Limits.MAX_SPARSE_ENTRIES) {
      throw new InvalidInputException(
          "Sparse vector has "
              + sparse.size()
              + " values, which exceeds the limit of "
              + Limits.MAX_SPARSE_ENTRIES);
    }
    finite("sparse", sparse.weights());
  }

  private static void finite(String kind, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new InvalidInputException(
            kind + " value " + i + " of the query is " + values[i] + ", which is not finite");
      }
    }
  }
}
