package io.slab.serve.api;

/** Kinds of refusal with their numbers in both protocols (spec/serve.md, "Errors"). */
public enum Status {
  INVALID_ARGUMENT(400, 3, "INVALID_ARGUMENT"),
  UNAUTHENTICATED(401, 16, "UNAUTHENTICATED"),
  FORBIDDEN(403, 7, "FORBIDDEN"),
  NOT_FOUND(404, 5, "NOT_FOUND"),
  METHOD_NOT_ALLOWED(405, 12, "UNIMPLEMENTED"),
  ALREADY_EXISTS(409, 6, "ALREADY_EXISTS"),
  FAILED_PRECONDITION(412, 9, "FAILED_PRECONDITION"),
  TOO_LARGE(413, 8, "RESOURCE_EXHAUSTED"),
  BUSY(429, 8, "RESOURCE_EXHAUSTED"),
  INTERNAL(500, 13, "INTERNAL"),
  UNAVAILABLE(503, 14, "UNAVAILABLE"),
  DEADLINE(504, 4, "DEADLINE_EXCEEDED");

  private final int http;
  private final int grpc;
  private final String code;

  Status(int http, int grpc, String code) {
    this.http = http;
    this.grpc = grpc;
    this.code = code;
  }

  /** The HTTP status. */
  public int http() {
    return http;
  }

  /** The gRPC code, which bodies of the data plane have too. */
  public int grpc() {
    return grpc;
  }

  /** The word in bodies of the control plane. */
  public String code() {
    return code;
  }
}
