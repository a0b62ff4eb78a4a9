package io.slab.migrate;

import io.slab.json.JsonNode;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** How often something was remarked, and where first. Adds up; one thread only. */
final class RemarkCount {
  private static final int EXAMPLES = 3;

  private long count;
  private final List<String> examples = new ArrayList<>();

  /**
   * @param field or null
   */
  void add(String position, String field) {
    count++;
    if (examples.size() < EXAMPLES) {
      examples.add(field == null ? position : position + ", " + field);
    }
  }

  void add(RemarkCount other) {
    count += other.count;
    other.examples.stream().limit(EXAMPLES - examples.size()).forEach(examples::add);
  }

  long count() {
    return count;
  }

  /** The first places. */
  List<String> examples() {
    return List.copyOf(examples);
  }

  void write(JsonGenerator out) {
    out.writeStartObject();
    out.writeNumberProperty("count", count);
    out.writeArrayPropertyStart("examples");
    examples.forEach(out::writeString);
    out.writeEndArray();
    out.writeEndObject();
  }

  static RemarkCount read(JsonNode node) {
    RemarkCount count = new RemarkCount();
    count.count = node.get("count").longValue();
    node.get("examples").forEach(example -> count.examples.add(example.stringValue()));
    return count;
  }
}
