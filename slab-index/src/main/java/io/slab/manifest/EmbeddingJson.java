package io.slab.manifest;

import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.json.JsonNode;
import io.slab.model.EmbeddingSpec;
import tools.jackson.core.JsonGenerator;

/** The member {@code embedding} of settings (spec/index.md, {@code CJ-embedding}). */
final class EmbeddingJson {
  private static final String MEMBER = "embedding";

  private EmbeddingJson() {}

  /** Settings of indexes without texts have none, and those of the first writers no member. */
  static EmbeddingSpec read(StoredJson settings) {
    if (!settings.has(MEMBER) || settings.isNull(MEMBER)) {
      return null;
    }
    JsonNode node = settings.node(MEMBER);
    JsonNode model = node.get("model");
    JsonNode dimension = node.get("dimension");
    JsonNode normalized = node.get("normalized");
    JsonNode field = node.get("textField");
    boolean noField = field == null || field.isNull();
    if (model == null
        || !model.isString()
        || dimension == null
        || !dimension.isInt()
        || normalized == null
        || !normalized.isBoolean()
        || (!noField && !field.isString())) {
      throw wrong(settings, node.toString());
    }
    try {
      return new EmbeddingSpec(
          model.stringValue(),
          dimension.intValue(),
          normalized.booleanValue(),
          noField ? null : field.stringValue());
    } catch (InvalidInputException e) {
      throw wrong(settings, e.getMessage());
    }
  }

  private static CorruptException wrong(StoredJson settings, String found) {
    return settings.wrong(MEMBER, found, "null or a model with its dimension");
  }

  static void write(JsonGenerator out, EmbeddingSpec embedding) {
    out.writeName(MEMBER);
    if (embedding == null) {
      out.writeNull();
      return;
    }
    out.writeStartObject();
    out.writeStringProperty("model", embedding.model());
    out.writeNumberProperty("dimension", embedding.dimension());
    out.writeBooleanProperty("normalized", embedding.normalized());
    out.writeStringProperty("textField", embedding.textField());
    out.writeEndObject();
  }
}
