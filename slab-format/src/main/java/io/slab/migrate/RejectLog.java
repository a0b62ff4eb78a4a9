package io.slab.migrate;

import io.slab.error.StoreException;
import io.slab.json.Json;
import io.slab.source.SourceProblem;
import io.slab.store.FileKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tools.jackson.core.JsonGenerator;

/**
 * The file of refused records as JSON lines: {@code {"position","part","ordinal","offset",
 * "namespace","id","field","reason","record"}}. The record stands as JSON where it is JSON, else as
 * text. One thread only.
 */
final class RejectLog implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private long length;

  private RejectLog(Path path, FileChannel channel, long length) {
    this.path = path;
    this.channel = channel;
    this.length = length;
  }

  /** Length of the file now, 0 when there is none; what is no file has no length that counts. */
  static long length(Path path) {
    try {
      return path == null ? Long.MAX_VALUE : FileKind.isFile(path) ? Files.size(path) : 0;
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  /**
   * @param path null for nowhere
   * @param keep bytes that an earlier process wrote; what follows them is cut off
   */
  static RejectLog open(Path path, long keep) {
    if (path == null) {
      return new RejectLog(null, null, 0);
    }
    try {
      Path parent = path.toAbsolutePath().getParent();
      if (parent != null && !Files.isDirectory(parent)) {
        throw new IOException("there is no such folder");
      }
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      if (FileKind.isFile(path)) {
        channel.truncate(keep);
        channel.position(keep);
      }
      return new RejectLog(path, channel, keep);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  void write(String part, String namespace, SourceProblem problem, byte[] raw) {
    if (channel == null) {
      return;
    }
    byte[] line = Json.bytes(out -> line(out, part, namespace, problem, raw));
    ByteBuffer buffer = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
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
    if (channel == null) {
      return;
    }
    try (channel) {
      if (FileKind.isFile(path)) {
        channel.force(true);
      }
    } catch (IOException e) {
      throw failure(path, e);
    }
  }
}
