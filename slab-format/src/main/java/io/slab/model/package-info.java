/**
 * What an index is made of, as values without storage: records, vectors, metadata, identifiers,
 * metrics, limits, and {@link io.slab.model.RecordRules}, the rules that a record must keep on
 * every way in. Nothing here reads or writes files or computes scores.
 */
package io.slab.model;
