/**
 * Approximate indexes over the dense vectors of one slab: training, the trial of candidates,
 * measuring of recall and cost, the sections in the file, and the search of one index for one query
 * (spec/ann.md). Which slabs a query visits, deleted rows, filters over metadata and merged answers
 * are not here; see {@link io.slab.search}.
 */
package io.slab.ann;
