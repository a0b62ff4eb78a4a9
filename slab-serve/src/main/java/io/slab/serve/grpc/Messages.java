package io.slab.serve.grpc;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.slab.Match;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Numbers;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.serve.api.ApiException;
import io.slab.serve.json.Bodies;
import io.slab.serve.json.Sparse;
import io.slab.serve.proto.ScoredVector;
import io.slab.serve.proto.SparseValues;
import io.slab.serve.proto.Vector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** Messages from values of the library and back. Stateless. */
final class Messages {
  private Messages() {}

  static VectorRecord record(Vector vector) {
    return new VectorRecord(
        vector.getId(),
        floats(vector.getValuesList()),
        vector.hasSparseValues() ? sparse(vector.getSparseValues()) : null,
        vector.hasMetadata() ? metadata(vector.getMetadata()) : Metadata.EMPTY);
  }

  /** Values, or null for none: the protocol cannot tell none from an empty array. */
  static float[] floats(List<Float> values) {
    if (values.isEmpty()) {
      return null;
    }
    float[] floats = new float[values.size()];
    // The list is protobuf's own of primitives: its iterator would box each of them.
    if (values instanceof com.google.protobuf.Internal.FloatList list) {
      for (int i = 0; i < floats.length; i++) {
        floats[i] = list.getFloat(i);
      }
    } else {
      for (int i = 0; i < floats.length; i++) {
        floats[i] = values.get(i);
      }
    }
    return floats;
  }

  static SparseVector sparse(SparseValues values) {
    long[] indices = new long[values.getIndicesCount()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = Integer.toUnsignedLong(values.getIndices(i));
    }
    float[] weights = floats(values.getValuesList());
    return Sparse.of(indices, weights == null ? new float[0] : weights);
  }

  static Metadata metadata(Struct struct) {
    Map<String, MetaValue> fields = new HashMap<>();
    for (Map.Entry<String, Value> field : struct.getFieldsMap().entrySet()) {
      fields.put(field.getKey(), value(field.getKey(), field.getValue()));
    }
    return Metadata.of(fields);
  }

  private static MetaValue value(String field, Value value) {
    return switch (value.getKindCase()) {
      case STRING_VALUE -> new MetaValue.Str(value.getStringValue());
      case NUMBER_VALUE -> new MetaValue.Num(value.getNumberValue());
      case BOOL_VALUE -> new MetaValue.Bool(value.getBoolValue());
      case LIST_VALUE -> list(field, value.getListValue());
      case NULL_VALUE, KIND_NOT_SET -> throw wrong("null", field);
      case STRUCT_VALUE -> throw wrong("an object", field);
    };
  }

  private static MetaValue list(String field, ListValue values) {
    List<String> texts = new ArrayList<>();
    for (Value value : values.getValuesList()) {
      if (value.getKindCase() != Value.KindCase.STRING_VALUE) {
        throw wrong("a list with something else than strings", field);
      }
      texts.add(value.getStringValue());
    }
    return new MetaValue.StrList(texts);
  }

  private static ApiException wrong(String got, String field) {
    return ApiException.invalid(RecordRules.metadataType(got, field));
  }

  /** A filter as the library reads it: JSON. */
  static String json(Struct struct) {
    byte[] bytes = Bodies.bytes(out -> write(out, struct));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void write(JsonGenerator out, Struct struct) {
    out.writeStartObject();
    for (Map.Entry<String, Value> field : struct.getFieldsMap().entrySet()) {
      out.writeName(field.getKey());
      write(out, field.getValue());
    }
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, Value value) {
    switch (value.getKindCase()) {
      case STRING_VALUE -> out.writeString(value.getStringValue());
      case BOOL_VALUE -> out.writeBoolean(value.getBoolValue());
      case STRUCT_VALUE -> write(out, value.getStructValue());
      case NULL_VALUE, KIND_NOT_SET -> out.writeNull();
      case LIST_VALUE -> {
        out.writeStartArray();
        value.getListValue().getValuesList().forEach(item -> write(out, item));
        out.writeEndArray();
      }
      case NUMBER_VALUE -> {
        double number = value.getNumberValue();
        if (!Double.isFinite(number)) {
          throw ApiException.invalid("a filter's number must be finite, got " + number);
        }
        out.writeNumber(Numbers.text(number));
      }
    }
  }

  static Vector vector(VectorRecord record) {
    Vector.Builder vector = Vector.newBuilder().setId(record.id());
    if (record.values() != null) {
      for (float value : record.values()) {
        vector.addValues(value);
      }
    }
    if (record.sparse() != null) {
      vector.setSparseValues(sparse(record.sparse()));
    }
    if (!record.metadata().isEmpty()) {
      vector.setMetadata(struct(record.metadata()));
    }
    return vector.build();
  }

  static ScoredVector scored(Match match, boolean withValues, boolean withMetadata) {
    ScoredVector.Builder vector =
        ScoredVector.newBuilder().setId(match.id()).setScore(match.score());
    if (withValues && match.values() != null) {
      for (float value : match.values()) {
        vector.addValues(value);
      }
    }
    if (withValues && match.sparse() != null) {
      vector.setSparseValues(sparse(match.sparse()));
    }
    if (withMetadata && !match.metadata().isEmpty()) {
      vector.setMetadata(struct(match.metadata()));
    }
    return vector.build();
  }

  private static SparseValues sparse(SparseVector sparse) {
    SparseValues.Builder values = SparseValues.newBuilder();
    for (int i = 0; i < sparse.size(); i++) {
      values.addIndices(sparse.indices()[i]).addValues(sparse.weights()[i]);
    }
    return values.build();
  }

  private static Struct struct(Metadata metadata) {
    Struct.Builder struct = Struct.newBuilder();
    metadata.fields().forEach((field, value) -> struct.putFields(field, value(value)));
    return struct.build();
  }

  private static Value value(MetaValue value) {
    return switch (value) {
      case MetaValue.Str(String text) -> text(text);
      case MetaValue.Num(double number) -> Value.newBuilder().setNumberValue(number).build();
      case MetaValue.Bool(boolean truth) -> Value.newBuilder().setBoolValue(truth).build();
      case MetaValue.StrList(List<String> texts) ->
          Value.newBuilder()
              .setListValue(
                  ListValue.newBuilder().addAllValues(texts.stream().map(Messages::text).toList()))
              .build();
    };
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}
