/**
 * Calls of Pinecone's Java client against a server, for the tests of the server. They run in a
 * process of their own, because the client's protobuf clashes with the server's.
 */
package io.slab.serve.client;
