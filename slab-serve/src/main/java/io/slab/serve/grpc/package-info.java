/**
 * gRPC: the same operations from messages, and their answers as messages; its frames, statuses and
 * deadlines. What an operation does is in {@code serve.data}.
 */
package io.slab.serve.grpc;
