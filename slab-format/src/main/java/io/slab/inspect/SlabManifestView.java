package io.slab.inspect;

import io.slab.format.file.SlabFormat;
import io.slab.json.JsonNode;
import io.slab.model.TextIndex;
import java.util.ArrayList;
import java.util.List;

/**
 * What inspection wants from the manifest inside a slab. Lenient: a member that is missing or of
 * another type reads as null, -1 or an empty list, so that a slab with a strange manifest can still
 * be looked at.
 */
public record SlabManifestView(JsonNode json) {
  /** One entry of {@code columns}. */
  public record Column(int id, String field, String type, long rows, long distinct) {}

  /** A text member, or null. */
  public String text(String name) {
    return text(json, name);
  }

  private static String text(JsonNode node, String name) {
    JsonNode value = node.get(name);
    return value != null && value.isString() ? value.stringValue() : null;
  }

  /** A whole number, written as such or as a decimal string; -1 when it is neither. */
  public long number(String name) {
    return number(json, name);
  }

  private static long number(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value != null && value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    if (value != null && value.isString()) {
      try {
        return Long.parseLong(value.stringValue());
      } catch (NumberFormatException e) {
        return -1;
      }
    }
    return -1;
  }

  /** The field whose terms the sparse values are; null also for a language that is none. */
  public TextIndex textIndex() {
    JsonNode node = json.get("textIndex");
    String field = node == null ? null : text(node, "field");
    String language = node == null ? null : text(node, "language");
    return field == null || language == null || !TextIndex.isLanguage(language)
        ? null
        : new TextIndex(field, language);
  }

  /** What it says of its texts; -1 for what it does not say. */
  public long textTotal(String name) {
    JsonNode node = json.get("textIndex");
    return node == null ? -1 : number(node, name);
  }

  /** The columns in their order; entries without id, field or type are left out. */
  public List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    JsonNode list = json.get("columns");
    if (list != null && list.isArray()) {
      for (JsonNode node : list) {
        String field = text(node, "field");
        String type = text(node, "type");
        long id = number(node, "id");
        if (field != null && type != null && id >= 0 && id < SlabFormat.NO_COLUMN) {
          columns.add(
              new Column((int) id, field, type, number(node, "rows"), number(node, "distinct")));
        }
      }
    }
    return columns;
  }

  /** The texts of a list member, in their order. */
  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    JsonNode list = json.get(name);
    if (list != null && list.isArray()) {
      for (JsonNode text : list) {
        if (text.isString()) {
          texts.add(text.stringValue());
        }
      }
    }
    return texts;
  }
}
