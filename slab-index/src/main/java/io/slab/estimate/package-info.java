/**
 * Estimates of bytes, slabs, requests and money for an index that does not exist yet, from plain
 * numbers or from a slab that does. Nothing here measures time; see {@link io.slab.measure}.
 */
package io.slab.estimate;
