package io.slab.migrate;

import io.slab.json.JsonNode;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.MetadataSize;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.RefusalKinds;
import io.slab.source.SourceProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/** Everything that is counted while a source is read. Adds up; one thread only. */
final class ReadTally {
  /** More fields than this are not watched for rounded numbers. */
  private static final int MAX_FIELDS = 1_000;

  private static final float ZERO = 1e-8f;

  private final SortedMap<String, NamespaceCount> namespaces = new TreeMap<>(Utf8.ORDER);
  private final SortedMap<String, RemarkCount> remarks = new TreeMap<>();
  private final SortedMap<String, FieldNumbers> fields = new TreeMap<>(Utf8.ORDER);
  private final List<String> cutParts = new ArrayList<>();
  private final RefusalKinds refusals = new RefusalKinds();
  private long skipped;

  NamespaceCount namespace(String name) {
    return namespaces.computeIfAbsent(name, n -> new NamespaceCount());
  }

  SortedMap<String, NamespaceCount> namespaces() {
    return namespaces;
  }

  SortedMap<String, RemarkCount> remarks() {
    return remarks;
  }

  SortedMap<String, FieldNumbers> fields() {
    return fields;
  }

  /** What is wrong with parts that could not be read to their end. */
  List<String> cutParts() {
    return cutParts;
  }

  /** Why records were refused. */
  List<RefusalKinds.Kind> refusals() {
    return refusals.all();
  }

  /** Counts a record of a namespace that was refused. */
  void refuse(String namespace, SourceProblem problem) {
    NamespaceCount count = namespace(namespace);
    count.read++;
    count.rejected++;
    refusals.add(problem);
  }

  /** Records of namespaces that were not asked for. */
  long skipped() {
    return skipped;
  }

  void skip() {
    skipped++;
  }

  long read() {
    return namespaces.values().stream().mapToLong(count -> count.read).sum();
  }

  long rejected() {
    return namespaces.values().stream().mapToLong(count -> count.rejected).sum();
  }

  void remark(Remark remark, String position) {
    remark(remark.key(), position, null);
  }

  void note(Note note, String position) {
    remark(Remark.key(note.kind()), position, note.field());
  }

  private void remark(String key, String position, String field) {
    remarks.computeIfAbsent(key, k -> new RemarkCount()).add(position, field);
  }

  /**
   * Counts a record that was taken.
   *
   * @param position makes the text only when it is wanted
   */
  void accept(
      String namespace,
      VectorRecord record,
      IndexSpec spec,
      java.util.function.Supplier<String> position) {
    NamespaceCount count = namespace(namespace);
    count.read++;
    count.idBytes += MetadataSize.textBytes(record.id()) - 2;
    count.metadataBytes += record.metadata().isEmpty() ? 0 : MetadataSize.bytes(record.metadata());
    count.sparseEntries += record.sparse() == null ? 0 : record.sparse().size();
    if (!ascii(record.id())) {
      remark(Remark.CLOUD_ID_NOT_ASCII, position.get());
    }
    if (!ascii(namespace)) {
      remark(Remark.CLOUD_NAMESPACE, position.get());
    }
    if (spec.metric() != io.slab.model.Metric.COSINE && isZero(record.values())) {
      remark(Remark.CLOUD_ZERO_VECTOR, position.get());
    }
    for (Map.Entry<String, MetaValue> field : record.metadata().fields().entrySet()) {
      if (field.getValue() instanceof MetaValue.Num(double number)) {
        number(field.getKey(), number);
      }
    }
  }

  private void number(String field, double value) {
    FieldNumbers numbers = fields.get(field);
    if (numbers == null && fields.size() < MAX_FIELDS) {
      numbers = new FieldNumbers();
      fields.put(field, numbers);
    }
    if (numbers != null) {
      numbers.add(value);
    }
  }

  private static boolean ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7E) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(float[] values) {
    if (values == null) {
      return false;
    }
    for (float value : values) {
      if (Math.abs(value) >= ZERO) {
        return false;
      }
    }
    return true;
  }

  void add(ReadTally other) {
    other.namespaces.forEach((name, count) -> namespace(name).add(count));
    other.remarks.forEach(
        (key, count) -> remarks.computeIfAbsent(key, k -> new RemarkCount()).add(count));
    other.fields.forEach(
        (name, numbers) -> fields.computeIfAbsent(name, n -> new FieldNumbers()).add(numbers));
    cutParts.addAll(other.cutParts);
    other.refusals.all().forEach(refusals::add);
    skipped += other.skipped;
  }

  void write(JsonGenerator out) {
    out.writeStartObject();
    out.writeObjectPropertyStart("namespaces");
    namespaces.forEach((name, count) -> {
      out.writeName(name);
      count.write(out);
    });
    out.writeEndObject();
    out.writeObjectPropertyStart("remarks");
    remarks.forEach((key, count) -> {
      out.writeName(key);
      count.write(out);
    });
    out.writeEndObject();
    out.writeObjectPropertyStart("fields");
    fields.forEach((name, numbers) -> {
      if (!numbers.isEmpty()) {
        out.writeName(name);
        numbers.write(out);
      }
    });
    out.writeEndObject();
    out.writeArrayPropertyStart("cutParts");
    cutParts.forEach(out::writeString);
    out.writeEndArray();
    out.writeArrayPropertyStart("refusals");
    refusals.all().forEach(kind -> write(out, kind));
    out.writeEndArray();
    out.writeNumberProperty("skipped", skipped);
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, RefusalKinds.Kind kind) {
    out.writeStartObject();
    out.writeStringProperty("reason", kind.reason());
    if (kind.field() != null) {
      out.writeStringProperty("field", kind.field());
    }
    out.writeNumberProperty("count", kind.count());
    out.writeArrayPropertyStart("examples");
    kind.examples().forEach(out::writeString);
    out.writeEndArray();
    out.writeEndObject();
  }

  private static RefusalKinds.Kind kind(JsonNode node) {
    List<String> examples = new ArrayList<>();
    node.get("examples").forEach(example -> examples.add(example.stringValue()));
    JsonNode field = node.get("field");
    return new RefusalKinds.Kind(
        node.get("reason").stringValue(),
        field == null ? null : field.stringValue(),
        node.get("count").longValue(),
        examples);
  }

  static ReadTally read(JsonNode node) {
    ReadTally tally = new ReadTally();
    node.get("namespaces")
        .forEachEntry((name, count) -> tally.namespaces.put(name, NamespaceCount.read(count)));
    node.get("remarks")
        .forEachEntry((key, count) -> tally.remarks.put(key, RemarkCount.read(count)));
    node.get("fields")
        .forEachEntry((name, numbers) -> tally.fields.put(name, FieldNumbers.read(numbers)));
    node.get("cutParts").forEach(text -> tally.cutParts.add(text.stringValue()));
    JsonNode refusals = node.get("refusals");
    if (refusals != null) {
      refusals.forEach(kind -> tally.refusals.add(kind(kind)));
    }
    tally.skipped = node.get("skipped").longValue();
    return tally;
  }
}
