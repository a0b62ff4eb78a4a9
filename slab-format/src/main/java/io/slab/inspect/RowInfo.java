package io.slab.inspect;

import io.slab.model.VectorRecord;

/**
 * One row of a slab.
 *
 * @param row its ordinal
 * @param lsn sequence number of the write that made it
 * @param record the record as it was written
 */
public record RowInfo(int row, long lsn, VectorRecord record) {}
