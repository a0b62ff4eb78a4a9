package io.slab.model;

/**
 * The rules a question must keep (spec/semantics.md, "Scores"): for its vectors those of records,
 * but that any vector with a direction may be asked for, and what only questions have. Thread-safe.
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
    if (spec.textIndex() != null && !spec.vectorType().hasDense()) {
      return "Query has no text, and this index has texts alone";
    }
    if (vector == null && spec.vectorType().hasDense()) {
      return "Query has no 'vector'";
    }
    String problem = vector == null ? null : RecordRules.shape(vector, spec);
    if (problem == null && vector != null) {
      problem = RecordRules.notFinite(vector);
    }
    if (problem == null && vector != null && spec.metric() == Metric.COSINE && isZero(vector)) {
      problem = "Query vector must contain at least one non-zero value under the metric cosine";
    }
    if (problem != null) {
      return problem;
    }
    if (sparse == null) {
      return spec.vectorType().hasDense() ? null : "Query has no 'sparse_values'";
    }
    RecordRules.Finding finding = RecordRules.sparse(sparse, spec);
    return finding == null ? null : finding.message();
  }

  /**
   * The same for a query by text, whose terms are its sparse values.
   *
   * @param vector dense values, or null for none
   * @param terms null for none
   */
  public static String textProblem(float[] vector, SparseVector terms, IndexSpec spec) {
    if (spec.textIndex() == null) {
      return "This index has no text index";
    }
    if (vector != null && spec.metric() != Metric.DOTPRODUCT) {
      return "Scores of vectors and texts add up under the metric dotproduct alone";
    }
    if (terms == null || terms.size() == 0) {
      return "Query has no terms";
    }
    return vector == null ? null : problem(vector, null, spec);
  }

  /** However small the others are, the direction of a vector that is not zero is known. */
  private static boolean isZero(float[] vector) {
    for (float value : vector) {
      if (value != 0) {
        return false;
      }
    }
    return true;
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
