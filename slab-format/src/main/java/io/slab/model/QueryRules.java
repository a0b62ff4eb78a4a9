package io.slab.model;

/**
 * The rules a question must keep (spec/semantics.md, "Scores"): those of records for its vectors,
 * and what only questions have. Thread-safe.
 */
public final class QueryRules {
  private QueryRules() {}

  /**
   * What is wrong with the vectors of a query as a sentence, or null when they are fine.
   *
   * @param vector dense values, or null for none
   * @param sparse sparse values, or null for none
   */
  public static String problem(float[] vector, SparseVector sparse, IndexSpec spec) {
    RecordRules.Finding finding = null;
    if (vector != null) {
      if (spec.vectorType().hasDense()
          && vector.length == spec.dimension()
          && RecordRules.isZero(vector, spec.metric())) {
        return "Query vector must contain at least one non-zero value under the metric cosine";
      }
      finding = RecordRules.dense("", vector, spec);
    } else if (spec.vectorType().hasDense()) {
      return "Query has no 'vector'";
    }
    if (finding == null && sparse != null) {
      finding = RecordRules.sparse(sparse, spec);
    } else if (finding == null && !spec.vectorType().hasDense()) {
      return "Query has no 'sparse_values'";
    }
    return finding == null ? null : finding.message();
  }

  /** What is wrong with a number of matches, or null. */
  public static String topK(long topK) {
    return topK >= 1 && topK <= Limits.MAX_TOP_K
        ? null
        : "top_k must be between 1 and " + Limits.MAX_TOP_K + ", got " + topK;
  }

  /** What is wrong with the share of the true answers that is aimed at, or null. */
  public static String recall(double recall) {
    return recall > 0 && recall <= 1
        ? null
        : "recall must be above 0 and at most 1, got " + Numbers.text(recall);
  }
}
