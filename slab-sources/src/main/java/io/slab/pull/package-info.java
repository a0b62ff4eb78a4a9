/**
 * Reads a live Pinecone index through its public API into an export that {@code
 * migrate-from-pod-export} takes: identifiers, records, counts. Nothing here writes to the index
 * that is read, and nothing here knows how an index of ours is written.
 */
package io.slab.pull;
