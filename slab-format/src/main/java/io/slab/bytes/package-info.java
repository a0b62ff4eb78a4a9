/**
 * Numbers, checksums, hashes and compressed blocks in memory: the primitives from which every
 * binary object is read and written. What the bytes mean is not known here; that is the business of
 * {@link io.slab.format.section} and of the packages of the index.
 */
package io.slab.bytes;
