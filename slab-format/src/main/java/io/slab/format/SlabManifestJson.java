package io.slab.format;

import io.slab.error.UnsupportedException;
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

/**
 * Reads the JSON form of a {@link SlabManifest}, which {@link SlabManifestWriter} writes, and
 * ignores members that it does not know.
 */
final class SlabManifestJson {
  static final String FORMAT = "slab";

  private static final int MAX_MEASURED = 10_000;

  /** More terms no slab has, and so many of many slabs still add up. */
  private static final long MAX_TERMS = 1L << 48;

  /** A number of a vector is the part of its sections, a u16. */
  private static final int MAX_VECTOR = 0xFFFF;

  private final String resource;

  /** Of the manifest itself. */
  private final ManifestMembers members;

  private final ManifestMembers algorithm;

  private SlabManifestJson(String resource) {
    this.resource = resource;
    this.members = ManifestMembers.of(resource, "SM-");
    this.algorithm = ManifestMembers.in(resource, "SM-algorithm");
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
    if (!FORMAT.equals(members.text(root, "format"))) {
      throw members.corrupt("format " + root.get("format"), "\"slab\"").of("SM-format");
    }
    members.array(root, "version");
    if (root.get("vectors") != null) {
      checkVectors(members.array(root, "vectors"));
    }
    int rows = members.number(root, "rows", 0, Integer.MAX_VALUE - 8);
    List<String> fields = fields(members.array(root, "fields"));
    return new SlabManifest(
        members.ulid(members.member(root, "id"), "id"),
        members.text(root, "namespace"),
        members.text(root, "writer"),
        members.number(root, "level", 0, Integer.MAX_VALUE),
        rows,
        members.number(root, "dimension", 0, Limits.MAX_DIMENSION),
        metric(members.text(root, "metric")),
        vectorType(members.text(root, "vectorType")),
        textIndex(root.get("textIndex")),
        textTotals(root.get("textIndex")),
        members.unsigned(root, "lsnMin"),
        members.unsigned(root, "lsnMax"),
        root.get("lsnAsOf") == null ? SlabTombstones.UNKNOWN : members.unsigned(root, "lsnAsOf"),
        fields,
        new ManifestColumns(resource).read(members.array(root, "columns"), rows, fields),
        algorithm(members.member(root, "algorithm")),
        measured(members.member(root, "algorithm").get("measured")),
        sources(members.array(root, "sources")),
        vintage(root.get("vintage")),
        ledger(root));
  }

  /** Nothing in this version needs them, so they are only held to their form. */
  private void checkVectors(JsonNode array) {
    int last = 0;
    Set<String> names = new HashSet<>();
    ManifestMembers vectors = ManifestMembers.of(resource, "SV-");
    for (JsonNode node : array) {
      last = vectors.number(node, "number", last + 1, MAX_VECTOR);
      String name = vectors.text(node, "name");
      if (name.isEmpty() || !names.add(name)) {
        throw vectors
            .corrupt("the vector name '" + name + "'", "a name that no other vector has")
            .of("SV-name");
      }
      vectors.text(node, "kind");
      vectors.number(node, "dimension", 0, Integer.MAX_VALUE);
      vectors.text(node, "metric");
    }
  }

  private List<String> fields(JsonNode array) {
    List<String> fields = new ArrayList<>(array.size());
    for (JsonNode node : array) {
      if (!node.isString()) {
        throw members.corrupt("field " + node, "a string").of("SM-fields");
      }
      String name = node.stringValue();
      if (!fields.isEmpty() && Utf8.compare(fields.getLast(), name) >= 0) {
        throw members
            .corrupt("field '" + name + "' out of order", "ascending fields")
            .of("SM-fields");
      }
      fields.add(name);
    }
    return fields;
  }

  private String algorithm(JsonNode node) {
    return algorithm.text(node, "name");
  }

  private List<SlabManifest.Measurement> measured(JsonNode array) {
    if (array == null) {
      return List.of();
    }
    if (!array.isArray() || array.size() > MAX_MEASURED) {
      throw members
          .corrupt("measured " + array.getNodeType(), "an array of at most " + MAX_MEASURED)
          .of("SM-algorithm");
    }
    List<SlabManifest.Measurement> measured = new ArrayList<>(array.size());
    for (JsonNode node : array) {
      measured.add(
          new SlabManifest.Measurement(
              algorithm.number(node, "k", 1, Integer.MAX_VALUE),
              algorithm.number(node, "probes", 1, Integer.MAX_VALUE),
              algorithm.positive(node, "margin"),
              algorithm.positive(node, "recall"),
              // A handful of queries may assure nothing, which is a number below zero.
              algorithm.real(node, "assured"),
              algorithm.positive(node, "cells"),
              algorithm.positive(node, "scanned"),
              algorithm.positive(node, "refined"),
              algorithm.positive(node, "rescored"),
              algorithm.positive(node, "cost")));
    }
    return measured;
  }

  private Vintage vintage(JsonNode node) {
    ManifestMembers vintage = ManifestMembers.in(resource, "SM-vintage");
    return node == null
        ? Vintage.FIRST
        : new Vintage(
            vintage.number(node, "sections", 0, Integer.MAX_VALUE),
            vintage.number(node, "index", 0, Integer.MAX_VALUE));
  }

  private Ledger ledger(JsonNode root) {
    if (root.get("ledger") == null) {
      throw members
          .corrupt("no member \"ledger\"", "one, which files of an earlier draft lack")
          .of("SM-ledger");
    }
    String digits = members.text(root, "ledger");
    try {
      return Ledger.parse(digits);
    } catch (IllegalArgumentException e) {
      throw members.corrupt("ledger " + digits, "64 digits of 0-9 and a-f").of("SM-ledger");
    }
  }

  private List<Ulid> sources(JsonNode array) {
    List<Ulid> sources = new ArrayList<>(array.size());
    for (JsonNode node : array) {
      sources.add(members.ulid(node, "sources"));
    }
    return sources;
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
    ManifestMembers own = ManifestMembers.in(resource, "SM-textIndex");
    try {
      return new TextIndex(own.text(node, "field"), own.text(node, "language"));
    } catch (IllegalArgumentException e) {
      throw members.corrupt(e.getMessage(), "a language").of("SM-textIndex");
    }
  }

  private TextTotals textTotals(JsonNode node) {
    if (node == null) {
      return null;
    }
    try {
      return new TextTotals(count(node, "texts"), count(node, "terms"));
    } catch (IllegalArgumentException e) {
      throw members.corrupt(e.getMessage(), "at least one term in each text").of("SM-textIndex");
    }
  }

  private long count(JsonNode node, String name) {
    JsonNode count = ManifestMembers.in(resource, "SM-textIndex").member(node, name);
    boolean whole = count.isIntegralNumber() && count.canConvertToLong();
    if (!whole || count.longValue() > MAX_TERMS) {
      throw members
          .corrupt(name + " " + count, "a whole number up to " + MAX_TERMS)
          .of("SM-textIndex");
    }
    return count.longValue();
  }
}
