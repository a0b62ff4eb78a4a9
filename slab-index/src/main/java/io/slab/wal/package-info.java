/**
 * The bytes of the write-ahead log: objects, each with its records, checksums and end mark
 * (spec/wal.md). The names of the objects and the protocol by which they are committed are in
 * {@link io.slab.manifest}; what the records do to a namespace is in {@link io.slab.memtable}.
 */
package io.slab.wal;
