package io.slab.ingest;

import io.slab.model.Metadata;
import io.slab.model.RecordRules;
import io.slab.source.Note;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the line that goes with one row of a matrix: {@code {"id": .., "metadata": {..}}}, either
 * member may be left out. One thread only.
 */
final class MetadataLine {
  private final JsonCursor cursor = new JsonCursor();
  private final MetadataParser parser = new MetadataParser(cursor);
  private final Set<String> seen = new HashSet<>();
  private String id;
  private List<Note> notes = List.of();
  private Metadata metadata;

  /** Reads and checks {@code bytes[from, to)}; the answers are good until the next call. */
  void parse(byte[] bytes, int from, int to) {
    cursor.reset(bytes, from, to);
    id = null;
    metadata = Metadata.EMPTY;
    notes = List.of();
    seen.clear();
    cursor.expect('{', null, "one JSON object per line");
    if (!cursor.take('}')) {
      do {
        member();
      } while (cursor.more('}', null));
    }
    if (cursor.peek() >= 0) {
      throw cursor.unexpected(null, "the end of the line after the record");
    }
    RecordRules.Finding finding = id == null ? null : RecordRules.id(id);
    if (finding == null) {
      finding = RecordRules.metadata(metadata);
    }
    if (finding != null) {
      throw new BadRecordException(from, finding.field(), finding.message());
    }
  }

  private void member() {
    cursor.peek();
    int at = cursor.position();
    String name = cursor.name(null);
    if (!seen.add(name)) {
      throw new BadRecordException(at, name, "Member '" + name + "' is given twice");
    }
    int next = cursor.peek();
    switch (name) {
      case "id" -> {
        if (next != '"') {
          throw cursor.unexpected("id", "a string");
        }
        id = cursor.string("id");
      }
      case "metadata" -> {
        boolean absent = next == 'n' && cursor.literal("null");
        metadata = absent ? Metadata.EMPTY : parser.parse();
        notes = absent ? List.of() : parser.notes();
      }
      default ->
          throw new BadRecordException(
              cursor.position(),
              name,
              "Unknown member '"
                  + name
                  + "' (expected id or metadata: the values are in the matrix)");
    }
  }

  /** The id, or null when the line has none. */
  String id() {
    return id;
  }

  /** What was done to values. */
  List<Note> notes() {
    return notes;
  }

  Metadata metadata() {
    return metadata;
  }
}
