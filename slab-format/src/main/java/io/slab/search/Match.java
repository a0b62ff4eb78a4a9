package io.slab.search;

import io.slab.model.VectorRecord;

/**
 * One answer.
 *
 * @param id the record's id
 * @param score canonical (see {@link io.slab.vector.CanonicalScore}); for euclidean the squared
 *     distance
 * @param record what was asked for: values and sparse values are null and metadata is empty unless
 *     included; null when neither was asked for
 */
public record Match(String id, float score, VectorRecord record) {}
