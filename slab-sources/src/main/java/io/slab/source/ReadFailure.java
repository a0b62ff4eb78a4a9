package io.slab.source;

import io.slab.error.NotFoundException;
import io.slab.error.StoreException;
import java.io.IOException;
import java.nio.file.Path;

/** How input and output errors on the user's own files are reported. */
public final class ReadFailure {
  private ReadFailure() {}

  /**
   * There is no such file.
   *
   * @param what the option or parameter that names it, or null
   */
  public static NotFoundException missing(String what, Path file) {
    return new NotFoundException((what == null ? "" : what + ": ") + "no such file: " + file);
  }

  public static StoreException of(String name, IOException cause) {
    return new StoreException(
        StoreException.Kind.FAILED,
        "cannot read " + name + ": " + cause.getMessage(),
        "check that the file exists and is readable",
        cause);
  }
}
