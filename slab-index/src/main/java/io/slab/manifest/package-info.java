/**
 * The small objects that say what an index is, as bytes and as values: {@code index.json},
 * settings, manifests, deletion vectors; and the commit protocol by which numbered objects come
 * into being, manifests and log objects alike (spec/index.md). When to commit, and what, is decided
 * above.
 */
package io.slab.manifest;
