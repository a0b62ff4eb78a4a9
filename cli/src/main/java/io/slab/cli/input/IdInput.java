package io.slab.cli.input;

import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Ids given as an option: a JSON array of strings, or text with one id per line or comma. */
public final class IdInput {
  private IdInput() {}

  /** The ids of an option that may be repeated, in the order given. */
  public static List<String> parse(String option, TextInput input, List<String> values) {
    List<String> ids = new ArrayList<>();
    for (String value : values) {
      ids.addAll(parse(option, input.text(option, value)));
    }
    return ids;
  }

  /** The ids in the order given. */
  public static List<String> parse(String what, String text) {
    List<String> ids = new ArrayList<>();
    if (text.stripLeading().startsWith("[")) {
      for (JsonNode element : Json.parse(what, text)) {
        if (!element.isString()) {
          throw new InvalidInputException(what + " must be strings, got " + Json.text(element));
        }
        ids.add(element.stringValue());
      }
    } else {
      for (String id : text.split("[,\\n]")) {
        if (!id.isBlank()) {
          ids.add(id.strip());
        }
      }
    }
    if (ids.isEmpty()) {
      throw new InvalidInputException(what + " names no id");
    }
    return ids;
  }
}
