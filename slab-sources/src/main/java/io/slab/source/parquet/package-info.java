/**
 * Records in Parquet files: pages, encodings, types by their annotations, and which columns are
 * which part of a record (spec/parquet.md). Files are written by {@link io.slab.export}.
 */
package io.slab.source.parquet;
