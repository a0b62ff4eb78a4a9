/**
 * Apache Spark on indexes of slabs: the data source {@code slab} (DataSource V2), compactions and
 * searches of many queries as jobs. Here lives what turns rows of Spark into records and back, and
 * what deals work to tasks; what a slab or an index is does not.
 *
 * <p>Executors run this against Spark's own versions of RoaringBitmap and zstd-jni. Exceptions that
 * leave a task are those of the library, with the partition and the row in their text.
 */
package io.slab.spark;
