/** gRPC: the same operations from messages, and their answers as messages. */
package io.slab.serve.grpc;
