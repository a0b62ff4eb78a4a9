package io.slab.cli.input;

import io.slab.error.InvalidInputException;
import io.slab.ingest.NoteTally;
import io.slab.model.Metadata;
import io.slab.model.Utf8;
import io.slab.source.ReadOptions;
import io.slab.source.json.BadRecordException;
import io.slab.source.json.JsonCursor;
import io.slab.source.json.MetadataReader;
import java.util.List;

/**
 * Metadata given as an option, read as that of records is.
 *
 * @param fields the fields
 * @param notes what was done to values on the way, by kind
 */
public record MetadataInput(Metadata fields, List<NoteTally.Count> notes) {
  /**
   * Parses an object of strings, numbers, booleans and lists of strings.
   *
   * @param what the option, for errors
   * @param nulls what becomes of a null
   * @throws InvalidInputException when it is something else
   */
  public static MetadataInput parse(String what, String text, ReadOptions.Nulls nulls) {
    byte[] bytes = Utf8.bytes(text);
    JsonCursor cursor = new JsonCursor();
    cursor.reset(bytes, 0, bytes.length);
    if (cursor.peek() != '{') {
      throw new InvalidInputException(what + " must be a JSON object");
    }
    MetadataReader reader =
        new MetadataReader(cursor, ReadOptions.defaults().withNulls(nulls).keepingMarkers());
    try {
      reader.document(bytes, 0, bytes.length);
    } catch (BadRecordException e) {
      throw new InvalidInputException(what + ": " + e.getMessage());
    }
    NoteTally tally = new NoteTally();
    tally.add(reader.notes(), what);
    return new MetadataInput(reader.metadata(), tally.counts());
  }
}
