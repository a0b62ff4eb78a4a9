package io.slab;

import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;

/**
 * One answer to a {@link Query}. The arrays belong to the match; do not change them.
 *
 * @param id of the record
 * @param score cosine similarity (-1 to 1) or inner product, largest first; or the squared
 *     Euclidean distance, smallest first. Computed from the whole vectors at every recall
 * @param values dense values, or null unless included
 * @param sparse sparse values, or null unless included and there
 * @param metadata empty unless included
 */
public record Match(
    String id, float score, float[] values, SparseVector sparse, Metadata metadata) {
  static Match of(io.slab.search.Match match) {
    VectorRecord record = match.record();
    return record == null
        ? new Match(match.id(), match.score(), null, null, Metadata.EMPTY)
        : new Match(match.id(), match.score(), record.values(), record.sparse(), record.metadata());
  }
}
