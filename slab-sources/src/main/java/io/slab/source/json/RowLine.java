package io.slab.source.json;

import io.slab.model.Metadata;
import io.slab.model.RecordRules;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import java.util.List;

/**
 * Reads the line that goes with one row of a matrix: {@code {"id": .., "metadata": {..}}}, either
 * member may be left out. One thread only.
 */
public final class RowLine {
  private final JsonRecordParser parser;
  private VectorRecord record;

  public RowLine(ReadOptions options) {
    parser = JsonRecordParser.ofRows(options);
  }

  /**
   * Reads and checks {@code bytes[from, to)}; the answers are good until the next call.
   *
   * @throws BadRecordException when it is no such line
   */
  public void parse(byte[] bytes, int from, int to) {
    record = parser.parse(bytes, from, to, null);
    if (record.values() != null || record.sparse() != null) {
      throw new BadRecordException(
          from, "values", "The line has values of its own beside those of the matrix");
    }
    RecordRules.Finding finding = id() == null ? null : RecordRules.id(id());
    if (finding == null) {
      finding = RecordRules.metadata(record.metadata());
    }
    if (finding != null) {
      throw new BadRecordException(from, finding.field(), finding.message());
    }
  }

  /** The id, or null when the line has none. */
  public String id() {
    return parser.named() ? record.id() : null;
  }

  /** What was done to values. */
  public List<Note> notes() {
    return parser.notes();
  }

  public Metadata metadata() {
    return record.metadata();
  }
}
