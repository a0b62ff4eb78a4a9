package io.slab.manifest;

import io.slab.error.CorruptException;
import io.slab.error.UnsupportedException;
import io.slab.json.JsonNode;
import io.slab.model.PrivateNumbers;
import io.slab.model.Ulid;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Typed access to a stored JSON object; a member that is missing or of another type is corruption.
 */
final class StoredJson {
  private final String resource;
  private final JsonNode node;
  private final String table;

  /**
   * @param table what the ids of the members' rows in spec/index.md begin with, or null
   */
  StoredJson(String resource, JsonNode node, String table) {
    this.resource = resource;
    this.node = node;
    this.table = table;
    if (!node.isObject()) {
      throw wrong("a " + node.getNodeType(), "an object");
    }
  }

  CorruptException wrong(String found, String expected) {
    return new CorruptException(resource, -1, found, expected);
  }

  /** The same about a member. */
  CorruptException wrong(String name, String found, String expected) {
    return wrong(found, expected).of(rule(name));
  }

  private String rule(String name) {
    return table == null ? null : table + name;
  }

  /** The table of what an array or object holds. */
  private String tableOf(String name) {
    String rule = rule(name);
    if ("NM-slabs".equals(rule)) {
      return "NS-";
    }
    return "NS-columns".equals(rule) ? "NC-" : null;
  }

  /** True for a member that is there; of those that may be absent none may be null. */
  boolean has(String name) {
    return node.has(name);
  }

  /** True for a member that is null, false for another one. */
  boolean isNull(String name) {
    return node(name).isNull();
  }

  JsonNode node(String name) {
    JsonNode member = node.get(name);
    if (member == null) {
      throw wrong(name, "no member '" + name + "'", "one");
    }
    return member;
  }

  String text(String name) {
    JsonNode member = node(name);
    if (!member.isString()) {
      throw wrong(name, "'" + name + "' of type " + member.getNodeType(), "a string");
    }
    return member.stringValue();
  }

  boolean flag(String name) {
    JsonNode member = node(name);
    if (!member.isBoolean()) {
      throw wrong(name, "'" + name + "' of type " + member.getNodeType(), "a boolean");
    }
    return member.booleanValue();
  }

  /** A whole number from 0 up, written as a number. */
  long count(String name) {
    return count(name, node(name));
  }

  private long count(String name, JsonNode member) {
    if (!member.isIntegralNumber() || !member.canConvertToLong() || member.longValue() < 0) {
      throw wrong(name, "'" + name + "' = " + member, "a whole number from 0 up");
    }
    return member.longValue();
  }

  double number(String name) {
    JsonNode member = node(name);
    if (!member.isNumber()) {
      throw wrong(name, "'" + name + "' of type " + member.getNodeType(), "a number");
    }
    return member.doubleValue();
  }

  /** A whole number from 0 up, written as decimal digits in a string because it may pass 2^53. */
  long decimal(String name) {
    return decimal(name, text(name));
  }

  long decimal(String name, String text) {
    try {
      long value = Long.parseLong(text);
      if (value >= 0 && Long.toString(value).equals(text)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below with every other bad form.
    }
    throw wrong(name, "'" + name + "' = \"" + text + "\"", "decimal digits of a number below 2^63");
  }

  Ulid ulid(String name) {
    return ulid(name, text(name));
  }

  Ulid ulid(String name, String text) {
    try {
      return Ulid.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(name, "'" + name + "' = \"" + text + "\"", "a ULID");
    }
  }

  StoredJson object(String name) {
    return new StoredJson(resource, node(name), tableOf(name));
  }

  <T> List<T> objects(String name, Function<StoredJson, T> read) {
    List<T> items = new ArrayList<>();
    for (JsonNode item : array(name)) {
      items.add(read.apply(new StoredJson(resource, item, tableOf(name))));
    }
    return items;
  }

  /** An array whose elements are arrays of exactly {@code width} strings. */
  List<List<String>> rows(String name, int width) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode row : array(name)) {
      rows.add(strings(name, row));
      if (rows.getLast().size() != width) {
        throw wrong(name, "'" + name + "' with " + rows.getLast().size() + " items", "" + width);
      }
    }
    return rows;
  }

  List<String> strings(String name) {
    return strings(name, node(name));
  }

  private List<String> strings(String name, JsonNode array) {
    if (!array.isArray()) {
      throw wrong(name, "'" + name + "' of type " + array.getNodeType(), "an array of strings");
    }
    List<String> items = new ArrayList<>();
    for (JsonNode item : array) {
      if (!item.isString()) {
        throw wrong(name, "'" + name + "' with a " + item.getNodeType(), "strings only");
      }
      items.add(item.stringValue());
    }
    return items;
  }

  private JsonNode array(String name) {
    JsonNode member = node(name);
    if (!member.isArray()) {
      throw wrong(name, "'" + name + "' of type " + member.getNodeType(), "an array");
    }
    return member;
  }

  /**
   * Checks {@code format}, {@code version} and the required features before anything else is
   * believed.
   */
  void header(String format) {
    header(format, List.of());
  }

  /**
   * The same of an object that may require some features.
   *
   * @param known those that this version has
   * @return those that it requires
   */
  List<String> header(String format, List<String> known) {
    if (!text("format").equals(format)) {
      throw wrong("format", "format \"" + text("format") + "\"", "\"" + format + "\"");
    }
    JsonNode version = array("version");
    if (version.size() != 2) {
      throw wrong("version", "version " + version, "[major, minor]");
    }
    if (count("version", version.get(0)) != 1) {
      throw new UnsupportedException(
              resource, -1, format + " version " + version, "major version 1")
          .of(rule("version"));
    }
    List<String> required = object("features").strings("required");
    object("features").strings("optional");
    if (!known.containsAll(required)) {
      throw new UnsupportedException(
              resource,
              -1,
              "required features " + required,
              "none that this version lacks",
              PrivateNumbers.hint(required))
          .of("Y-9");
    }
    return required;
  }
}
