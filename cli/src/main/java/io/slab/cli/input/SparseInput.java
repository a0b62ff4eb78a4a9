package io.slab.cli.input;

import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.SparseVector;
import java.util.stream.IntStream;

/** Sparse vectors given as options or as JSON objects; indices may come in any order. */
public final class SparseInput {
  private static final long MAX_INDEX = 0xFFFF_FFFFL;

  private SparseInput() {}

  /** From two JSON arrays. */
  public static SparseVector parse(String indicesText, String valuesText) {
    return of(
        "--sparse-indices",
        Json.parse("--sparse-indices", indicesText),
        FloatText.parse("--sparse-values", valuesText));
  }

  /** From {@code {"indices": [..], "values": [..]}}. */
  public static SparseVector of(String what, JsonNode json) {
    if (!json.isObject() || !json.has("indices") || !json.has("values")) {
      throw new InvalidInputException(what + " must be an object with indices and values");
    }
    return of(what, json.get("indices"), FloatText.parse(what, Json.text(json.get("values"))));
  }

  private static SparseVector of(String what, JsonNode indices, float[] weights) {
    if (!indices.isArray() || indices.size() != weights.length) {
      throw new InvalidInputException(
          what + ": " + indices.size() + " indices but " + weights.length + " values");
    }
    int[] given = new int[weights.length];
    for (int i = 0; i < given.length; i++) {
      JsonNode index = indices.get(i);
      if (!index.canConvertToLong()
          || !index.isIntegralNumber()
          || index.longValue() < 0
          || index.longValue() > MAX_INDEX) {
        throw new InvalidInputException(
            what + ": index " + Json.text(index) + " is not a whole number from 0 to " + MAX_INDEX);
      }
      given[i] = (int) index.longValue();
    }
    return sorted(what, given, weights);
  }

  private static SparseVector sorted(String what, int[] given, float[] weights) {
    int[] order =
        IntStream.range(0, given.length)
            .boxed()
            .sorted((a, b) -> Integer.compareUnsigned(given[a], given[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] indices = new int[given.length];
    float[] values = new float[given.length];
    for (int i = 0; i < order.length; i++) {
      indices[i] = given[order[i]];
      values[i] = weights[order[i]];
      if (i > 0 && indices[i] == indices[i - 1]) {
        throw new InvalidInputException(
            what + ": index " + Integer.toUnsignedLong(indices[i]) + " is given twice");
      }
    }
    return new SparseVector(indices, values);
  }
}
