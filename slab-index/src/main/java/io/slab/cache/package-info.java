/**
 * A cache of remote objects on a local disk, shared by processes, as a store around another store.
 * It keeps bytes and trusts none of them: the readers of an object check its checksums as they
 * would without a cache. What exists and is newest is always asked of the remote store, by a
 * listing or by the proof that an earlier one still holds.
 */
package io.slab.cache;
