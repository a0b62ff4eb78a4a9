package io.slab.source.parquet;

import io.slab.ingest.BadRecordException;
import io.slab.ingest.JsonCursor;
import io.slab.io.Utf8;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.json.MetadataReader;
import io.slab.source.json.VectorText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.RowGroup;

/** Puts the columns of a row together as a record. One thread only. */
final class RowReader {
  private final ParquetFile file;
  private final ParquetColumns columns;
  private final Map<Integer, LeafCursor> cursors = new HashMap<>();
  private final NodeReader id;
  private final NodeReader values;
  private final SparseReader sparse;
  private final NodeReader metadata;
  private final NodeReader namespace;
  private final List<NodeReader> fields = new ArrayList<>();
  private final MetadataReader fieldsOut;
  private final MetadataValues metadataValues;

  private Object idValue;
  private float[] floats;
  private Object valuesText;
  private Object sparseValue;
  private Object metadataValue;
  private Object namespaceValue;
  private final Object[] fieldValues;

  RowReader(ParquetFile file, ParquetColumns columns, ReadOptions options) {
    this.file = file;
    this.columns = columns;
    id = reader(columns.id());
    values = columns.values() == null ? null : vector(columns.values());
    sparse =
        columns.sparse() == null
            ? null
            : SparseReader.of(file.name(), columns.sparse(), this::cursor);
    metadata = columns.metadata() == null ? null : reader(columns.metadata());
    namespace = columns.namespace() == null ? null : reader(columns.namespace());
    columns.fields().forEach(field -> fields.add(reader(field)));
    fieldValues = new Object[fields.size()];
    fieldsOut = new MetadataReader(new JsonCursor(), options);
    metadataValues = new MetadataValues(fieldsOut);
  }

  private LeafCursor cursor(SchemaNode leaf) {
    LeafCursor cursor = new LeafCursor(file, leaf);
    cursors.put(leaf.leaf(), cursor);
    return cursor;
  }

  private NodeReader reader(SchemaNode node) {
    return NodeReader.of(file.name(), node, this::cursor);
  }

  private NodeReader vector(SchemaNode node) {
    NodeReader floats = SparseReader.floats(node, this::cursor);
    return floats == null ? reader(node) : floats;
  }

  void start(RowGroup group) {
    cursors.values().forEach(cursor -> cursor.start(group));
  }

  /** Reads the parts of the next row, whatever they are. */
  void read() {
    idValue = id.read();
    Object vector = values == null ? null : values.read();
    floats = vector instanceof float[] list ? list : null;
    valuesText = vector instanceof float[] ? null : vector;
    sparseValue = sparse == null ? null : sparse.read();
    metadataValue = metadata == null ? null : metadata.read();
    namespaceValue = namespace == null ? null : namespace.read();
    for (int i = 0; i < fieldValues.length; i++) {
      fieldValues[i] = fields.get(i).read();
    }
  }

  /**
   * The row as a record.
   *
   * @throws BadRecordException when it is none; its position means nothing
   */
  VectorRecord record() {
    fieldsOut.reset();
    String name = id();
    float[] vector = values();
    SparseVector pairs = sparse == null ? null : sparse();
    if (metadataValue != null) {
      metadataValues.all(metadataValue);
    }
    for (int i = 0; i < fieldValues.length; i++) {
      metadataValues.field(columns.fields().get(i).name(), fieldValues[i], false);
    }
    return new VectorRecord(name, vector, pairs, fieldsOut.metadata());
  }

  private String id() {
    if (idValue == null) {
      throw new BadRecordException(0, "id", "Record has no 'id'");
    }
    if (idValue instanceof String text) {
      return text;
    }
    if (idValue instanceof Long number) {
      fieldsOut.note(Note.Kind.ID_FROM_NUMBER, columns.id().name());
      return number.toString();
    }
    throw new BadRecordException(0, "id", "Vector ID must be a string of UTF-8 text");
  }

  private float[] values() {
    if (floats != null) {
      FloatsReader reader = (FloatsReader) values;
      if (reader.hasNulls()) {
        throw new BadRecordException(0, "values", "Vector values hold a null");
      }
      if (reader.rounded()) {
        fieldsOut.note(Note.Kind.VALUES_ROUNDED, columns.values().name());
      }
      return floats.length == 0 ? null : floats;
    }
    if (valuesText == null) {
      return null;
    }
    if (valuesText instanceof String text) {
      byte[] json = Utf8.bytes(text);
      return VectorText.floats(json, "values");
    }
    throw new BadRecordException(
        0, "values", "Vector values are neither a list of numbers nor the text of one");
  }

  private SparseVector sparse() {
    if (sparseValue == null) {
      return null;
    }
    if (sparse.rounded()) {
      fieldsOut.note(Note.Kind.VALUES_ROUNDED, columns.sparse().name());
    }
    return sparse.vector(sparseValue);
  }

  /** What was noted about the last {@link #record}. */
  List<Note> notes() {
    return fieldsOut.notes();
  }

  /** The namespace of the row, or null. */
  String namespace() {
    return namespaceValue == null ? null : namespaceValue.toString();
  }

  /** The id of the row as far as it has one. */
  String idText() {
    return idValue instanceof String || idValue instanceof Long ? idValue.toString() : null;
  }

  /** The parts of the row as JSON. */
  byte[] json() {
    return RowJson.of(
        columns,
        idValue,
        floats != null ? floats : valuesText,
        sparseValue,
        metadataValue,
        fieldValues);
  }
}
