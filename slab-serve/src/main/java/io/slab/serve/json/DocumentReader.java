package io.slab.serve.json;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.serve.api.ApiException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads documents: flat objects with {@code _id}, of which some fields are vectors. */
public final class DocumentReader {
  private static final int MOST = 1_000;

  private final String dense;
  private final String sparse;

  /**
   * A document, or a part of one that is to be changed.
   *
   * @param values of its dense field, or null
   * @param sparse values of its sparse field, or null
   * @param fields all others
   * @param removed names of fields that are to be taken away
   */
  public record Document(
      String id, float[] values, SparseVector sparse, Metadata fields, List<String> removed) {}

  /**
   * @param dense name of the dense field, or null
   * @param sparse name of the sparse field, or null
   */
  public DocumentReader(String dense, String sparse) {
    this.dense = dense;
    this.sparse = sparse;
  }

  /** The member {@code documents} of a body, at the beginning of its array. */
  public List<Document> documents(JsonParser in) {
    VectorReader.require(in, JsonToken.START_ARRAY, "documents", "an array of objects");
    List<Document> documents = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      VectorReader.require(in, JsonToken.START_OBJECT, "documents", "an array of objects");
      if (documents.size() == MOST) {
        throw ApiException.invalid("a request takes at most " + MOST + " documents; send several");
      }
      documents.add(document(in, documents.size()));
    }
    if (documents.isEmpty()) {
      throw ApiException.invalid("'documents' is empty");
    }
    return documents;
  }

  /**
   * One record as the records API has them, whose id may also be called {@code id}.
   *
   * @param in inside of its object
   */
  Document record(JsonParser in, int position) {
    Document read = read(in, position);
    if (read.id() != null) {
      return read;
    }
    Map<String, MetaValue> fields = new HashMap<>(read.fields().fields());
    if (fields.remove("id") instanceof MetaValue.Str id) {
      return new Document(id.value(), null, null, Metadata.of(fields), List.of());
    }
    throw ApiException.invalid("record " + position + " has no '_id'");
  }

  private Document document(JsonParser in, int position) {
    Document read = read(in, position);
    if (read.id() == null) {
      throw ApiException.invalid("document " + position + " has no '_id'");
    }
    return read;
  }

  private Document read(JsonParser in, int position) {
    String id = null;
    float[] values = null;
    SparseVector weights = null;
    List<String> removed = List.of();
    Map<String, MetaValue> fields = new HashMap<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      if (name.equals("_id")) {
        VectorReader.require(in, JsonToken.VALUE_STRING, "_id", "a string");
        id = in.getString();
      } else if (name.equals("_remove_fields")) {
        removed = names(in);
      } else if (name.equals(dense)) {
        values = VectorReader.floats(in, 64, name);
      } else if (name.equals(sparse)) {
        weights = VectorReader.sparse(in, name);
      } else {
        fields.put(name, VectorReader.value(in, name, position, id == null ? "" : id));
      }
    }
    return new Document(id, values, weights, Metadata.of(fields), removed);
  }

  private static List<String> names(JsonParser in) {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return List.of();
    }
    VectorReader.require(in, JsonToken.START_ARRAY, "_remove_fields", "an array of names");
    List<String> names = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      VectorReader.require(in, JsonToken.VALUE_STRING, "_remove_fields", "an array of names");
      names.add(in.getString());
    }
    return names;
  }
}
