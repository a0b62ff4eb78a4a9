package io.slab.cli.command;

import io.slab.cli.usage.Suggest;
import io.slab.cli.usage.UsageException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The arguments of a call, looked at one by one; null stands for what is not there. */
final class AgentArguments {
  private final JsonNode given;

  /** Refuses arguments that the tool does not have. */
  AgentArguments(JsonNode given, Collection<String> known) {
    this.given = given;
    for (String name : given.propertyNames()) {
      if (!known.contains(name)) {
        throw Suggest.unknown("there is no argument", name, known);
      }
    }
  }

  private JsonNode get(String name) {
    JsonNode value = given.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private static UsageException wrong(String name, String what) {
    return new UsageException(name + " must be " + what, null);
  }

  /** A text. */
  String text(String name) {
    JsonNode value = get(name);
    if (value != null && !value.isString()) {
      throw wrong(name, "a text");
    }
    return value == null ? null : value.stringValue();
  }

  /** A text that no option of the command line would take for the name of a file, or for stdin. */
  String words(String name) {
    String text = text(name);
    // Who looks for words strips blanks around them.
    return text == null ? null : " " + text;
  }

  boolean flag(String name, boolean otherwise) {
    JsonNode value = get(name);
    if (value != null && !value.isBoolean()) {
      throw wrong(name, "true or false");
    }
    return value == null ? otherwise : value.booleanValue();
  }

  int whole(String name, int most, int otherwise) {
    JsonNode value = get(name);
    if (value == null) {
      return otherwise;
    }
    // Some clients write 5.0 for 5.
    double number = value.isNumber() ? value.doubleValue() : -1;
    if (!(number >= 1 && number <= most && number == Math.rint(number))) {
      throw wrong(name, "a whole number from 1 to " + most);
    }
    return (int) number;
  }

  /** An object, as JSON. */
  String object(String name) {
    JsonNode value = get(name);
    if (value != null && !value.isObject()) {
      throw wrong(name, "an object");
    }
    return value == null ? null : Json.text(value);
  }

  /** An array, as JSON. */
  String array(String name) {
    JsonNode value = get(name);
    if (value != null && !value.isArray()) {
      throw wrong(name, "an array");
    }
    return value == null ? null : Json.text(value);
  }

  /** An array of texts; empty where it is not there. */
  List<String> texts(String name, int most) {
    List<String> texts = new ArrayList<>();
    JsonNode value = get(name);
    if (value != null && (!value.isArray() || value.isEmpty() || value.size() > most)) {
      throw wrong(name, "an array of 1 to " + most + " texts");
    }
    for (int i = 0; value != null && i < value.size(); i++) {
      if (!value.get(i).isString()) {
        throw wrong(name, "an array of texts");
      }
      texts.add(value.get(i).stringValue());
    }
    return texts;
  }
}
