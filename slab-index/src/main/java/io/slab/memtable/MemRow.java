package io.slab.memtable;

import io.slab.model.VectorRecord;

/** A live record that is in no slab yet. */
public record MemRow(byte[] idBytes, long lsn, VectorRecord record) {}
