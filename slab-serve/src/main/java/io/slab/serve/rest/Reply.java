package io.slab.serve.rest;

import io.slab.serve.data.Answer;
import io.slab.serve.json.Bodies;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * An answer before it is sent.
 *
 * @param status of HTTP
 * @param body JSON, or empty
 * @param lsn of a write or a read, or -1
 * @param write which of both
 * @param records how many it is about, for the log
 */
public record Reply(int status, byte[] body, long lsn, boolean write, int records) {
  private static final byte[] NOTHING = new byte[0];

  /** A body and nothing else to say. */
  static Reply of(int status, JsonNode body) {
    return new Reply(status, Bodies.bytes(body), -1, false, 0);
  }

  /** A status without a body. */
  static Reply empty(int status) {
    return new Reply(status, NOTHING, -1, false, 0);
  }

  /** The answer to a write that says nothing but that it is done. */
  static Reply created(Answer<?> answer) {
    return new Reply(201, NOTHING, answer.lsn(), answer.write(), answer.records());
  }

  /** The answer of the data plane. */
  static Reply ok(Answer<?> answer, Consumer<JsonGenerator> body) {
    return new Reply(200, Bodies.bytes(body), answer.lsn(), answer.write(), answer.records());
  }
}
