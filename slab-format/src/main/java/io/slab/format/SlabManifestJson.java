package io.slab.format;

import io.slab.error.CorruptException;
import io.slab.error.UnsupportedException;
import io.slab.format.file.SlabFormat;
import io.slab.format.section.ColumnType;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Ledger;
import io.slab.model.Limits;
import io.slab.model.Metric;
import io.slab.model.PrivateNumbers;
import io.slab.model.TextIndex;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorType;
import io.slab.model.Vintage;
import io.slab.text.TextTotals;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** The JSON form of {@link SlabManifest}. A reader ignores members that it does not know. */
final class SlabManifestJson {
  static final String FORMAT = "slab";

  private static final int MAX_MEASURED = 10_000;

  /** A number of a vector is the part of its sections, a u16. */
  private static final int MAX_VECTOR = 0xFFFF;

  private final String resource;

  /** Of the members that are read: what rows of their table begin with; null for those without. */
  private String table = "SM-";

  private SlabManifestJson(String resource) {
    this.resource = resource;
  }

  static byte[] write(SlabManifest manifest) {
    return Json.bytes(out -> write(out, manifest));
  }

  private static void write(JsonGenerator out, SlabManifest manifest) {
    out.writeStartObject();
    out.writeStringProperty("format", FORMAT);
    out.writeName("version").writeStartArray();
    out.writeNumber(SlabFormat.MAJOR).writeNumber(SlabFormat.MINOR).writeEndArray();
    out.writeStringProperty("id", manifest.id().toString());
    out.writeStringProperty("namespace", manifest.namespace());
    out.writeStringProperty("writer", manifest.writer());
    out.writeNumberProperty("level", manifest.level());
    out.writeNumberProperty("rows", manifest.rows());
    out.writeNumberProperty("dimension", manifest.dimension());
    out.writeStringProperty("metric", manifest.metric().label());
    out.writeStringProperty("vectorType", manifest.vectorType().label());
    if (manifest.textIndex() != null) {
      out.writeName("textIndex").writeStartObject();
      out.writeStringProperty("field", manifest.textIndex().field());
      out.writeStringProperty("language", manifest.textIndex().language());
      out.writeNumberProperty("texts", manifest.textTotals().texts());
      out.writeNumberProperty("terms", manifest.textTotals().terms());
      out.writeEndObject();
    }
    out.writeStringProperty("lsnMin", Long.toUnsignedString(manifest.lsnMin()));
    out.writeStringProperty("lsnMax", Long.toUnsignedString(manifest.lsnMax()));
    if (manifest.lsnAsOf() != SlabTombstones.UNKNOWN) {
      out.writeStringProperty("lsnAsOf", Long.toUnsignedString(manifest.lsnAsOf()));
    }
    out.writeName("fields").writeStartArray();
    manifest.fields().forEach(out::writeString);
    out.writeEndArray();
    out.writeName("columns").writeStartArray();
    for (SlabManifest.Column column : manifest.columns()) {
      out.writeStartObject();
      out.writeNumberProperty("id", column.id());
      out.writeStringProperty("field", column.field());
      out.writeStringProperty("type", column.type().label());
      out.writeNumberProperty("rows", column.rows());
      out.writeNumberProperty("distinct", column.distinct());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeName("algorithm").writeStartObject();
    out.writeStringProperty("name", manifest.algorithm());
    if (!manifest.measured().isEmpty()) {
      measured(out, manifest.measured());
    }
    out.writeEndObject();
    out.writeName("sources").writeStartArray();
    manifest.sources().forEach(id -> out.writeString(id.toString()));
    out.writeEndArray();
    if (!manifest.vintage().equals(Vintage.FIRST)) {
      out.writeName("vintage").writeStartObject();
      out.writeNumberProperty("sections", manifest.vintage().sections());
      out.writeNumberProperty("index", manifest.vintage().index());
      out.writeEndObject();
    }
    out.writeStringProperty("ledger", manifest.ledger().toString());
    out.writeEndObject();
  }

  private static void measured(JsonGenerator out, List<SlabManifest.Measurement> measured) {
    out.writeName("measured").writeStartArray();
    for (SlabManifest.Measurement one : measured) {
      out.writeStartObject();
      out.writeNumberProperty("k", one.k());
      out.writeNumberProperty("probes", one.probes());
      out.writeNumberProperty("margin", one.margin());
      out.writeNumberProperty("recall", one.recall());
      out.writeNumberProperty("assured", one.assured());
      out.writeNumberProperty("cells", one.cells());
      out.writeNumberProperty("scanned", one.scanned());
      out.writeNumberProperty("refined", one.refined());
      out.writeNumberProperty("rescored", one.rescored());
      out.writeNumberProperty("cost", one.cost());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /**
   * Reads a manifest and checks all that can be checked without the other sections.
   *
   * @param resource name for errors
   */
  static SlabManifest read(String resource, byte[] bytes) {
    return new SlabManifestJson(resource).manifest(Json.parseStored(resource, bytes));
  }

  private SlabManifest manifest(JsonNode root) {
    if (!FORMAT.equals(text(root, "format"))) {
      throw corrupt("format " + root.get("format"), "\"slab\"").of("SM-format");
    }
    array(root, "version");
    if (root.get("vectors") != null) {
      checkVectors(array(root, "vectors"));
    }
    int rows = number(root, "rows", 0, Integer.MAX_VALUE - 8);
    List<String> fields = fields(array(root, "fields"));
    return new SlabManifest(
        ulid(member(root, "id")),
        text(root, "namespace"),
        text(root, "writer"),
        number(root, "level", 0, Integer.MAX_VALUE),
        rows,
        number(root, "dimension", 0, Limits.MAX_DIMENSION),
        metric(text(root, "metric")),
        vectorType(text(root, "vectorType")),
        textIndex(root.get("textIndex")),
        textTotals(root.get("textIndex")),
        unsigned(root, "lsnMin"),
        unsigned(root, "lsnMax"),
        root.get("lsnAsOf") == null ? SlabTombstones.UNKNOWN : unsigned(root, "lsnAsOf"),
        fields,
        columns(array(root, "columns"), rows, fields),
        algorithm(member(root, "algorithm")),
        measured(member(root, "algorithm").get("measured")),
        sources(array(root, "sources")),
        vintage(root.get("vintage")),
        ledger(root));
  }

  /** Nothing in this version needs them, so they are only held to their form. */
  private void checkVectors(JsonNode array) {
    int last = 0;
    Set<String> names = new HashSet<>();
    table = "SV-";
    for (JsonNode node : array) {
      last = number(node, "number", last + 1, MAX_VECTOR);
      String name = text(node, "name");
      if (name.isEmpty() || !names.add(name)) {
        throw corrupt("the vector name '" + name + "'", "a name that no other vector has")
            .of("SV-name");
      }
      text(node, "kind");
      number(node, "dimension", 0, Integer.MAX_VALUE);
      text(node, "metric");
    }
    table = "SM-";
  }

  private List<String> fields(JsonNode array) {
    List<String> fields = new ArrayList<>(array.size());
    for (JsonNode node : array) {
      if (!node.isString()) {
        throw corrupt("field " + node, "a string").of("SM-fields");
      }
      String name = node.stringValue();
      if (!fields.isEmpty() && Utf8.compare(fields.getLast(), name) >= 0) {
        throw corrupt("field '" + name + "' out of order", "ascending fields").of("SM-fields");
      }
      fields.add(name);
    }
    return fields;
  }

  private List<SlabManifest.Column> columns(JsonNode array, int rows, List<String> fields) {
    List<SlabManifest.Column> columns = new ArrayList<>(array.size());
    table = "SC-";
    for (JsonNode node : array) {
      ColumnType type = ColumnType.ofLabel(text(node, "type"));
      if (type == null) {
        throw new UnsupportedException(
                resource,
                -1,
                "column type " + text(node, "type"),
                "a type this version knows",
                PrivateNumbers.hint(text(node, "type")))
            .of("SC-type");
      }
      SlabManifest.Column column =
          new SlabManifest.Column(
              number(node, "id", columns.size(), columns.size()),
              text(node, "field"),
              type,
              number(node, "rows", 1, rows),
              number(node, "distinct", type == ColumnType.LIST ? 0 : 1, Integer.MAX_VALUE - 8));
      checkColumn(columns, column, fields);
      columns.add(column);
    }
    table = "SM-";
    return columns;
  }

  private void checkColumn(
      List<SlabManifest.Column> before, SlabManifest.Column column, List<String> fields) {
    if (java.util.Collections.binarySearch(fields, column.field(), Utf8.ORDER) < 0) {
      throw corrupt("column of '" + column.field() + "'", "a field of this slab").of("SC-field");
    }
    if (!before.isEmpty()) {
      SlabManifest.Column previous = before.getLast();
      int order = Utf8.compare(previous.field(), column.field());
      if (order > 0 || (order == 0 && previous.type().compareTo(column.type()) >= 0)) {
        throw corrupt("column " + column.id() + " out of order", "columns by field and type")
            .of("SM-columns");
      }
    }
    boolean fits =
        switch (column.type()) {
          case STRING, NUMBER -> column.distinct() <= column.rows();
          case BOOLEAN -> column.distinct() == 2;
          case LIST -> true;
        };
    if (!fits) {
      throw corrupt(
              column.distinct() + " values in column " + column.id(), "at most " + column.rows())
          .of("SC-distinct");
    }
  }

  private String algorithm(JsonNode node) {
    table = null;
    String name = text(node, "name");
    table = "SM-";
    return name;
  }

  private List<SlabManifest.Measurement> measured(JsonNode array) {
    if (array == null) {
      return List.of();
    }
    if (!array.isArray() || array.size() > MAX_MEASURED) {
      throw corrupt("measured " + array.getNodeType(), "an array of at most " + MAX_MEASURED);
    }
    List<SlabManifest.Measurement> measured = new ArrayList<>(array.size());
    table = null;
    for (JsonNode node : array) {
      measured.add(
          new SlabManifest.Measurement(
              number(node, "k", 1, Integer.MAX_VALUE),
              number(node, "probes", 1, Integer.MAX_VALUE),
              positive(node, "margin"),
              positive(node, "recall"),
              // A handful of queries may assure nothing, which is a number below zero.
              real(node, "assured"),
              positive(node, "cells"),
              positive(node, "scanned"),
              positive(node, "refined"),
              positive(node, "rescored"),
              positive(node, "cost")));
    }
    table = "SM-";
    return measured;
  }

  private double real(JsonNode node, String name) {
    JsonNode value = member(node, name);
    if (!value.isNumber()) {
      throw corrupt(name + " " + value.getNodeType(), "a number");
    }
    return value.doubleValue();
  }

  private double positive(JsonNode node, String name) {
    double value = real(node, name);
    if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
      throw corrupt(name + " " + value, "a number from 0 on");
    }
    return value;
  }

  private Vintage vintage(JsonNode node) {
    table = null;
    return node == null
        ? Vintage.FIRST
        : new Vintage(
            number(node, "sections", 0, Integer.MAX_VALUE),
            number(node, "index", 0, Integer.MAX_VALUE));
  }

  private Ledger ledger(JsonNode root) {
    table = "SM-";
    if (root.get("ledger") == null) {
      throw corrupt("no member \"ledger\"", "one, which files of an earlier draft lack")
          .of("SM-ledger");
    }
    String digits = text(root, "ledger");
    try {
      return Ledger.parse(digits);
    } catch (IllegalArgumentException e) {
      throw corrupt("ledger " + digits, "64 digits of 0-9 and a-f").of("SM-ledger");
    }
  }

  private List<Ulid> sources(JsonNode array) {
    List<Ulid> sources = new ArrayList<>(array.size());
    for (JsonNode node : array) {
      sources.add(ulid(node));
    }
    return sources;
  }

  private JsonNode member(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      throw corrupt("no member \"" + name + "\"", "that member").of(rule(name));
    }
    return value;
  }

  private JsonNode array(JsonNode node, String name) {
    JsonNode value = member(node, name);
    if (!value.isArray()) {
      throw corrupt(name + " " + value.getNodeType(), "an array").of(rule(name));
    }
    return value;
  }

  private String text(JsonNode node, String name) {
    JsonNode value = member(node, name);
    if (!value.isString()) {
      throw corrupt(name + " " + value.getNodeType(), "a string").of(rule(name));
    }
    return value.stringValue();
  }

  private int number(JsonNode node, String name, int least, int most) {
    JsonNode value = member(node, name);
    if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
      throw corrupt(name + " " + value, "a whole number of " + least + " to " + most)
          .of(rule(name));
    }
    return value.intValue();
  }

