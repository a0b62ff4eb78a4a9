package io.slab.serve.json;

import io.slab.Match;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Numbers;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** Writes vectors and metadata of the data plane. Stateless. */
public final class VectorWriter {
  private VectorWriter() {}

  /** A record; parts that it lacks are left out. */
  public static void record(JsonGenerator out, VectorRecord record) {
    out.writeStartObject();
    out.writeStringProperty("id", record.id());
    if (record.values() != null) {
      floats(out, "values", record.values());
    }
    sparse(out, record.sparse());
    if (!record.metadata().isEmpty()) {
      metadata(out, record.metadata());
    }
    out.writeEndObject();
  }

  /**
   * Answers of a query.
   *
   * @param withValues whether they were asked for: without, the values are there and empty
   * @param withMetadata whether it was asked for
   */
  public static void matches(
      JsonGenerator out, List<Match> matches, boolean withValues, boolean withMetadata) {
    out.writeName("matches").writeStartArray();
    for (Match match : matches) {
      out.writeStartObject();
      out.writeStringProperty("id", match.id());
      out.writeName("score");
      number(out, match.score());
      floats(out, "values", match.values() == null ? new float[0] : match.values());
      if (withValues) {
        sparse(out, match.sparse());
      }
      if (withMetadata && !match.metadata().isEmpty()) {
        metadata(out, match.metadata());
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** A member of dense values. */
  public static void floats(JsonGenerator out, String name, float[] values) {
    out.writeName(name).writeStartArray();
    for (float value : values) {
      number(out, value);
    }
    out.writeEndArray();
  }

  private static void number(JsonGenerator out, float value) {
    if (Float.isFinite(value)) {
      out.writeNumber(Numbers.text(value));
    } else {
      out.writeString(Float.toString(value));
    }
  }

  private static void sparse(JsonGenerator out, SparseVector sparse) {
    if (sparse == null) {
      return;
    }
    out.writeName("sparseValues");
    sparseObject(out, sparse);
  }

  /** Indices and values of a sparse vector. */
  public static void sparseObject(JsonGenerator out, SparseVector sparse) {
    out.writeStartObject();
    out.writeName("indices").writeStartArray();
    for (int index : sparse.indices()) {
      out.writeNumber(Integer.toUnsignedLong(index));
    }
    out.writeEndArray();
    floats(out, "values", sparse.weights());
    out.writeEndObject();
  }

  private static void metadata(JsonGenerator out, Metadata metadata) {
    out.writeName("metadata").writeStartObject();
    for (Map.Entry<String, MetaValue> field : metadata.fields().entrySet()) {
      out.writeName(field.getKey());
      value(out, field.getValue());
    }
    out.writeEndObject();
  }

  /** One metadata value. */
  public static void value(JsonGenerator out, MetaValue value) {
    switch (value) {
      case MetaValue.Str(String text) -> out.writeString(text);
      case MetaValue.Bool(boolean truth) -> out.writeBoolean(truth);
      case MetaValue.StrList(List<String> texts) -> {
        out.writeStartArray();
        texts.forEach(out::writeString);
        out.writeEndArray();
      }
      case MetaValue.Num(double number) -> {
        if (Double.isFinite(number)) {
          out.writeNumber(Numbers.text(number));
        } else {
          out.writeString(Double.toString(number));
        }
      }
    }
  }
}
