package io.slab.serve.rest;

import io.slab.serve.api.ApiException;
import io.slab.serve.json.Members;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of an index as 2026-07 names them.
 *
 * @param shape of its vectors
 * @param documents whether it is asked by the documents API; by the vectors API otherwise
 * @param text the field of its text index, or null
 */
record IndexSchema(NewIndex.Shape shape, boolean documents, FullText text) {

  static IndexSchema of(ObjectNode fields) {
    Members dense = null;
    boolean sparse = false;
    FullText text = null;
    int reserved = 0;
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      if (!(field.getValue() instanceof ObjectNode says)) {
        throw ApiException.invalid("'schema.fields." + field.getKey() + "' must be an object");
      }
      String type = new Members(says).text("type");
      if ("semantic_text".equals(type)) {
        throw DataRoutes.needsText("a field of the type semantic_text");
      }
      ObjectNode asked = new Members(says).object("full_text_search");
      if (asked != null) {
        if (text != null || !"string".equals(type)) {
          throw ApiException.invalid(
              "an index has one field of the type string for full text on this server, got '"
                  + field.getKey()
                  + "' too");
        }
        text = FullText.of(field.getKey(), asked);
      }
      if ("dense_vector".equals(type)) {
        if (dense != null) {
          throw ApiException.invalid("an index has one dense_vector field on this server");
        }
        dense = new Members(says);
        reserved += field.getKey().equals(IndexModels.DENSE_FIELD) ? 1 : 0;
      } else if ("sparse_vector".equals(type)) {
        if (sparse) {
          throw ApiException.invalid("an index has one sparse_vector field on this server");
        }
        sparse = true;
        reserved += field.getKey().equals(IndexModels.SPARSE_FIELD) ? 1 : 0;
      }
    }
    return of(dense, sparse, text, reserved);
  }

  /**
   * @param reserved how many of the vector fields have the names that stand for the vectors API
   */
  private static IndexSchema of(Members dense, boolean sparse, FullText text, int reserved) {
    if (dense == null && !sparse && text == null) {
      throw ApiException.invalid(
          "'schema.fields' needs a dense_vector or a sparse_vector field, or a string field for"
              + " full text");
    }
    int vectors = (dense == null ? 0 : 1) + (sparse ? 1 : 0);
    if (reserved != 0 && reserved != vectors) {
      throw ApiException.invalid(
          "fields named "
              + IndexModels.DENSE_FIELD
              + " and "
              + IndexModels.SPARSE_FIELD
              + " are those of the vectors API: name both vector fields so, or none");
    }
    if (text != null && (sparse || reserved != 0)) {
      throw ApiException.invalid(
          "the words of the field '"
              + text.field()
              + "' take the place of a sparse_vector field, and belong to the documents API");
    }
    boolean documents = reserved == 0;
    if (dense == null) {
      return new IndexSchema(NewIndex.Shape.of("sparse", null, null), documents, text);
    }
    Integer dimension = dense.has("dimension") ? dense.number("dimension", 0) : null;
    NewIndex.Shape shape = NewIndex.Shape.of("dense", dimension, dense.text("metric"));
    if (sparse && !shape.type().hasSparse()) {
      throw ApiException.invalid("a sparse_vector field beside a dense one needs dotproduct");
    }
    return new IndexSchema(shape, documents, text);
  }
}
