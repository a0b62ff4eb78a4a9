package io.slab.serve.grpc;

import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeaders;
import io.slab.serve.api.ApiException;
import java.nio.charset.StandardCharsets;

/** How a call ends: headers of answers, trailers, and refusals of headers alone. */
public final class GrpcStatus {
  static final String CONTENT_TYPE = "application/grpc";

  static final HttpHeaders OK = HttpHeaders.of("grpc-status", "0");

  private GrpcStatus() {}

  /** True for the content type of gRPC, with what may follow it. */
  public static boolean isGrpc(String contentType) {
    return contentType != null && contentType.startsWith(CONTENT_TYPE);
  }

  /** A refusal: over HTTP the answer is fine. */
  public static HttpResponse refusal(ApiException refusal) {
    return HttpResponse.of(headers(refusal.status().grpc(), refusal.getMessage()));
  }

  /** Its headers. */
  public static ResponseHeaders headers(int code, String message) {
    return ResponseHeaders.builder(200)
        .set("content-type", CONTENT_TYPE)
        .set("grpc-status", Integer.toString(code))
        .set("grpc-message", escaped(message == null ? "" : message))
        .endOfStream(true)
        .build();
  }

  /** A message as the protocol wants it: printable ASCII, all else in percent. */
  static String escaped(String message) {
    StringBuilder out = new StringBuilder();
    for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b < 0x7f && b != '%') {
        out.append((char) b);
      } else {
        out.append('%').append(String.format("%02X", b & 0xff));
      }
    }
    return out.toString();
  }
}
