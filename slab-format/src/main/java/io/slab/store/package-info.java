/**
 * Objects by name: the interface of a storage ({@link io.slab.store.ObjectStore}), the
 * implementation for directories of a local disk, and what all implementations share. S3 has a
 * module of its own (slab-s3), and the cache of remote objects lies in the module slab-index. What
 * the objects contain is not known here.
 */
package io.slab.store;
