package io.slab.ingest;

/**
 * What is wrong with the text of one record, thrown inside the parser and turned into a {@link
 * RecordProblem} where the file and line are known. It carries no stack trace: a file may hold
 * millions of bad lines.
 */
final class BadRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int position;
  private final String field;

  /**
   * @param position offset of the offending byte in the buffer
   * @param field path of the member at fault, or null
   */
  BadRecordException(int position, String field, String message) {
    super(message, null, false, false);
    this.position = position;
    this.field = field;
  }

  int position() {
    return position;
  }

  String field() {
    return field;
  }
}
