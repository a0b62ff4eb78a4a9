package io.slab.error;

/** Bytes that contradict the specification or their checksum. */
public final class CorruptException extends SlabException {
  private static final long serialVersionUID = 1L;

  private final String resource;
  private final long offset;

  /**
   * @param resource object (and section) that was read
   * @param offset byte offset inside the object, or -1 when it has none
   * @param found what was there
   * @param expected what should have been there
   */
  public CorruptException(String resource, long offset, String found, String expected) {
    this(resource, offset, found, expected, null);
  }

  /**
   * As above, where more can be said.
   *
   * @param hint what the user can do next, or null
   */
  public CorruptException(
      String resource, long offset, String found, String expected, String hint) {
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
  }

  /** The object (and section) that was read. */
  public String resource() {
    return resource;
  }

  /** Byte offset inside the object, or -1. */
  public long offset() {
    return offset;
  }
}
