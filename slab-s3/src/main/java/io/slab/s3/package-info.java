/**
 * S3 as an {@link io.slab.store.ObjectStore}: connection and credentials, requests with their
 * repetitions, conditional writes, uploads in parts, listings that are checked before they are
 * believed, and errors in the project's terms. The store is found by its address at run time, so
 * that a program without this module has none of the AWS client. The cache of remote objects is in
 * the module slab-index.
 */
package io.slab.s3;
