/** The data plane without a protocol: what both REST and gRPC ask for and answer. */
package io.slab.serve.data;
