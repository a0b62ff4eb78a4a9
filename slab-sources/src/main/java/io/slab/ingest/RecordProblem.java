package io.slab.ingest;

/**
 * Why one record of an input was refused.
 *
 * @param file name of the input as it was given
 * @param line line number, from 1
 * @param byteOffset offset in the input of the first byte of what is wrong; the record's first byte
 *     when the record as a whole is
 * @param id the record's id, or null when it is not known
 * @param field path of the member at fault ("metadata.genre", "values[3]"), or null
 * @param message what is wrong, without file and line
 * @param position where the record stands, for people, or null for file and line
 */
public record RecordProblem(
    String file,
    long line,
    long byteOffset,
    String id,
    String field,
    String message,
    String position) {
  /** A problem in a line of a file. */
  public RecordProblem(
      String file, long line, long byteOffset, String id, String field, String message) {
    this(file, line, byteOffset, id, field, message, null);
  }

  /** File, line, id and message in one line for people. */
  public String text() {
    String where = position == null ? file + ":" + line : position;
    return where + ": " + (id == null ? "" : "record '" + id + "': ") + message;
  }
}
