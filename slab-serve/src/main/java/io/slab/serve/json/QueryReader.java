package io.slab.serve.json;

import io.slab.Query;
import io.slab.model.SparseVector;
import io.slab.serve.api.ApiException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the body of {@code POST /query}; one of a kind is used once. */
public final class QueryReader {
  private final byte[] body;
  private final int dimension;
  private String namespace = "";
  private int topK;
  private String filter;
  private boolean values;
  private boolean metadata;
  private float[] vector;
  private SparseVector sparse;
  private String id;

  /**
   * A question and where it is asked.
   *
   * @param namespace as it was named, for the answer; empty where it was not
   */
  public record Asked(String namespace, Query query) {}

  private QueryReader(byte[] body, int dimension) {
    this.body = body;
    this.dimension = dimension;
  }

  /**
   * Reads a body.
   *
   * @param dimension of the index
   */
  public static Asked read(byte[] body, int dimension) {
    return Bodies.read(body, new QueryReader(body, dimension)::from);
  }

  private Asked from(JsonParser in) {
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      if (in.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      member(in, name);
    }
    if (topK == 0) {
      throw ApiException.invalid("'topK' is missing");
    }
    return new Asked(namespace, Queries.of(vector, sparse, id, filter, topK, values, metadata));
  }

  private void member(JsonParser in, String name) {
    switch (name) {
      case "vector" -> vector = VectorReader.floats(in, dimension, name);
      case "sparseVector" -> sparse = VectorReader.sparse(in, name);
      case "topK" -> topK = Queries.topK(whole(in, name));
      case "namespace" -> namespace = text(in, name);
      case "id" -> id = text(in, name);
      case "filter" -> filter = object(in, name);
      case "includeValues" -> values = flag(in, name);
      case "includeMetadata" -> metadata = flag(in, name);
      case "queries" ->
          throw ApiException.invalid("'queries' is of clients of 2022; send one 'vector' or 'id'");
      default -> in.skipChildren();
    }
  }

  private static long whole(JsonParser in, String name) {
    VectorReader.require(in, JsonToken.VALUE_NUMBER_INT, name, "a whole number");
    return in.getLongValue();
  }

  private static String text(JsonParser in, String name) {
    VectorReader.require(in, JsonToken.VALUE_STRING, name, "a string");
    return in.getString();
  }

  private static boolean flag(JsonParser in, String name) {
    if (in.currentToken() != JsonToken.VALUE_TRUE && in.currentToken() != JsonToken.VALUE_FALSE) {
      throw ApiException.invalid("'" + name + "' must be true or false");
    }
    return in.currentToken() == JsonToken.VALUE_TRUE;
  }

  /** The bytes of an object as they came, for the library reads filters itself. */
  private String object(JsonParser in, String name) {
    VectorReader.require(in, JsonToken.START_OBJECT, name, "an object");
    int from = (int) in.currentTokenLocation().getByteOffset();
    in.skipChildren();
    int to = (int) in.currentLocation().getByteOffset();
    return new String(body, from, to - from, StandardCharsets.UTF_8);
  }
}
