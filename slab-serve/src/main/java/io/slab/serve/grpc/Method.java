package io.slab.serve.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.slab.error.CancellationToken;
import io.slab.serve.api.ApiException;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.data.Answer;
import io.slab.serve.data.DataPlane;
import java.util.function.BiFunction;

/**
 * One method of the service.
 *
 * @param name as the protocol has it
 * @param write whether it changes something
 * @param parser of its requests
 * @param work answers a request; blocks
 */
record Method<Q extends MessageLite>(
    String name, boolean write, Parser<Q> parser, BiFunction<Call, Q, Result> work) {
  private static final int MAX_DEPTH = 100;

  /**
   * Where a method works.
   *
   * @param least LSN that a read must reflect, or -1
   * @param cancellation true once the client does not wait any more
   */
  record Call(ServedIndex index, long least, CancellationToken cancellation) {
    /** Of an index of the vectors API: gRPC has no other. */
    DataPlane plane() {
      index.requireVectors();
      return new DataPlane(index);
    }
  }

  /**
   * What a method gave.
   *
   * @param answer of the data plane
   * @param message of the protocol
   */
  record Result(Answer<?> answer, MessageLite message) {}

  /** Answers a request as it came. */
  Result answer(Call call, byte[] request) {
    CodedInputStream in = CodedInputStream.newInstance(request);
    in.setRecursionLimit(MAX_DEPTH);
    Q message;
    try {
      message = parser.parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw ApiException.invalid("the request is no message of " + name + ": " + e.getMessage());
    }
    return work.apply(call, message);
  }
}
