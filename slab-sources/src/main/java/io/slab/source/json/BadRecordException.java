package io.slab.source.json;

/**
 * What is wrong with the text of one record, thrown inside the parser and turned into a {@link
 * io.slab.source.SourceProblem} where the place is known. It carries no stack trace: a file may
 * hold millions of bad lines.
 */
public final class BadRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int position;
  private final String field;

  /**
   * @param position offset of the offending byte in the buffer
   * @param field path of the member at fault, or null
   */
  public BadRecordException(int position, String field, String message) {
    super(message, null, false, false);
    this.position = position;
    this.field = field;
  }

  public int position() {
    return position;
  }

  public String field() {
    return field;
  }
}
