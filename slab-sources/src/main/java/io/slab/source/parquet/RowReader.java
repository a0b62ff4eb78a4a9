package io.slab.source.parquet;

import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.json.BadRecordException;
import io.slab.source.json.JsonCursor;
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
  private final LeafCursor[] leaves;
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
  private String namespaceName;
  private final Object[] fieldValues;

  RowReader(ParquetFile file, ParquetColumns columns, ReadOptions options) {
    this.file = file;
    this.columns = columns;
    id = columns.id() == null ? null : reader(columns.id());
    values = columns.values() == null ? null : vector(columns.values());
    sparse =
        columns.sparse() == null
            ? null
            : SparseReader.of(file.name(), columns.sparse(), columns.sparseIndices(), this::cursor);
    metadata = columns.metadata() == null ? null : reader(columns.metadata());
    namespace = columns.namespace() == null ? null : reader(columns.namespace());
    columns.fields().forEach(field -> fields.add(reader(field)));
    leaves = cursors.values().toArray(LeafCursor[]::new);
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
    NodeReader floats = SparseReader.floats(file.name(), node, this::cursor);
    return floats == null ? reader(node) : floats;
  }

  void start(RowGroup group) {
    cursors.values().forEach(cursor -> cursor.start(group));
  }

  /** Makes sure that a row group that was read to its end holds no more values. */
  void end() {
    cursors.values().forEach(LeafCursor::end);
  }

  /** Reads all parts of the next row. */
  void read() {
    for (LeafCursor cursor : leaves) {
      cursor.startRow();
    }
    namespaceName = null;
    idValue = id == null ? null : id.read();
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
   * @param number its id where no column has one, else null
   * @throws BadRecordException when it is none; its position means nothing
   */
  VectorRecord record(String number) {
    fieldsOut.reset();
    namespaceName = namespaceName();
    String name = number == null ? id() : number;
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
    String text = Labels.text(idValue);
    if (text == null) {
      String found = idValue instanceof Unreadable bad ? ", got " + bad : "";
      throw new BadRecordException(0, "id", "Vector ID must be a string of UTF-8 text" + found);
    }
    if (idValue instanceof Number) {
      fieldsOut.note(Note.Kind.ID_FROM_NUMBER, columns.id().name());
    }
    return text;
  }

  private String namespaceName() {
    if (namespaceValue == null) {
      return null;
    }
    String text = Labels.text(namespaceValue);
    if (text == null) {
      throw new BadRecordException(
          0,
          columns.namespace().name(),
          "The namespace in the column '" + columns.namespace().name() + "' is no text");
    }
    return text;
  }

  private float[] values() {
    if (floats != null) {
      FloatsReader reader = (FloatsReader) values;
      if (reader.hasNulls()) {
        throw new BadRecordException(0, "values", "Vector values hold a null");
      }
      if (reader.unreadable() != null) {
        throw new BadRecordException(0, "values", "Vector values hold " + reader.unreadable());
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
      VectorText vector = new VectorText(Utf8.bytes(text), "values");
      float[] list = vector.floats();
      if (vector.rounded()) {
        fieldsOut.note(Note.Kind.VALUES_ROUNDED, columns.values().name());
      }
      return list;
    }
    throw new BadRecordException(
        0, "values", "Vector values are neither a list of numbers nor the text of one");
  }

  private SparseVector sparse() {
    if (sparseValue == null) {
      return null;
    }
    SparseVector vector = sparse.vector(sparseValue);
    if (sparse.rounded()) {
      fieldsOut.note(Note.Kind.VALUES_ROUNDED, columns.sparse().name());
    }
    if (sparse.wrapped()) {
      fieldsOut.note(Note.Kind.SPARSE_INDEX_WRAPPED, columns.sparse().name());
    }
    return vector;
  }

  /** What was noted about the last {@link #record}. */
  List<Note> notes() {
    return fieldsOut.notes();
  }

  /** The namespace of the row, or null. */
  String namespace() {
    return namespaceName;
  }

  /** The id of the row as far as it has one. */
  String idText() {
    return Labels.text(idValue);
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