  private long unsigned(JsonNode node, String name) {
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

  private Ulid ulid(JsonNode node) {
    try {
      return Ulid.parse(node.isString() ? node.stringValue() : "");
    } catch (IllegalArgumentException e) {
      throw corrupt("id " + node, "a ULID");
    }
  }

  private Metric metric(String label) {
    try {
      return Metric.ofLabel(label);
    } catch (IllegalArgumentException e) {
      throw new UnsupportedException(
              resource,
              -1,
              e.getMessage(),
              "a metric this version knows",
              PrivateNumbers.hint(label))
          .of("SM-metric");
    }
  }

  private VectorType vectorType(String label) {
    try {
      return VectorType.ofLabel(label);
    } catch (IllegalArgumentException e) {
      throw new UnsupportedException(
              resource, -1, e.getMessage(), "a type this version knows", PrivateNumbers.hint(label))
          .of("SM-vectorType");
    }
  }

  private TextIndex textIndex(JsonNode node) {
    if (node == null) {
      return null;
    }
    try {
      return new TextIndex(text(node, "field"), text(node, "language"));
    } catch (IllegalArgumentException e) {
      throw corrupt(e.getMessage(), "a language").of("SM-textIndex");
    }
  }

  /** More terms no slab has, and so many of many slabs still add up. */
  private static final long MAX_TERMS = 1L << 48;

  private TextTotals textTotals(JsonNode node) {
    if (node == null) {
      return null;
    }
    try {
      return new TextTotals(count(node, "texts"), count(node, "terms"));
    } catch (IllegalArgumentException e) {
      throw corrupt(e.getMessage(), "at least one term in each text").of("SM-textIndex");
    }
  }

  private long count(JsonNode node, String name) {
    JsonNode count = member(node, name);
    boolean whole = count.isIntegralNumber() && count.canConvertToLong();
    if (!whole || count.longValue() > MAX_TERMS) {
      throw corrupt(name + " " + count, "a whole number up to " + MAX_TERMS).of("SM-textIndex");
    }
    return count.longValue();
  }

  private String rule(String name) {
    return table == null ? null : table + name;
  }

  private CorruptException corrupt(String found, String expected) {
    return new CorruptException(resource, -1, found, expected);
  }
}
