package io.slab.serve.json;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.ApiException.Detail;
import io.slab.serve.api.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads vectors and metadata from the stream of a body. Each method begins at the token of its
 * value and ends at the value's last one. Stateless.
 */
public final class VectorReader {
  private VectorReader() {}

  /**
   * Dense values.
   *
   * @param expected how many there probably are, for the first array
   */
  public static float[] floats(JsonParser in, int expected, String name) {
    require(in, JsonToken.START_ARRAY, name, "an array of numbers");
    float[] values = new float[Math.max(expected, 8)];
    int count = 0;
    for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
      if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
        throw ApiException.invalid("'" + name + "' must be an array of numbers");
      }
      if (count == values.length) {
        values = Arrays.copyOf(values, count * 2);
      }
      values[count++] = in.getFloatValue();
    }
    return count == values.length ? values : Arrays.copyOf(values, count);
  }

  /** Sparse values, their indices in any order; null for null. */
  public static SparseVector sparse(JsonParser in, String name) {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    require(in, JsonToken.START_OBJECT, name, "an object with indices and values");
    long[] indices = new long[0];
    float[] values = new float[0];
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String member = in.currentName();
      in.nextToken();
      if (member.equals("indices")) {
        indices = indices(in, name + ".indices");
      } else if (member.equals("values")) {
        values = floats(in, indices.length, name + ".values");
      } else {
        in.skipChildren();
      }
    }
    return Sparse.of(indices, values);
  }

  private static long[] indices(JsonParser in, String name) {
    require(in, JsonToken.START_ARRAY, name, "an array of whole numbers");
    long[] indices = new long[16];
    int count = 0;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        throw ApiException.invalid("'" + name + "' must be an array of whole numbers");
      }
      if (count == indices.length) {
        indices = Arrays.copyOf(indices, count * 2);
      }
      indices[count++] = in.getLongValue();
    }
    return Arrays.copyOf(indices, count);
  }

  /**
   * Metadata of a record.
   *
   * @param position of the record in its batch
   */
  public static Metadata metadata(JsonParser in, int position, String id) {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return Metadata.EMPTY;
    }
    require(in, JsonToken.START_OBJECT, "metadata", "an object");
    Map<String, MetaValue> fields = new HashMap<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String field = in.currentName();
      in.nextToken();
      fields.put(field, value(in, field, position, id));
    }
    return Metadata.of(fields);
  }

  /** The value of a field of metadata. */
  static MetaValue value(JsonParser in, String field, int position, String id) {
    MetaValue value = value(in);
    if (value == null) {
      throw new ApiException(
          Status.INVALID_ARGUMENT,
          RecordRules.metadataType(shown(in), field),
          List.of(new Detail(position, id, "metadata." + field)),
          null);
    }
    return value;
  }

  /** A value, or null for one that metadata cannot have. */
  private static MetaValue value(JsonParser in) {
    return switch (in.currentToken()) {
      case VALUE_STRING -> new MetaValue.Str(in.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new MetaValue.Num(in.getDoubleValue());
      case VALUE_TRUE -> new MetaValue.Bool(true);
      case VALUE_FALSE -> new MetaValue.Bool(false);
      case START_ARRAY -> list(in);
      default -> null;
    };
  }

  private static MetaValue list(JsonParser in) {
    List<String> texts = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() != JsonToken.VALUE_STRING) {
        return null;
      }
      texts.add(in.getString());
    }
    return new MetaValue.StrList(texts);
  }

  private static String shown(JsonParser in) {
    return switch (in.currentToken()) {
      case VALUE_NULL -> "null";
      case START_OBJECT -> "an object";
      default -> "a list with something else than strings";
    };
  }

  static void require(JsonParser in, JsonToken token, String name, String expected) {
    if (in.currentToken() != token) {
      throw ApiException.invalid("'" + name + "' must be " + expected);
    }
  }
}
