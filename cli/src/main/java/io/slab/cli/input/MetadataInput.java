package io.slab.cli.input;

import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.RecordRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Metadata given as an option. */
public final class MetadataInput {
  private MetadataInput() {}

  /** Parses an object of strings, numbers, booleans and lists of strings. */
  public static Metadata parse(String what, String text) {
    JsonNode json = Json.parse(what, text);
    if (!json.isObject()) {
      throw new InvalidInputException(what + " must be a JSON object");
    }
    Map<String, MetaValue> fields = new TreeMap<>();
    json.forEachEntry((name, value) -> fields.put(name, value(name, value)));
    return Metadata.of(fields);
  }

  private static MetaValue value(String name, JsonNode json) {
    if (json.isString()) {
      return new MetaValue.Str(json.stringValue());
    }
    if (json.isNumber()) {
      return new MetaValue.Num(json.doubleValue());
    }
    if (json.isBoolean()) {
      return new MetaValue.Bool(json.booleanValue());
    }
    if (json.isArray()) {
      List<String> texts = new ArrayList<>();
      for (JsonNode element : json) {
        if (!element.isString()) {
          throw refused(name, json);
        }
        texts.add(element.stringValue());
      }
      return new MetaValue.StrList(texts);
    }
    throw refused(name, json);
  }

  private static InvalidInputException refused(String name, JsonNode json) {
    return new InvalidInputException(RecordRules.metadataType(Json.text(json), name));
  }
}
