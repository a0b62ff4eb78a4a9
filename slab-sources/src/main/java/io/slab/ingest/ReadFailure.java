package io.slab.ingest;

import io.slab.error.StoreException;
import java.io.IOException;

/** How input and output errors on the user's own files are reported. */
public final class ReadFailure {
  private ReadFailure() {}

  public static StoreException of(String name, IOException cause) {
    return new StoreException(
        StoreException.Kind.FAILED,
        "cannot read " + name + ": " + cause.getMessage(),
        "check that the file exists and is readable",
        cause);
  }
}
