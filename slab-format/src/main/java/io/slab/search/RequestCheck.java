package io.slab.search;

import io.slab.error.InvalidInputException;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterRules;
import io.slab.model.IndexSpec;
import io.slab.model.QueryRules;

/** Refuses what an index cannot be asked, with {@link InvalidInputException}. */
final class RequestCheck {
  private RequestCheck() {}

  static void check(QueryRequest request, IndexSpec spec) {
    refuse(QueryRules.topK(request.topK()));
    refuse(QueryRules.recall(request.recall()));
    refuse(
        request.text()
            ? QueryRules.textProblem(request.vector(), request.sparse(), spec)
            : QueryRules.problem(request.vector(), request.sparse(), spec));
    if (request.filter() != null) {
      FilterRules.require(request.filter());
      FilterEvaluator.requireIndexed(request.filter(), spec);
    }
  }

  private static void refuse(String problem) {
    if (problem != null) {
      throw new InvalidInputException(problem);
    }
  }
}
