package io.slab.serve.data;

import io.slab.serve.api.ApiException;
import java.util.List;

/**
 * What is to be deleted; exactly one of the three.
 *
 * @param ids or null
 * @param filter JSON, or null
 * @param all true for every record
 */
public record DeleteRequest(List<String> ids, String filter, boolean all) {
  public DeleteRequest {
    ids = ids == null || ids.isEmpty() ? null : List.copyOf(ids);
    int given = (ids == null ? 0 : 1) + (filter == null ? 0 : 1) + (all ? 1 : 0);
    if (given != 1) {
      throw ApiException.invalid(
          given == 0
              ? "a delete needs ids, a filter or deleteAll"
              : "a delete takes one of ids, filter and deleteAll, not several");
    }
  }
}
