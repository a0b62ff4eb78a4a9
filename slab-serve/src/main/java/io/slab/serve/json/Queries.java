package io.slab.serve.json;

import io.slab.Query;
import io.slab.model.QueryRules;
import io.slab.model.SparseVector;
import io.slab.serve.api.ApiException;

/** Questions of both protocols. */
public final class Queries {
  private Queries() {}

  /**
   * A question, its parts null or empty where they were not given.
   *
   * @throws ApiException for neither an id nor a vector, or both
   */
  public static Query of(
      float[] vector,
      SparseVector sparse,
      String id,
      String filter,
      int topK,
      boolean values,
      boolean metadata) {
    boolean byId = id != null && !id.isEmpty();
    float[] dense = vector == null || vector.length == 0 ? null : vector;
    if (byId == (dense != null || sparse != null)) {
      throw ApiException.invalid(
          byId
              ? "a query takes an id or a vector, not both"
              : "a query needs a vector, a sparseVector or an id");
    }
    Query base = byId ? Query.ofId(id) : dense == null ? Query.of(sparse) : Query.of(dense);
    Query query = (dense != null && sparse != null ? base.withSparse(sparse) : base).topK(topK);
    query = filter == null || filter.equals("{}") ? query : query.filter(filter);
    query = values ? query.withValues() : query;
    return metadata ? query.withMetadata() : query;
  }

  /** A number of matches as it was asked for. */
  public static int topK(long asked) {
    String problem = QueryRules.topK(asked);
    if (problem != null) {
      throw ApiException.invalid(problem);
    }
    return (int) asked;
  }
}
