package io.slab.ingest;

import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one record from one line: {@code {"id": .., "values": [..], "sparse_values": {..},
 * "metadata": {..}}}, members in any order. Null stands for an absent part, as in exports, and so
 * do empty {@code values} in a sparse index and empty {@code sparse_values} in a dense one. One
 * thread only.
 */
final class RecordParser {
  private static final String SPARSE = "sparse_values";

  private final IndexSpec spec;
  private final JsonCursor cursor = new JsonCursor();
  private final VectorParser vectors = new VectorParser(cursor);
  private final MetadataParser metadataParser = new MetadataParser(cursor);

  private int start;
  private int idAt;
  private int valuesAt;
  private int sparseAt;
  private int metadataAt;
  private String id;
  private float[] values;
  private SparseVector sparse;
  private Metadata metadata;
  private List<Note> notes = List.of();

  RecordParser(IndexSpec spec) {
    this.spec = spec;
  }

  /** Reads the record in {@code bytes[from, to)}. */
  VectorRecord parse(byte[] bytes, int from, int to) {
    cursor.reset(bytes, from, to);
    start = from;
    idAt = valuesAt = sparseAt = metadataAt = -1;
    id = null;
    values = null;
    sparse = null;
    metadata = Metadata.EMPTY;
    notes = List.of();
    try {
      members();
      return checked();
    } catch (BadRecordException e) {
      if (values != null) {
        vectors.giveBack(values);
      }
      throw e;
    }
  }

  private void members() {
    cursor.expect('{', null, "one JSON object per line");
    if (!cursor.take('}')) {
      do {
        member();
      } while (cursor.more('}', null));
    }
    if (cursor.peek() >= 0) {
      throw cursor.unexpected(null, "the end of the line after the record");
    }
  }

  private void member() {
    cursor.peek();
    int at = cursor.position();
    String name = cursor.name(null);
    int value = cursor.peek();
    switch (name) {
      case "id" -> {
        idAt = once(idAt, at, name);
        id = id(value);
      }
      case "values" -> {
        valuesAt = once(valuesAt, at, name);
        values = absent(value) ? null : vectors.dense(name, spec.dimension());
        noteRounding(name, values != null);
      }
      case SPARSE, "sparseValues" -> {
        sparseAt = once(sparseAt, at, name);
        sparse = absent(value) ? null : sparse();
        noteRounding(name, sparse != null);
      }
      case "metadata" -> {
        metadataAt = once(metadataAt, at, name);
        metadata = absent(value) ? Metadata.EMPTY : metadataParser.parse();
        if (!metadata.isEmpty()) {
          note(metadataParser.notes());
        }
      }
      default ->
          throw new BadRecordException(
              at,
              name,
              "Unknown member '" + name + "' (expected id, values, sparse_values or metadata)");
    }
  }

  private void noteRounding(String name, boolean there) {
    if (there && vectors.rounded()) {
      note(List.of(new Note(Note.Kind.VALUES_ROUNDED, name)));
    }
  }

  private void note(List<Note> more) {
    if (!more.isEmpty()) {
      notes = notes.isEmpty() ? new ArrayList<>() : notes;
      notes.addAll(more);
    }
  }

  private static int once(int before, int at, String name) {
    if (before >= 0) {
      throw new BadRecordException(at, name, "Member '" + name + "' is given twice");
    }
    return at;
  }

  private boolean absent(int next) {
    return next == 'n' && cursor.literal("null");
  }

  private String id(int next) {
    if (next != '"') {
      int at = cursor.position();
      String got = next < 0 ? "nothing" : "'" + cursor.quoteValue(at) + "'";
      throw new BadRecordException(at, "id", "Vector ID must be a string, got " + got);
    }
    return cursor.string("id");
  }

  private SparseVector sparse() {
    SparseVector vector = vectors.sparse(SPARSE);
    return vector.size() == 0 && !spec.vectorType().hasSparse() ? null : vector;
  }

  private VectorRecord checked() {
    if (id == null) {
      throw new BadRecordException(start, "id", "Record has no 'id'");
    }
    VectorRecord record = new VectorRecord(id, values, sparse, metadata);
    RecordRules.Finding finding = RecordRules.find(record, spec);
    if (finding != null) {
      int at = positionOf(finding.field());
      throw new BadRecordException(at < 0 ? start : at, finding.field(), finding.message());
    }
    return record;
  }

  private int positionOf(String field) {
    return switch (field) {
      case "id" -> idAt;
      case "values" -> valuesAt;
      case SPARSE -> sparseAt;
      default -> metadataAt;
    };
  }

  /** What was done to the last record. */
  List<Note> notes() {
    return notes;
  }

  /** The id of the record that was refused last, or null when its text does not tell. */
  String idOfRefused() {
    return id != null ? id : searchId();
  }

  /**
   * Looks for the id past the point where parsing stopped, so that the user can find the record.
   */
  private String searchId() {
    try {
      cursor.moveTo(start);
      cursor.expect('{', null, "an object");
      do {
        String name = cursor.name(null);
        if (name.equals("id")) {
          return cursor.peek() == '"' ? cursor.string("id") : null;
        }
        cursor.skipValue(null);
      } while (cursor.more('}', null));
      return null;
    } catch (BadRecordException e) {
      return null;
    }
  }
}
