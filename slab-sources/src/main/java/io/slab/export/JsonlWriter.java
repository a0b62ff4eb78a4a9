package io.slab.export;

import io.slab.json.Json;
import io.slab.json.RecordJson;
import io.slab.model.VectorRecord;
import java.io.IOException;
import java.io.OutputStream;

/** Records as the JSON lines that {@code ingest} reads. */
public final class JsonlWriter implements RecordWriter {
  private final OutputStream out;
  private final byte[] namespace;

  /**
   * @param out closed with this writer
   * @param namespace written into each record, or null
   */
  public JsonlWriter(OutputStream out, String namespace) {
    this.out = out;
    this.namespace =
        namespace == null
            ? null
            : Json.bytes(json -> {
              json.writeStartObject();
              json.writeName("namespace").writeString(namespace);
              json.writeEndObject();
            });
  }

  @Override
  public void write(VectorRecord record) throws IOException {
    byte[] line = Json.bytes(json -> RecordJson.write(json, record));
    if (namespace != null) {
      // {"namespace":"x" and then the rest of the record.
      out.write(namespace, 0, namespace.length - 1);
      out.write(',');
      out.write(line, 1, line.length - 1);
    } else {
      out.write(line);
    }
    out.write('\n');
  }

  @Override
  public void finish() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
