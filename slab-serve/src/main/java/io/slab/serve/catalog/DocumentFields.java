package io.slab.serve.catalog;

import io.slab.serve.json.Members;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which fields of documents are the vectors of records; all others are metadata, one of which may
 * be asked for by its words.
 *
 * @param dense name of the field with dense values, or null
 * @param sparse name of the field with sparse values, or null
 * @param text name of the field of the text index, or null
 */
public record DocumentFields(String dense, String sparse, String text) {
  /** Those of a schema. */
  static DocumentFields of(ObjectNode fields) {
    String dense = null;
    String sparse = null;
    String text = null;
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      String type =
          field.getValue() instanceof ObjectNode says ? new Members(says).text("type") : null;
      dense = "dense_vector".equals(type) ? field.getKey() : dense;
      sparse = "sparse_vector".equals(type) ? field.getKey() : sparse;
      text = field.getValue().hasNonNull("full_text_search") ? field.getKey() : text;
    }
    return new DocumentFields(dense, sparse, text);
  }

  /** Whether a field is one of the vectors. */
  public boolean isVector(String field) {
    return field.equals(dense) || field.equals(sparse);
  }
}
