/**
 * The seam between an index and {@link io.slab.search}: a snapshot of a namespace in the form that
 * the query engine takes. The engine itself is in the module slab-format.
 */
package io.slab.query;
