package io.slab.queries;

import io.slab.filter.Filter;
import io.slab.model.SparseVector;

/**
 * One query of a query file.
 *
 * @param number line of a JSON-lines file, row (from 1) of a matrix
 * @param id the user's name for the query, or null
 * @param text what is looked for, in words, or null; the vector may be still to make then
 * @param vector dense values, or null
 * @param sparse sparse values, or null; never all three null
 * @param topK how many matches are wanted, or 0 when the file does not say
 * @param filter or null
 * @param namespace or null
 */
public record FileQuery(
    long number,
    String id,
    String text,
    float[] vector,
    SparseVector sparse,
    int topK,
    Filter filter,
    String namespace) {
  /** The same with the vector of its text. */
  public FileQuery withVector(float[] values) {
    return new FileQuery(number, id, text, values, sparse, topK, filter, namespace);
  }
}
