/** Pinecone's Java client, run against a server. */
package io.slab.serve.client;
