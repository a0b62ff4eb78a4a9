package io.slab.serve.rest;

import io.slab.serve.api.ApiException;
import io.slab.serve.json.Bodies;

/** Bodies of refusals, in the form of each plane (spec/serve.md, "Errors"). */
final class ErrorBodies {
  private ErrorBodies() {}

  /**
   * The body of a refusal.
   *
   * @param data whether it is the data plane's
   */
  static byte[] of(ApiException refusal, boolean data) {
    String message = refusal.getMessage() == null ? "" : refusal.getMessage();
    return Bodies.bytes(out -> {
      out.writeStartObject();
      if (data) {
        out.writeNumberProperty("code", refusal.status().grpc());
        out.writeStringProperty("message", message);
        out.writeName("details").writeStartArray();
        for (ApiException.Detail detail : refusal.details()) {
          out.writeStartObject();
          out.writeNumberProperty("position", detail.position());
          out.writeStringProperty("id", detail.id());
          out.writeStringProperty("field", detail.field());
          out.writeEndObject();
        }
        out.writeEndArray();
      } else {
        out.writeNumberProperty("status", refusal.status().http());
        out.writeName("error").writeStartObject();
        out.writeStringProperty("code", refusal.status().code());
        out.writeStringProperty("message", message);
        out.writeEndObject();
      }
      out.writeEndObject();
    });
  }
}
