/**
 * Bulk imports of Parquet files from places that the operator named, through the readers of
 * slab-sources.
 */
package io.slab.serve.imports;
