package io.slab.json;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import tools.jackson.core.JsonGenerator;

/** Records as JSON: the same member names that ingest reads, so that output can be read back. */
public final class RecordJson {
  private RecordJson() {}

  /**
   * Writes {@code
   * {"id":..,"values":[..],"sparse_values":{"indices":[..],"values":[..]},"metadata":{..}}}; parts
   * that the record lacks (or that are empty, for metadata) are left out.
   */
  public static void write(JsonGenerator out, VectorRecord record) {
    out.writeStartObject();
    out.writeName("id").writeString(record.id());
    if (record.values() != null) {
      out.writeName("values");
      Json.writeFloats(out, record.values());
    }
    if (record.sparse() != null) {
      out.writeName("sparse_values");
      write(out, record.sparse());
    }
    if (!record.metadata().isEmpty()) {
      out.writeName("metadata");
      write(out, record.metadata());
    }
    out.writeEndObject();
  }

  /** Writes a sparse vector; indices are unsigned. */
  public static void write(JsonGenerator out, SparseVector sparse) {
    out.writeStartObject();
    out.writeName("indices").writeStartArray();
    for (int index : sparse.indices()) {
      out.writeNumber(Integer.toUnsignedLong(index));
    }
    out.writeEndArray();
    out.writeName("values");
    Json.writeFloats(out, sparse.weights());
    out.writeEndObject();
  }

  /** Writes metadata as one object, fields in byte order of their names. */
  public static void write(JsonGenerator out, Metadata metadata) {
    out.writeStartObject();
    metadata
        .fields()
        .forEach((field, value) -> {
          out.writeName(field);
          write(out, value);
        });
    out.writeEndObject();
  }

  /** Writes one metadata value. */
  public static void write(JsonGenerator out, MetaValue value) {
    if (value instanceof MetaValue.Str(String text)) {
      out.writeString(text);
    } else if (value instanceof MetaValue.Num(double number)) {
      Json.writeNumber(out, number);
    } else if (value instanceof MetaValue.Bool(boolean truth)) {
      out.writeBoolean(truth);
    } else if (value instanceof MetaValue.StrList(var values)) {
      out.writeStartArray();
      values.forEach(out::writeString);
      out.writeEndArray();
    }
  }
}
