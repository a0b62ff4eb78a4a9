package io.slab.source;

import io.slab.error.CorruptException;
import io.slab.error.UnsupportedException;

/** Errors of files that other programs wrote, with what helps there: ours are not to be checked. */
public final class ForeignFile {
  private static final String ANOTHER = "get another copy of the file, or export it again";

  private ForeignFile() {}

  /** A file that contradicts its format; the parameters are those of the exception. */
  public static CorruptException corrupt(
      String resource, long offset, String found, String expected) {
    return new CorruptException(resource, offset, found, expected, ANOTHER);
  }

  /** A file with something in it that is not read. */
  public static UnsupportedException unsupported(
      String resource, long offset, String found, String expected) {
    return new UnsupportedException(
        resource, offset, found, expected, "write the file again without that");
  }
}
