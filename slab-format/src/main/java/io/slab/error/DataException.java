package io.slab.error;

/**
 * Stored data that cannot be used: it is damaged, it needs a newer reader, or a part of it is gone.
 * Each says which object it is about, where in it, what was found there and what was expected. The
 * library reports the exact kind; code that treats all of them alike catches this one.
 */
public abstract sealed class DataException extends SlabException
    permits CorruptException, UnsupportedException, MissingException {
  private static final long serialVersionUID = 1L;

  private final String resource;
  private final long offset;
  private final String found;
  private final String expected;
  private String rule;

  DataException(String resource, long offset, String found, String expected, String hint) {
    super(
        resource
            + (offset < 0 ? "" : " at byte " + offset)
            + ": found "
            + found
            + ", expected "
            + expected,
        hint,
        null);
    this.resource = resource;
    this.offset = offset;
    this.found = found;
    this.expected = expected;
  }

  /** The message, and behind it in brackets the rule, where one is known. */
  @Override
  public String getMessage() {
    return rule == null ? super.getMessage() : super.getMessage() + " [" + rule + "]";
  }

  /** Names the rule that is broken; before the exception is thrown. */
  void setRule(String id) {
    rule = id;
  }

  /**
   * The rule of the specification that the data break, as the id of its row in a table of {@code
   * spec/} such as {@code T-48}; null where there is no such row, or none is named.
   */
  public String rule() {
    return rule;
  }

  /** The object (and section) that was read. */
  public String resource() {
    return resource;
  }

  /** Byte offset inside the object, or -1 when it has none. */
  public long offset() {
    return offset;
  }

  /** What was there. */
  public String found() {
    return found;
  }

  /** What should have been there. */
  public String expected() {
    return expected;
  }
}
