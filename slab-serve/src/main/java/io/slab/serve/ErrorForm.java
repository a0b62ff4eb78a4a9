package io.slab.serve;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Failures;
import io.slab.serve.grpc.GrpcStatus;
import io.slab.serve.json.Bodies;

/** Errors that come from the HTTP layer itself, in the form of all others. */
final class ErrorForm implements ServerErrorHandler {
  private static final String LATE = Failures.tooLate().getMessage();

  @Override
  public HttpResponse onServiceException(ServiceRequestContext ctx, Throwable cause) {
    if (cause instanceof ApiException refusal) {
      return refusal(ctx.request().headers(), refusal);
    }
    if (cause instanceof RequestTimeoutException) {
      return refusal(ctx.request().headers(), Failures.tooLate());
    }
    return null; // As the layer below answers it.
  }

  /** A refusal of a request that no plane has seen yet, in the protocol that it came in. */
  static HttpResponse refusal(RequestHeaders headers, ApiException refusal) {
    if (GrpcStatus.isGrpc(headers.get("content-type"))) {
      return GrpcStatus.refusal(refusal);
    }
    int status = refusal.status().http();
    return HttpResponse.of(
        ResponseHeaders.builder(status).contentType(MediaType.JSON).build(),
        HttpData.wrap(body(status, refusal.status().code(), refusal.getMessage())));
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      ServiceRequestContext ctx,
      ServiceConfig config,
      RequestHeaders headers,
      HttpStatus status,
      String description,
      Throwable cause) {
    if (cause instanceof RequestTimeoutException && !status.equals(HttpStatus.GATEWAY_TIMEOUT)) {
      return renderStatus(ctx, config, headers, HttpStatus.GATEWAY_TIMEOUT, LATE, null);
    }
    String message = description == null ? status.reasonPhrase() : description;
    if (status.equals(HttpStatus.REQUEST_ENTITY_TOO_LARGE)) {
      message = "the body is larger than this server takes (--max-body)";
    } else if (status.code() >= 500 && cause != null) {
      message = Failures.of(cause).getMessage();
    }
    // There are none where the request could not be read.
    if (headers != null && GrpcStatus.isGrpc(headers.get("content-type"))) {
      return AggregatedHttpResponse.of(GrpcStatus.headers(grpc(status), message));
    }
    return AggregatedHttpResponse.of(
        ResponseHeaders.builder(status).contentType(MediaType.JSON).build(),
        HttpData.wrap(body(status.code(), code(status), message)));
  }

  private static int grpc(HttpStatus status) {
    for (io.slab.serve.api.Status known : io.slab.serve.api.Status.values()) {
      if (known.http() == status.code()) {
        return known.grpc();
      }
    }
    return 13;
  }

  private static String code(HttpStatus status) {
    for (io.slab.serve.api.Status known : io.slab.serve.api.Status.values()) {
      if (known.http() == status.code()) {
        return known.code();
      }
    }
    return status.code() < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
  }

  private static byte[] body(int status, String code, String message) {
    return Bodies.bytes(out -> {
      out.writeStartObject();
      out.writeNumberProperty("status", status);
      out.writeName("error").writeStartObject();
      out.writeStringProperty("code", code);
      out.writeStringProperty("message", message);
      out.writeEndObject();
      out.writeEndObject();
    });
  }
}
