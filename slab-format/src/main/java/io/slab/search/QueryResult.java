package io.slab.search;

import java.util.List;

/**
 * @param matches nearest first, ties in unsigned order of the id bytes; fewer than top_k only when
 *     fewer records match (or, in a sparse index, share a dimension with the query)
 */
public record QueryResult(List<Match> matches, QueryProfile profile) {
  public QueryResult {
    matches = List.copyOf(matches);
  }
}
