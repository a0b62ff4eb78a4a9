package io.slab.error;

/** Bytes that contradict the specification or their checksum. */
public final class CorruptException extends DataException {
  private static final long serialVersionUID = 1L;

  /**
   * @param resource object (and section) that was read
   * @param offset byte offset inside the object, or -1 when it has none
   * @param found what was there
   * @param expected what should have been there
   */
  public CorruptException(String resource, long offset, String found, String expected) {
    super(resource, offset, found, expected, null);
  }

  /**
   * As above, where more can be said.
   *
   * @param hint what the user can do next, or null
   */
  public CorruptException(
      String resource, long offset, String found, String expected, String hint) {
    super(resource, offset, found, expected, hint);
  }

  /**
   * Names the rule that the data break; this exception, to be thrown.
   *
   * @param id of a row in a table of {@code spec/}, such as {@code T-48}
   */
  public CorruptException of(String id) {
    setRule(id);
    return this;
  }
}
