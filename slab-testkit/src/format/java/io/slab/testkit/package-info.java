/**
 * Fixtures for tests of every module: records, slabs and stores in memory, stores that fail or are
 * slow, slabs that lie, and the rules of layers and packages. Nothing here is shipped. What needs
 * an S3 server is in {@code io.slab.testkit.s3}.
 */
package io.slab.testkit;
