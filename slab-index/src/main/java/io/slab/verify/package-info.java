/**
 * Verification of an index: manifests, log, deletion vectors, and that they and the slabs agree;
 * and trials of a storage, whether it keeps what the commit protocol needs. A single slab is
 * verified by {@link io.slab.check}. Nothing here repairs.
 */
package io.slab.verify;
