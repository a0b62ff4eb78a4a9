package io.slab.source;

/**
 * Why one record of a source was refused.
 *
 * @param position where it stands, as {@link RecordReader#position} says it
 * @param ordinal its number within the part, from 0
 * @param byteOffset offset in the part of the first byte of what is wrong, or -1 where records have
 *     no bytes of their own
 * @param id the record's id, or null when it is not known
 * @param field path of the member at fault ("metadata.genre", "values[3]"), or null
 * @param message what is wrong, without the position
 */
public record SourceProblem(
    String position, long ordinal, long byteOffset, String id, String field, String message) {

  /** Position, id and message in one line for people. */
  public String text() {
    return position + ": " + (id == null ? "" : "record '" + id + "': ") + message;
  }
}
