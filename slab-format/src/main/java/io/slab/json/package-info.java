/**
 * Strict JSON: reading into trees, writing in the project's one form, and the JSON of a record. The
 * readers of records by the million are not here; they belong to the module slab-sources.
 */
package io.slab.json;
