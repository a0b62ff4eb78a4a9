package io.slab.migrate;

import io.slab.json.JsonNode;
import tools.jackson.core.JsonGenerator;

/** What was read of one namespace. Adds up; one thread only. */
final class NamespaceCount {
  long read;
  long rejected;
  long idBytes;
  long metadataBytes;
  long sparseEntries;

  /** Records that were taken, duplicates among them. */
  long accepted() {
    return read - rejected;
  }

  void add(NamespaceCount o) {
    read += o.read;
    rejected += o.rejected;
    idBytes += o.idBytes;
    metadataBytes += o.metadataBytes;
    sparseEntries += o.sparseEntries;
  }

  void write(JsonGenerator out) {
    out.writeStartObject();
    out.writeNumberProperty("read", read);
    out.writeNumberProperty("rejected", rejected);
    out.writeNumberProperty("idBytes", idBytes);
    out.writeNumberProperty("metadataBytes", metadataBytes);
    out.writeNumberProperty("sparseEntries", sparseEntries);
    out.writeEndObject();
  }

  static NamespaceCount read(JsonNode node) {
    NamespaceCount count = new NamespaceCount();
    count.read = node.get("read").longValue();
    count.rejected = node.get("rejected").longValue();
    count.idBytes = node.get("idBytes").longValue();
    count.metadataBytes = node.get("metadataBytes").longValue();
    count.sparseEntries = node.get("sparseEntries").longValue();
    return count;
  }
}
