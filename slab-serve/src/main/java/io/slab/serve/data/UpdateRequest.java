package io.slab.serve.data;

import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.serve.api.ApiException;

/**
 * What is to be changed of one record, or of all that match.
 *
 * @param id or null
 * @param filter JSON, or null
 * @param values new dense values, or null; of one record alone, as are sparse ones
 * @param sparse new sparse values, or null
 * @param metadata fields to add or overwrite, or null
 * @param dryRun with a filter: count and change nothing
 */
public record UpdateRequest(
    String id,
    String filter,
    float[] values,
    SparseVector sparse,
    Metadata metadata,
    boolean dryRun) {
  public UpdateRequest {
    if ((id == null) == (filter == null)) {
      throw ApiException.invalid(
          id == null ? "an update needs an id or a filter" : "an update takes an id or a filter");
    }
    if (filter != null && (values != null || sparse != null)) {
      throw ApiException.invalid("an update by filter changes metadata, not vectors");
    }
    if (filter != null && (metadata == null || metadata.isEmpty()) && !dryRun) {
      throw ApiException.invalid("an update by filter needs setMetadata");
    }
    if (id != null && values == null && sparse == null && metadata == null) {
      throw ApiException.invalid("an update needs values, sparseValues or setMetadata");
    }
  }
}
