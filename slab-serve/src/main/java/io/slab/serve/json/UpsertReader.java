package io.slab.serve.json;

import io.slab.model.Limits;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.serve.api.ApiException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the body of {@code POST /vectors/upsert}; one of a kind is used once. */
public final class UpsertReader {
  private final int dimension;
  private final List<VectorRecord> records = new ArrayList<>();
  private String namespace = "";

  /** What is to be written, and where. */
  public record Batch(String namespace, List<VectorRecord> records) {}

  private UpsertReader(int dimension) {
    this.dimension = dimension;
  }

  /**
   * Reads a body.
   *
   * @param dimension of the index
   */
  public static Batch read(byte[] body, int dimension) {
    return Bodies.read(body, new UpsertReader(dimension)::from);
  }

  private Batch from(JsonParser in) {
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken token = in.nextToken();
      if (name.equals("vectors")) {
        vectors(in);
      } else if (name.equals("namespace") && token == JsonToken.VALUE_STRING) {
        namespace = in.getString();
      } else {
        in.skipChildren();
      }
    }
    return new Batch(namespace, records);
  }

  private void vectors(JsonParser in) {
    VectorReader.require(in, JsonToken.START_ARRAY, "vectors", "an array of objects");
    while (in.nextToken() != JsonToken.END_ARRAY) {
      VectorReader.require(in, JsonToken.START_OBJECT, "vectors", "an array of objects");
      if (records.size() == Limits.MAX_BATCH_RECORDS) {
        throw ApiException.invalid(
            "an upsert takes at most " + Limits.MAX_BATCH_RECORDS + " vectors; send several");
      }
      records.add(record(in));
    }
  }

  private VectorRecord record(JsonParser in) {
    String id = null;
    float[] values = null;
    SparseVector sparse = null;
    Metadata metadata = Metadata.EMPTY;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      if (in.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      switch (name) {
        case "id" -> {
          VectorReader.require(in, JsonToken.VALUE_STRING, "id", "a string");
          id = in.getString();
        }
        case "values" -> values = VectorReader.floats(in, dimension, "values");
        case "sparseValues" -> sparse = VectorReader.sparse(in, "sparseValues");
        case "metadata" ->
            metadata = VectorReader.metadata(in, records.size(), id == null ? "" : id);
        default -> in.skipChildren();
      }
    }
    if (id == null) {
      throw ApiException.invalid("vector " + records.size() + " has no 'id'");
    }
    return new VectorRecord(
        id, values == null || values.length == 0 ? null : values, sparse, metadata);
  }
}
