package io.slab.source.scan;

import io.slab.error.CorruptException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Metric;
import io.slab.source.ForeignFile;
import io.slab.source.SourceFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** Small JSON files beside an export, such as a manifest, and the values in them. */
final class JsonFile {
  /** Largest description that is read. */
  private static final int MAX_BYTES = 8 << 20;

  private JsonFile() {}

  /**
   * Reads a description.
   *
   * @throws CorruptException when it is no JSON
   */
  static JsonNode read(SourceFiles files, String path) throws IOException {
    String name = files.describe(path);
    try (InputStream in = files.stream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw ForeignFile.corrupt(name, -1, "more than " + MAX_BYTES + " bytes", "a description");
      }
      return Json.parseStored(name, bytes);
    }
  }

  /** The first of some members that is there, or null. */
  static JsonNode member(JsonNode object, String... names) {
    if (object == null || !object.isObject()) {
      return null;
    }
    for (String name : names) {
      JsonNode value = object.get(name);
      if (value != null && !value.isNull()) {
        return value;
      }
    }
    return null;
  }

  /** A text, or null. */
  static String text(JsonNode object, String... names) {
    JsonNode value = member(object, names);
    return value != null && value.isString() ? value.stringValue() : null;
  }

  /** A whole number, also where it is written as text, or -1. */
  static long number(JsonNode object, String... names) {
    JsonNode value = member(object, names);
    if (value != null && value.isString()) {
      try {
        return Long.parseLong(value.stringValue());
      } catch (NumberFormatException e) {
        return -1;
      }
    }
    return value != null && value.isNumber() && value.canConvertToLong() ? value.longValue() : -1;
  }

  /** A metric by any of its names, or null. */
  static Metric metric(String name) {
    return switch (name == null ? "" : name.toLowerCase(Locale.ROOT)) {
      case "cosine" -> Metric.COSINE;
      case "euclidean", "euclid", "l2" -> Metric.EUCLIDEAN;
      case "dotproduct", "dot", "ip", "inner_product" -> Metric.DOTPRODUCT;
      default -> null;
    };
  }
}
