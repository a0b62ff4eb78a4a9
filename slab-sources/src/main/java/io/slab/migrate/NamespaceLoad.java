package io.slab.migrate;

import io.slab.json.JsonNode;
import tools.jackson.core.JsonGenerator;

/**
 * What became of the records of one namespace.
 *
 * @param namespace its name in the index
 * @param way how they were written
 * @param written records
 * @param identical records that came again with the same content, the last one written
 * @param replaced records that came again with other content, the last one written
 * @param slabs files written, 0 where the log took the records
 * @param bytes of these files
 */
record NamespaceLoad(
    String namespace, Way way, long written, long identical, long replaced, int slabs, long bytes) {
  /** How records get into a namespace. */
  enum Way {
    /** As finished slabs, all at once. */
    BULK("slabs"),
    /** Through the write-ahead log, because the namespace held records before. */
    LOG("log"),
    /** Not at all: a dry run. */
    NONE("none");

    final String label;

    Way(String label) {
      this.label = label;
    }

    static Way of(String label) {
      for (Way way : values()) {
        if (way.label.equals(label)) {
          return way;
        }
      }
      throw new IllegalArgumentException("no way is called " + label);
    }
  }

  long duplicates() {
    return identical + replaced;
  }

  void write(JsonGenerator out) {
    out.writeStartObject();
    out.writeStringProperty("type", "loaded");
    out.writeStringProperty("namespace", namespace);
    out.writeStringProperty("way", way.label);
    out.writeNumberProperty("written", written);
    out.writeNumberProperty("identical", identical);
    out.writeNumberProperty("replaced", replaced);
    out.writeNumberProperty("slabs", slabs);
    out.writeNumberProperty("bytes", bytes);
    out.writeEndObject();
  }

  static NamespaceLoad read(JsonNode node) {
    return new NamespaceLoad(
        node.get("namespace").stringValue(),
        Way.of(node.get("way").stringValue()),
        node.get("written").longValue(),
        node.get("identical").longValue(),
        node.get("replaced").longValue(),
        node.get("slabs").intValue(),
        node.get("bytes").longValue());
  }
}
