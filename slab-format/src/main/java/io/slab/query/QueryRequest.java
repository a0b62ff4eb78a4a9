package io.slab.query;

import io.slab.filter.Filter;
import io.slab.model.SparseVector;

/**
 * One question. The arrays are not copied and must not change while the query runs.
 *
 * @param vector dense values, or null in a sparse index
 * @param sparse sparse values, or null; required in a sparse index, optional in a hybrid one
 * @param filter which records may answer, or null for all
 * @param topK 1 to {@link io.slab.model.Limits#MAX_TOP_K}
 * @param includeValues whether matches carry their dense and sparse values
 * @param includeMetadata whether matches carry their metadata
 */
public record QueryRequest(
    float[] vector,
    SparseVector sparse,
    Filter filter,
    int topK,
    boolean includeValues,
    boolean includeMetadata) {}
