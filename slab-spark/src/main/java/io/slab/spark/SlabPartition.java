package io.slab.spark;

import org.apache.spark.sql.connector.read.InputPartition;

/**
 * What one task reads.
 *
 * @param part bytes of a part of a snapshot; null when the answer is the count
 * @param piece of the part, from 0
 * @param pieces into how many the part is divided
 * @param count of records, where nothing else is asked for
 */
// The bytes are compared with no others.
@SuppressWarnings("ArrayRecordComponent")
record SlabPartition(byte[] part, int piece, int pieces, long count) implements InputPartition {}
