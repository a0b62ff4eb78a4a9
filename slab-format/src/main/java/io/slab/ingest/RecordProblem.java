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
 */
public record RecordProblem(
    String file, long line, long byteOffset, String id, String field, String message) {

  /** File, line, id and message in one line for people. */
  public String text() {
    return file + ":" + line + ": " + (id == null ? "" : "record '" + id + "': ") + message;
  }
}
