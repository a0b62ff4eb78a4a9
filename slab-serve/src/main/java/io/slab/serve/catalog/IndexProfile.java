package io.slab.serve.catalog;

import io.slab.model.EmbeddingSpec;
import io.slab.serve.api.ApiException;
import io.slab.serve.json.Bodies;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the API says of an index and the library does not know: kept as the service's member of its
 * settings (spec/serve.md, "Files"). Immutable by contract: the tree is not changed.
 */
public final class IndexProfile {
  private static final IndexProfile NONE = new IndexProfile(Bodies.object());

  private static final int MOST = 256 << 10;

  private final ObjectNode json;

  IndexProfile(ObjectNode json) {
    this.json = json;
  }

  /** Reads what an index keeps; of one that no server made nothing is known. */
  static IndexProfile of(Optional<String> kept) {
    return kept.map(text -> new IndexProfile(Bodies.tree(text))).orElse(NONE);
  }

  /** Reads what is kept elsewhere of an index. */
  public static IndexProfile of(ObjectNode kept) {
    return new IndexProfile(kept);
  }

  /** The whole of it; not to be changed. */
  public ObjectNode json() {
    return json;
  }

  /** Nothing yet. */
  public static IndexProfile empty() {
    return NONE;
  }

  /**
   * Refuses what is too long to be kept.
   *
   * @throws ApiException then
   */
  IndexProfile requireFits() {
    if (text().getBytes(StandardCharsets.UTF_8).length > MOST) {
      throw ApiException.invalid("tags, spec and fields of an index have at most 256 KiB together");
    }
    return this;
  }

  /** As it is kept. */
  String text() {
    return json.toString();
  }

  /** Tags by name; empty where there are none. */
  public ObjectNode tags() {
    return json.get("tags") instanceof ObjectNode tags ? tags : Bodies.object();
  }

  /**
   * The spec as it was asked for: an object with {@code serverless}, {@code pod} or {@code byoc}.
   */
  public ObjectNode spec() {
    return json.get("spec") instanceof ObjectNode spec ? spec : serverless();
  }

  /** The read capacity as it was asked for, or null. */
  public ObjectNode readCapacity() {
    return json.get("read_capacity") instanceof ObjectNode capacity ? capacity : null;
  }

  /** The fields of a schema of 2026-07, or null for an index of the vectors API. */
  public ObjectNode fields() {
    return json.get("fields") instanceof ObjectNode fields ? fields : null;
  }

  /** The model that makes vectors of texts, as it was asked for, or null. */
  public ObjectNode embed() {
    return json.get("embed") instanceof ObjectNode embed ? embed : null;
  }

  /** The same as the library records it, or null. */
  EmbeddingSpec embedding() {
    ObjectNode embed = embed();
    return embed == null
        ? null
        : new EmbeddingSpec(
            embed.path("model").asString(),
            embed.path("dimension").asInt(),
            false,
            embed.at("/field_map/text").asString());
  }

  private static ObjectNode serverless() {
    ObjectNode spec = Bodies.object();
    spec.putObject("serverless").put("cloud", "aws").put("region", "us-east-1");
    return spec;
  }

  /** The same with another member, or without it where the value is null. */
  public IndexProfile with(String name, JsonNode value) {
    ObjectNode next = json.deepCopy();
    if (value == null) {
      next.remove(name);
    } else {
      next.set(name, value);
    }
    return new IndexProfile(next);
  }

  /** The same with tags added or overwritten; an empty value takes a tag away. */
  public IndexProfile withTags(ObjectNode changes) {
    ObjectNode next = tags().deepCopy();
    for (Map.Entry<String, JsonNode> tag : changes.properties()) {
      if (tag.getValue().isString() && tag.getValue().stringValue().isEmpty()) {
        next.remove(tag.getKey());
      } else {
        next.set(tag.getKey(), tag.getValue());
      }
    }
    return with("tags", next.isEmpty() ? null : next);
  }
}
