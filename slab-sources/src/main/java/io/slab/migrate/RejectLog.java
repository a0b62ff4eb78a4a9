package io.slab.migrate;

import io.slab.error.StoreException;
import io.slab.json.Json;
import io.slab.output.GrowingFile;
import io.slab.source.SourceProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import tools.jackson.core.JsonGenerator;

/**
 * The file of refused records as JSON lines: {@code {"position","part","ordinal","offset",
 * "namespace","id","field","reason","record"}}. The record stands as JSON where it is JSON, else as
 * text. One thread only.
 */
final class RejectLog implements AutoCloseable {
  private final Path path;
  private final GrowingFile file;
  private long length;

  private RejectLog(Path path, GrowingFile file, long length) {
    this.path = path;
    this.file = file;
    this.length = length;
  }

  /** Length of the file now, 0 when there is none; what is no file has no length that counts. */
  static long length(Path path) {
    return path == null ? Long.MAX_VALUE : GrowingFile.length(path);
  }

  /**
   * @param path null for nowhere
   * @param keep bytes that an earlier process wrote; what follows them is cut off
   */
  static RejectLog open(Path path, long keep) {
    return new RejectLog(
        path, path == null ? null : GrowingFile.open(path, keep), path == null ? 0 : keep);
  }

  void write(String part, String namespace, SourceProblem problem, byte[] raw) {
    if (file == null) {
      return;
    }
    byte[] line = Json.bytes(out -> line(out, part, namespace, problem, raw));
    byte[] ended = Arrays.copyOf(line, line.length + 1);
    ended[line.length] = '\n';
    try {
      file.write(ended);
    } catch (IOException e) {
      throw failure(path, e);
    }
    length += line.length + 1;
  }

  private static void line(
      JsonGenerator out, String part, String namespace, SourceProblem problem, byte[] raw) {
    out.writeStartObject();
    out.writeStringProperty("position", problem.position());
    out.writeStringProperty("part", part);
    out.writeNumberProperty("ordinal", problem.ordinal());
    out.writeNumberProperty("offset", problem.byteOffset());
    text(out, "namespace", namespace);
    text(out, "id", problem.id());
    text(out, "field", problem.field());
    out.writeStringProperty("reason", problem.message());
    out.writeName("record");
    String text = new String(raw, java.nio.charset.StandardCharsets.UTF_8);
    if (isJson(raw)) {
      out.writeRawValue(text.strip());
    } else {
      out.writeString(text);
    }
    out.writeEndObject();
  }

  private static void text(JsonGenerator out, String name, String value) {
    out.writeName(name);
    if (value == null) {
      out.writeNull();
    } else {
      out.writeString(value);
    }
  }

  private static boolean isJson(byte[] raw) {
    try {
      Json.parseStored("record", raw);
      // As one line.
      for (byte b : raw) {
        if (b == '\n' || b == '\r') {
          return false;
        }
      }
      return true;
    } catch (io.slab.error.SlabException e) {
      return false;
    }
  }

  /** Bytes written, those kept included. */
  long length() {
    return length;
  }

  private static StoreException failure(Path path, IOException cause) {
    return new StoreException(
        StoreException.Kind.FAILED,
        "cannot write " + path + ": " + cause.getMessage(),
        "check the space and the permissions of the file of refused records",
        cause);
  }

  @Override
  public void close() {
    if (file == null) {
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      throw failure(path, e);
    }
  }
}
