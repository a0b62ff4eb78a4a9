package io.slab.sort;

import io.slab.error.StoreException;
import java.io.IOException;
import java.nio.file.Path;

/** Errors of scratch files as a user can act on them. */
final class Scratch {
  private Scratch() {}

  static StoreException failure(String operation, Path file, IOException cause) {
    return new StoreException(
        StoreException.Kind.FAILED,
        "cannot " + operation + " " + file + ": " + cause.getMessage(),
        "free some space there, or choose another folder for the work (it takes about as much as the"
            + " records as binary numbers)",
        cause);
  }
}
