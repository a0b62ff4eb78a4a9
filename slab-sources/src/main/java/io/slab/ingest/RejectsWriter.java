package io.slab.ingest;

import io.slab.error.StoreException;
import io.slab.json.Json;
import io.slab.source.SourceProblem;
import io.slab.source.json.BadRecordException;
import io.slab.source.json.JsonCursor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import tools.jackson.core.JsonGenerator;

/**
 * Writes refused records as JSON lines: {@code {"file","line","offset","id","field","reason",
 * "record"}}. The record is its own text: as JSON where it is JSON, else as a string; when its
 * bytes are not UTF-8 {@code recordBase64} holds them too, and {@code "truncated":true} says that
 * an over-long line was cut. One thread only.
 */
final class RejectsWriter {
  private final OutputStream out;
  private final JsonCursor cursor = new JsonCursor();

  RejectsWriter(OutputStream out) {
    this.out = out;
  }

  void write(Reject reject) {
    byte[] line = Json.bytes(json -> write(json, reject));
    try {
      out.write(line);
      out.write('\n');
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void write(JsonGenerator json, Reject reject) {
    SourceProblem problem = reject.problem();
    json.writeStartObject();
    json.writeName("file").writeString(reject.file());
    json.writeName("line").writeNumber(reject.number());
    json.writeName("offset").writeNumber(Math.max(0, problem.byteOffset()));
    if (reject.position() != null) {
      json.writeName("position").writeString(reject.position());
    }
    writeText(json, "id", problem.id());
    writeText(json, "field", problem.field());
    json.writeName("reason").writeString(problem.message());
    String text = new String(reject.raw(), StandardCharsets.UTF_8);
    json.writeName("record");
    if (reject.complete() && isJson(reject.raw())) {
      json.writeRawValue(text);
    } else {
      json.writeString(text);
    }
    if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), reject.raw())) {
      json.writeName("recordBase64").writeString(Base64.getEncoder().encodeToString(reject.raw()));
    }
    if (!reject.complete()) {
      json.writeName("truncated").writeBoolean(true);
    }
    json.writeEndObject();
  }

  private static void writeText(JsonGenerator json, String name, String value) {
    json.writeName(name);
    if (value == null) {
      json.writeNull();
    } else {
      json.writeString(value);
    }
  }

  /**
   * True when the bytes are one JSON value by the strict grammar, so that they may stand as they
   * are.
   */
  private boolean isJson(byte[] raw) {
    try {
      cursor.reset(raw, 0, raw.length);
      cursor.skipValue(null);
      return cursor.peek() < 0;
    } catch (BadRecordException e) {
      return false;
    }
  }

  void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static StoreException failure(IOException cause) {
    return new StoreException(
        StoreException.Kind.FAILED,
        "cannot write the rejects: " + cause.getMessage(),
        "check the space and the permissions of their file",
        cause);
  }
}
