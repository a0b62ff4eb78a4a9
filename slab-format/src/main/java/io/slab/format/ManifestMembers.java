package io.slab.format;

import io.slab.error.CorruptException;
import io.slab.json.JsonNode;
import io.slab.model.Ulid;

/**
 * Reads typed members of the objects in a slab's manifest. What is not as it must be is reported as
 * corrupt, with the row of the table in the specification that says so.
 */
final class ManifestMembers {
  private final String resource;
  private final String table;
  private final String row;

  private ManifestMembers(String resource, String table, String row) {
    this.resource = resource;
    this.table = table;
    this.row = row;
  }

  /**
   * Of an object with a table of its own.
   *
   * @param resource name for errors
   * @param table what the table's rows begin with
   */
  static ManifestMembers of(String resource, String table) {
    return new ManifestMembers(resource, table, null);
  }

  /**
   * Of an object that one row of another table describes.
   *
   * @param resource name for errors
   * @param row which
   */
  static ManifestMembers in(String resource, String row) {
    return new ManifestMembers(resource, null, row);
  }

  JsonNode member(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      throw corrupt("no member \"" + name + "\"", "that member").of(rule(name));
    }
    return value;
  }

  JsonNode array(JsonNode node, String name) {
    JsonNode value = member(node, name);
    if (!value.isArray()) {
      throw corrupt(name + " " + value.getNodeType(), "an array").of(rule(name));
    }
    return value;
  }

  String text(JsonNode node, String name) {
    JsonNode value = member(node, name);
    if (!value.isString()) {
      throw corrupt(name + " " + value.getNodeType(), "a string").of(rule(name));
    }
    return value.stringValue();
  }

  int number(JsonNode node, String name, int least, int most) {
    JsonNode value = member(node, name);
    if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
      throw corrupt(name + " " + value, "a whole number of " + least + " to " + most)
          .of(rule(name));
    }
    return value.intValue();
  }

  long unsigned(JsonNode node, String name) {
    String digits = text(node, name);
    try {
      long value = Long.parseUnsignedLong(digits);
      if (Long.toUnsignedString(value).equals(digits)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // The same as one with zeros before it.
    }
    throw corrupt(name + " " + digits, "a decimal number without leading zeros").of(rule(name));
  }

  /** An element of the array that a member is. */
  Ulid ulid(JsonNode node, String name) {
    try {
      return Ulid.parse(node.isString() ? node.stringValue() : "");
    } catch (IllegalArgumentException e) {
      throw corrupt("id " + node, "a ULID").of(rule(name));
    }
  }

  double real(JsonNode node, String name) {
    JsonNode value = member(node, name);
    if (!value.isNumber()) {
      throw corrupt(name + " " + value.getNodeType(), "a number").of(rule(name));
    }
    return value.doubleValue();
  }

  double positive(JsonNode node, String name) {
    double value = real(node, name);
    if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
      throw corrupt(name + " " + value, "a number from 0 on").of(rule(name));
    }
    return value;
  }

  private String rule(String name) {
    return row == null ? table + name : row;
  }

  CorruptException corrupt(String found, String expected) {
    return new CorruptException(resource, -1, found, expected);
  }
}
