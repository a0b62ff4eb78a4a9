package io.slab.serve;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Calls of gRPC with frames made by hand. */
final class TestGrpc {
  private final WebClient client;

  /** An answer: code, text of the code, message or null, and its LSN header or null. */
  record Answer<M>(int code, String text, M message, String lsn) {}

  TestGrpc(int port) {
    this.client = WebClient.of("h2c://127.0.0.1:" + port);
  }

  <M> Answer<M> call(String method, MessageLite request, Parser<M> parser, String... headers)
      throws InvalidProtocolBufferException {
    byte[] message = request.toByteArray();
    byte[] frame = new byte[message.length + 5];
    ByteBuffer.wrap(frame).putInt(1, message.length);
    System.arraycopy(message, 0, frame, 5, message.length);
    return raw(method, frame, parser, headers);
  }

  <M> Answer<M> raw(String method, byte[] frame, Parser<M> parser, String... headers)
      throws InvalidProtocolBufferException {
    RequestHeadersBuilder head =
        RequestHeaders.builder(HttpMethod.POST, "/VectorService/" + method)
            .set("content-type", "application/grpc")
            .set("te", "trailers");
    for (int i = 0; i < headers.length; i += 2) {
      head.set(headers[i], headers[i + 1]);
    }
    AggregatedHttpResponse answer = client.blocking().execute(head.build(), frame);
    String status = answer.trailers().get("grpc-status");
    String text = answer.trailers().get("grpc-message");
    if (status == null) {
      status = answer.headers().get("grpc-status", "-1");
      text = answer.headers().get("grpc-message");
    }
    byte[] body = answer.content().array();
    M message = body.length < 5 ? null : parser.parseFrom(Arrays.copyOfRange(body, 5, body.length));
    String lsn = answer.headers().get("x-pinecone-lsn-committed");
    return new Answer<>(Integer.parseInt(status), text, message, lsn);
  }
}
