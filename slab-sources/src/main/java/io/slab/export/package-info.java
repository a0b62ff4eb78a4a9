/**
 * Records to files of other programs: JSON lines, Parquet and matrices. Reading them back is the
 * business of {@link io.slab.source}. Where a file appears and when is decided by {@link
 * io.slab.output}.
 */
package io.slab.export;
