package io.slab.source.parquet;

import org.apache.parquet.format.Encoding;

/**
 * A data page, unpacked.
 *
 * @param offset where its header begins in the file
 * @param values number of values, nulls included
 * @param repetitions levels, or null where the column has none
 * @param definitions levels, or null where the column has none
 * @param encoding of the values
 * @param data bytes that hold the values
 * @param from where the values begin in them
 */
record Page(
    long offset,
    int values,
    HybridDecoder repetitions,
    HybridDecoder definitions,
    Encoding encoding,
    byte[] data,
    int from) {}
