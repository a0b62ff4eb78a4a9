package io.slab.serve.json;

import io.slab.serve.api.ApiException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Members of a request's tree, each of the type that it must have; null counts as missing. */
public final class Members {
  private final ObjectNode node;

  public Members(ObjectNode node) {
    this.node = node;
  }

  /** A member, or null. */
  public JsonNode get(String name) {
    JsonNode member = node.get(name);
    return member == null || member.isNull() ? null : member;
  }

  public boolean has(String name) {
    return get(name) != null;
  }

  /** A text, or null. */
  public String text(String name) {
    JsonNode member = get(name);
    if (member != null && !member.isString()) {
      throw wrong(name, "a string");
    }
    return member == null ? null : member.stringValue();
  }

  /** A text that must be there. */
  public String requiredText(String name) {
    String text = text(name);
    if (text == null) {
      throw ApiException.invalid("'" + name + "' is missing");
    }
    return text;
  }

  public boolean flag(String name, boolean otherwise) {
    JsonNode member = get(name);
    if (member != null && !member.isBoolean()) {
      throw wrong(name, "true or false");
    }
    return member == null ? otherwise : member.booleanValue();
  }

  /** A whole number of 32 bits. */
  public int number(String name, int otherwise) {
    JsonNode member = get(name);
    if (member == null) {
      return otherwise;
    }
    if (!member.isIntegralNumber() || !member.canConvertToInt()) {
      throw wrong(name, "a whole number");
    }
    return member.intValue();
  }

  /** The text of an object, or null; filters are handed on so. */
  public String objectText(String name) {
    JsonNode member = get(name);
    if (member != null && !member.isObject()) {
      throw wrong(name, "an object");
    }
    return member == null ? null : member.toString();
  }

  /** An object, or null. */
  public ObjectNode object(String name) {
    JsonNode member = get(name);
    if (member != null && !member.isObject()) {
      throw wrong(name, "an object");
    }
    return (ObjectNode) member;
  }

  /** An array of texts, or null. */
  public List<String> texts(String name) {
    JsonNode member = get(name);
    if (member == null) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : member) {
      if (!item.isString()) {
        throw wrong(name, "an array of strings");
      }
      texts.add(item.stringValue());
    }
    if (!member.isArray()) {
      throw wrong(name, "an array of strings");
    }
    return texts;
  }

  private static ApiException wrong(String name, String expected) {
    return ApiException.invalid("'" + name + "' must be " + expected);
  }
}
