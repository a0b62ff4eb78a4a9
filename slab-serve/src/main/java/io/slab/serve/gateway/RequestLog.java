package io.slab.serve.gateway;

import io.slab.serve.json.Bodies;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * One line of JSON a request: who, what, how long, how much. No vectors, no metadata, no keys.
 * Thread-safe.
 */
public final class RequestLog {
  private final PrintStream out;

  /**
   * @param out where lines go, or null for nowhere
   */
  public RequestLog(PrintStream out) {
    this.out = out;
  }

  /**
   * Writes a line.
   *
   * @param status of HTTP
   * @param in bytes of the body that came
   * @param sent bytes of the body that went
   */
  public void write(Note note, int status, long in, long sent, long nanos) {
    if (out == null) {
      return;
    }
    byte[] line =
        Bodies.bytes(json -> {
          json.writeStartObject();
          json.writeStringProperty("time", Instant.now().toString());
          json.writeStringProperty("id", note.id());
          json.writeStringProperty("key", note.caller());
          json.writeStringProperty("route", note.route());
          json.writeStringProperty("index", note.index());
          json.writeNumberProperty("status", status);
          if (note.grpc() >= 0) {
            json.writeNumberProperty("grpc", note.grpc());
          }
          json.writeNumberProperty("in", in);
          json.writeNumberProperty("out", sent);
          json.writeNumberProperty("ms", Math.round(nanos / 1e3) / 1e3);
          json.writeNumberProperty("records", note.records());
          json.writeEndObject();
        });
    out.println(new String(line, StandardCharsets.UTF_8));
  }

  /** Writes what went wrong inside. */
  public void failure(Note note, Throwable cause) {
    PrintStream to = out == null ? System.err : out;
    synchronized (to) {
      to.println("slab serve: request " + note.id() + " failed:");
      cause.printStackTrace(to);
    }
  }
}
