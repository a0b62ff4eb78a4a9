package io.slab.source.parquet;

import io.slab.json.Json;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** Renders what was read of a row as JSON, for people and for a file of refused records. */
final class RowJson {
  private RowJson() {}

  static byte[] of(
      ParquetColumns columns,
      Object id,
      Object values,
      Object sparse,
      Object metadata,
      Object[] fields) {
    return Json.bytes(out -> {
      out.writeStartObject();
      member(out, columns.id(), id);
      member(out, columns.values(), values);
      member(out, columns.sparse(), sparse);
      member(out, columns.metadata(), metadata);
      for (int i = 0; i < fields.length; i++) {
        member(out, columns.fields().get(i), fields[i]);
      }
      out.writeEndObject();
    });
  }

  private static void member(JsonGenerator out, SchemaNode column, Object value) {
    if (column != null && value != null) {
      out.writeName(column.name());
      write(out, value);
    }
  }

  /** The compact JSON text of a value. */
  static String text(Object value) {
    return Json.text(out -> write(out, value));
  }

  private static void write(JsonGenerator out, Object value) {
    switch (value) {
      case null -> out.writeNull();
      case String text -> out.writeString(text);
      case Boolean truth -> out.writeBoolean(truth);
      case Long number -> out.writeNumber(number);
      case Double number -> Json.writeNumber(out, (double) number);
      case BigDecimal number -> out.writeNumber(number);
      case float[] floats -> Json.writeFloats(out, floats);
      case byte[] bytes -> out.writeString(Base64.getEncoder().encodeToString(bytes));
      case SparseReader.Pair(List<Object> indices, float[] weights) -> {
        out.writeStartObject();
        out.writeName("indices");
        write(out, indices);
        out.writeName("values");
        write(out, weights);
        out.writeEndObject();
      }
      case List<?> list -> {
        out.writeStartArray();
        list.forEach(element -> write(out, element));
        out.writeEndArray();
      }
      case Map<?, ?> map -> {
        out.writeStartObject();
        map.forEach((name, element) -> {
          out.writeName(name.toString());
          write(out, element);
        });
        out.writeEndObject();
      }
      default -> out.writeString(value.toString());
    }
  }
}
